package hansard.decrypt;

import java.util.ArrayList;
import java.util.List;

/**
 * The cryptographic context of one SSRC (RFC 3711 section 3.2.3) and its place in the track: its index, what was seen of it, and its
 * media clock. An SSRC whose rollover counter begins again under a new master key is another source.
 */
final class Source {
    private static final int NO_KEY = -1;
    /** How far before its first copy the second may come: both were on their way. */
    private static final int REPAIR_AHEAD = 64;
    /** The rates that there are: 8, 16, 48 and 90 kHz. */
    private static final int MOST_CLOCKS = 4;

    private final long ssrc;
    /** Older master keys are not this source's: under them its packets were sent before it began. */
    private final int firstKey;

    final PacketIndex index;
    final ReplayWindow window;
    /** The clock it goes by first, then those of other rates: of codecs it has left, and of events beside its media. */
    private final List<MediaClock> clocks;

    private int number = -1;
    private int newestKey = NO_KEY;
    /** Added to an index, gives the packet's order in the track. */
    private long orderBase;

    private boolean repair;
    private int layer = -1;
    private long lowest = -1;
    private long highest = -1;

    /** First and last index of the stretch that were handed on in their turn, or -1. */
    private long firstTurn = -1;

    private long lastTurn = -1;

    Source(long ssrc, int firstKey, PacketIndex index, int clockRate) {
        this(ssrc, firstKey, index, new ReplayWindow(), new ArrayList<>(List.of(new MediaClock(clockRate))));
    }

    private Source(long ssrc, int firstKey, PacketIndex index, ReplayWindow window, List<MediaClock> clocks) {
        this.ssrc = ssrc;
        this.firstKey = firstKey;
        this.index = index;
        this.window = window;
        this.clocks = clocks;
    }

    long ssrc() {
        return ssrc;
    }

    /** The clock that its media goes by. */
    MediaClock clock() {
        return clocks.getFirst();
    }

    /**
     * The clock of media at a rate. Where its sender changes to a codec of another rate, a new clock begins (RFC 7160 section 4.1 knows
     * no relation between the two), behind what was placed by the one before.
     */
    MediaClock mediaClock(int rate) {
        MediaClock before = clock();
        if (before.clockRate() == rate) {
            return before;
        }
        clocks.removeIf(known -> known.clockRate() == rate);
        clocks.addFirst(MediaClock.following(before, rate));
        while (clocks.size() > MOST_CLOCKS) {
            clocks.removeLast();
        }
        return clock();
    }

    /** Its media go on elsewhere in the track: where that is in time, the packets that follow tell. */
    void beginClockAnew() {
        clocks.set(0, new MediaClock(clock().clockRate()));
    }

    /** The clock at a rate for what says nothing of the media's own: events (RFC 4733), and what comes late of a codec that was left. */
    MediaClock clockBeside(int rate) {
        for (MediaClock known : clocks) {
            if (known.clockRate() == rate) {
                return known;
            }
        }
        if (clocks.size() == MOST_CLOCKS) {
            clocks.removeLast();
        }
        clocks.add(new MediaClock(rate));
        return clocks.getLast();
    }

    /** Its ordinal among the track's sources, once it is one of them. */
    int number() {
        return number;
    }

    /** The newest master key that authenticated a packet of it, by ordinal, or -1. */
    int newestKey() {
        return newestKey;
    }

    boolean mayUse(MasterKey key) {
        return key.ordinal() >= firstKey;
    }

    boolean isReplay(long candidate) {
        return window.isReplay(candidate);
    }

    /** It becomes one of the track's sources, its first packet at that order. */
    void join(int ordinal, long order, long firstIndex) {
        number = ordinal;
        orderBase = order - firstIndex;
    }

    long order(long packetIndex) {
        return orderBase + packetIndex;
    }

    /** The inverse of {@link #order}. */
    long indexOf(long order) {
        return order - orderBase;
    }

    long highestOrder() {
        return order(index.highest());
    }

    /** Takes note of an index that has authenticated; returns how many more sequence numbers are expected because of it. */
    long accept(long packetIndex, int key) {
        window.remember(packetIndex);
        index.accept(packetIndex);
        newestKey = Math.max(newestKey, key);
        return stretched(packetIndex);
    }

    private long stretched(long packetIndex) {
        long before = lowest < 0 ? 0 : highest - lowest + 1;
        lowest = lowest < 0 ? packetIndex : Math.min(lowest, packetIndex);
        highest = Math.max(highest, packetIndex);
        return highest - lowest + 1 - before;
    }

    /** Which of the stream's simulcast layers it sends, by its place among them; -1 while that is not known. */
    int layer() {
        return layer;
    }

    void layer(int place) {
        layer = place;
    }

    /** It sends again what another source sent before (RFC 4588); its own numbers say nothing of what is missing. */
    void repairs() {
        repair = true;
    }

    boolean isRepair() {
        return repair;
    }

    /**
     * The index of a packet of this source that was sent again, or -1 when it came before, or is not one that could have been sent.
     *
     * @param sequenceNumber as the retransmission says
     */
    long missing(int sequenceNumber) {
        long candidate = PacketIndex.estimate(index.highest(), sequenceNumber);
        boolean could = candidate <= index.highest() + REPAIR_AHEAD;
        return could && !window.isReplay(candidate) ? candidate : -1;
    }

    /** Takes note of a packet that was sent again; as with {@link #accept}, but the rollover counter is the source's own to tell. */
    long recover(long packetIndex) {
        window.remember(packetIndex);
        return stretched(packetIndex);
    }

    /** A pause begins: what it skips is not expected. */
    void endStretch() {
        lowest = -1;
        highest = -1;
        firstTurn = -1;
        lastTurn = -1;
    }

    /** A run of sequence numbers whose turn has passed without them, both ends included; none when it is empty. */
    record Skipped(long first, long last) {
        boolean isNone() {
            return last < first;
        }
    }

    /** An index is handed on in its turn; gives what is skipped before it. */
    Skipped turn(long packetIndex) {
        Skipped skipped = new Skipped(lastTurn < 0 ? packetIndex : lastTurn + 1, packetIndex - 1);
        firstTurn = firstTurn < 0 ? packetIndex : firstTurn;
        lastTurn = Math.max(lastTurn, packetIndex);
        return skipped;
    }

    /** An index comes after its turn. When it is before the stretch's first, gives what turns out to be skipped behind it. */
    Skipped late(long packetIndex) {
        if (firstTurn < 0 || packetIndex >= firstTurn) {
            return new Skipped(packetIndex, packetIndex - 1);
        }
        Skipped skipped = new Skipped(packetIndex + 1, firstTurn - 1);
        firstTurn = packetIndex;
        return skipped;
    }

    /** Whether an index that comes late was told as skipped. */
    boolean wasSkipped(long packetIndex) {
        return firstTurn >= 0 && packetIndex >= firstTurn;
    }

    void write(StateWriter out) {
        out.i64(ssrc);
        out.i32(firstKey);
        index.write(out);
        window.write(out);
        out.i32(clocks.size());
        clocks.forEach(clock -> clock.write(out));
        out.i32(number);
        out.i32(newestKey);
        out.i64(orderBase);
        out.flag(repair);
        out.i32(layer);
        out.i64(lowest);
        out.i64(highest);
        out.i64(firstTurn);
        out.i64(lastTurn);
    }

    static Source read(StateReader in) {
        Source source = new Source(in.i64(), in.i32(), PacketIndex.read(in), ReplayWindow.read(in), readClocks(in));
        source.number = in.i32();
        source.newestKey = in.i32();
        source.orderBase = in.i64();
        source.repair = in.flag();
        source.layer = in.i32();
        source.lowest = in.i64();
        source.highest = in.i64();
        source.firstTurn = in.i64();
        source.lastTurn = in.i64();
        return source;
    }

    private static List<MediaClock> readClocks(StateReader in) {
        int count = in.count(MediaClock.LEAST_BYTES);
        if (count < 1 || count > MOST_CLOCKS) {
            throw in.malformed(count + " clocks");
        }
        List<MediaClock> clocks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clocks.add(MediaClock.read(in));
        }
        return clocks;
    }
}

package hansard.decrypt;

/**
 * The cryptographic context of one SSRC (RFC 3711 section 3.2.3) and its place in the track: its index, what was seen of it, and its
 * media clock. An SSRC whose rollover counter begins again under a new master key is another source.
 */
final class Source {
    private static final int NO_KEY = -1;
    /** How far before its first copy the second may come: both were on their way. */
    private static final int REPAIR_AHEAD = 64;

    private final long ssrc;
    /** Older master keys are not this source's: under them its packets were sent before it began. */
    private final int firstKey;

    final PacketIndex index;
    final ReplayWindow window;
    final MediaClock clock;
    private int number = -1;
    private int newestKey = NO_KEY;
    /** Added to an index, gives the packet's order in the track. */
    private long orderBase;

    private boolean repair;
    private long lowest = -1;
    private long highest = -1;

    /** First and last index of the stretch that were handed on in their turn, or -1. */
    private long firstTurn = -1;

    private long lastTurn = -1;

    Source(long ssrc, int firstKey, PacketIndex index, int clockRate) {
        this(ssrc, firstKey, index, new ReplayWindow(), new MediaClock(clockRate));
    }

    private Source(long ssrc, int firstKey, PacketIndex index, ReplayWindow window, MediaClock clock) {
        this.ssrc = ssrc;
        this.firstKey = firstKey;
        this.index = index;
        this.window = window;
        this.clock = clock;
    }

    long ssrc() {
        return ssrc;
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
        clock.write(out);
        out.i32(number);
        out.i32(newestKey);
        out.i64(orderBase);
        out.flag(repair);
        out.i64(lowest);
        out.i64(highest);
        out.i64(firstTurn);
        out.i64(lastTurn);
    }

    static Source read(StateReader in) {
        Source source =
                new Source(in.i64(), in.i32(), PacketIndex.read(in), ReplayWindow.read(in), MediaClock.read(in));
        source.number = in.i32();
        source.newestKey = in.i32();
        source.orderBase = in.i64();
        source.repair = in.flag();
        source.lowest = in.i64();
        source.highest = in.i64();
        source.firstTurn = in.i64();
        source.lastTurn = in.i64();
        return source;
    }
}

package hansard.decrypt;

/**
 * The cryptographic context of one SSRC (RFC 3711 section 3.2.3) and its place in the track: its index, what was seen of it, and its
 * media clock. An SSRC whose rollover counter begins again under a new master key is another source.
 */
final class Source {
    private static final int NO_KEY = -1;

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

    private long lowest = -1;
    private long highest = -1;

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

    long highestOrder() {
        return order(index.highest());
    }

    /** Takes note of an index that has authenticated; returns how many more sequence numbers are expected because of it. */
    long accept(long packetIndex, int key) {
        window.remember(packetIndex);
        index.accept(packetIndex);
        newestKey = Math.max(newestKey, key);
        long before = lowest < 0 ? 0 : highest - lowest + 1;
        lowest = lowest < 0 ? packetIndex : Math.min(lowest, packetIndex);
        highest = Math.max(highest, packetIndex);
        return highest - lowest + 1 - before;
    }

    /** A pause begins: what it skips is not expected. */
    void endStretch() {
        lowest = -1;
        highest = -1;
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
        out.i64(lowest);
        out.i64(highest);
    }

    static Source read(StateReader in) {
        Source source =
                new Source(in.i64(), in.i32(), PacketIndex.read(in), ReplayWindow.read(in), MediaClock.read(in));
        source.number = in.i32();
        source.newestKey = in.i32();
        source.orderBase = in.i64();
        source.lowest = in.i64();
        source.highest = in.i64();
        return source;
    }
}

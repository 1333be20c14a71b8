package hansard.decrypt;

/**
 * The 48-bit packet index: 2^16 * rollover counter + sequence number, of which only the lower 16 bits travel (RFC 3711 section
 * 3.3.1 and appendix A). Guessed from the highest index that has authenticated; moved by nothing else.
 */
final class PacketIndex {
    private static final long NONE = -1;

    private final long initialRoc;
    private long highest;
    private int wrapsWhilePaused;

    PacketIndex(long initialRoc) {
        this(initialRoc, NONE, (int) NONE);
    }

    private PacketIndex(long initialRoc, long highest, int wrapsWhilePaused) {
        this.initialRoc = initialRoc;
        this.highest = highest;
        this.wrapsWhilePaused = wrapsWhilePaused;
    }

    /** The indexes a sequence number may stand for, the likeliest first. More than one only where the RFC's guess has no ground. */
    long[] candidates(int sequenceNumber) {
        if (highest == NONE) {
            // the first packet we hear may already be past the wrap that follows the announcement
            return atOrAfter(initialRoc, sequenceNumber);
        }
        if (wrapsWhilePaused != NONE) {
            // a pause may be longer than half the sequence space; the ingest counted the wraps
            return atOrAfter((highest >>> 16) + wrapsWhilePaused, sequenceNumber);
        }
        return new long[] {estimate(highest, sequenceNumber)};
    }

    private static long[] atOrAfter(long roc, int sequenceNumber) {
        return new long[] {roc << 16 | sequenceNumber, (roc + 1) << 16 | sequenceNumber};
    }

    /** Appendix A. */
    static long estimate(long highest, int sequenceNumber) {
        long roc = highest >> 16;
        int last = (int) (highest & 0xffff);
        if (last < 0x8000) {
            if (sequenceNumber - last > 0x8000) {
                roc--;
            }
        } else if (last - 0x8000 > sequenceNumber) {
            roc++;
        }
        return (roc << 16) | sequenceNumber;
    }

    /** Takes note of an index that has authenticated. */
    void accept(long index) {
        highest = Math.max(highest, index);
        wrapsWhilePaused = (int) NONE;
    }

    /** Packets were thrown away unread; the sequence number wrapped this often meanwhile. */
    void skip(int wraps) {
        if (highest != NONE && wraps >= 0) {
            wrapsWhilePaused = wraps + Math.max(0, wrapsWhilePaused);
        }
    }

    void write(StateWriter out) {
        out.i64(initialRoc);
        out.i64(highest);
        out.i32(wrapsWhilePaused);
    }

    static PacketIndex read(StateReader in) {
        return new PacketIndex(in.i64(), in.i64(), in.i32());
    }
}

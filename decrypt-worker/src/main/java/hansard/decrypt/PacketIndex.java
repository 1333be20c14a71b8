package hansard.decrypt;

/**
 * The 48-bit packet index: 2^16 * rollover counter + sequence number, of which only the lower 16 bits travel (RFC 3711 section
 * 3.3.1 and appendix A). Guessed from the highest index that has authenticated; moved by nothing else.
 */
final class PacketIndex {
    private static final long NONE = -1;
    private static final long MAX_ROC = 0xffff_ffffL;
    /** Rollover counters that are searched where none is known: some two months of audio at 50 packets a second. */
    private static final int UNKNOWN_REACH = 4_096;
    /** Rollover counters beyond the guess that are searched, after an outage longer than half the sequence space. */
    private static final int AHEAD_REACH = 16;

    private final long initialRoc;
    private long highest;
    private int wrapsWhilePaused;

    /** Of a source that begins with this rollover counter. */
    PacketIndex(long initialRoc) {
        this(initialRoc, NONE, (int) NONE);
    }

    /** Of a source that began nobody knows when. */
    static PacketIndex ofUnknownRoc() {
        return new PacketIndex(NONE);
    }

    private PacketIndex(long initialRoc, long highest, int wrapsWhilePaused) {
        this.initialRoc = initialRoc;
        this.highest = highest;
        this.wrapsWhilePaused = wrapsWhilePaused;
    }

    /** Rollover counters, {@code count} of them from {@code first} on. */
    record Range(long first, int count) {
        long index(int at, int sequenceNumber) {
            return first + at << 16 | sequenceNumber;
        }
    }

    /** The indexes a sequence number may stand for, the likeliest first. More than one only where the RFC's guess has no ground. */
    long[] candidates(int sequenceNumber) {
        if (highest == NONE) {
            // the first packet we hear may already be past the wrap that follows the announcement
            return atOrAfter(Math.max(0, initialRoc), sequenceNumber);
        }
        if (wrapsWhilePaused != NONE) {
            // a pause may be longer than half the sequence space; the ingest counted the wraps
            return atOrAfter((highest >>> 16) + wrapsWhilePaused, sequenceNumber);
        }
        return new long[] {estimate(highest, sequenceNumber)};
    }

    /** The rollover counters to search when none of the candidates authenticates; the caller bounds how often. */
    Range searched() {
        if (highest == NONE && initialRoc == NONE) {
            return new Range(2, UNKNOWN_REACH - 2);
        }
        long from = highest == NONE ? initialRoc : highest >>> 16;
        return new Range(from, (int) Math.min(AHEAD_REACH, MAX_ROC - from + 1));
    }

    private static long[] atOrAfter(long roc, int sequenceNumber) {
        return new long[] {roc << 16 | sequenceNumber, (roc + 1) << 16 | sequenceNumber};
    }

    /** Appendix A, except that a rollover counter of 0 has none before it. */
    static long estimate(long highest, int sequenceNumber) {
        long roc = highest >> 16;
        int last = (int) (highest & 0xffff);
        if (last < 0x8000) {
            if (sequenceNumber - last > 0x8000 && roc > 0) {
                roc--;
            }
        } else if (last - 0x8000 > sequenceNumber) {
            roc++;
        }
        return (roc << 16) | sequenceNumber;
    }

    /** The highest index that has authenticated, or -1. */
    long highest() {
        return highest;
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

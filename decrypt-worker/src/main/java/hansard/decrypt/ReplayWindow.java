package hansard.decrypt;

import java.util.Arrays;

/**
 * Which packet indexes were seen (RFC 3711 section 3.3.2). Wider than the 64 the RFC asks for, so that a packet a lossy wire
 * delivers late is not called a replay.
 */
final class ReplayWindow {
    static final int SIZE = 1024;

    private final long[] seen;
    private long highest;

    ReplayWindow() {
        this(-1, new long[SIZE / 64]);
    }

    private ReplayWindow(long highest, long[] seen) {
        this.highest = highest;
        this.seen = seen;
    }

    /** True for an index that was seen, or that is too old to know. */
    boolean isReplay(long index) {
        if (highest < 0 || index > highest) {
            return false;
        }
        return highest - index >= SIZE || (seen[word(index)] & bit(index)) != 0;
    }

    /** Only for an index that has authenticated. */
    void remember(long index) {
        if (highest < 0 || index - highest >= SIZE) {
            Arrays.fill(seen, 0);
            highest = index;
        }
        while (highest < index) {
            highest++;
            seen[word(highest)] &= ~bit(highest);
        }
        seen[word(index)] |= bit(index);
    }

    private static int word(long index) {
        return Math.floorMod(index, SIZE) >> 6;
    }

    private static long bit(long index) {
        return 1L << (index & 63);
    }

    void write(StateWriter out) {
        out.i64(highest);
        for (long word : seen) {
            out.i64(word);
        }
    }

    static ReplayWindow read(StateReader in) {
        long highest = in.i64();
        long[] seen = new long[SIZE / 64];
        for (int i = 0; i < seen.length; i++) {
            seen[i] = in.i64();
        }
        return new ReplayWindow(highest, seen);
    }
}

package hansard.rtp;

/**
 * Turns a counter that wraps (a 16-bit sequence number, a 32-bit timestamp) into one that does not: each value is taken as the
 * one nearest to the last. Belongs to one thread.
 */
public final class SequenceUnwrapper {
    private final int bits;
    private long last;
    private boolean started;

    public SequenceUnwrapper(int bits) {
        this.bits = bits;
    }

    /** A counter that goes on from a known value. */
    public SequenceUnwrapper(int bits, long last) {
        this.bits = bits;
        this.last = last;
        this.started = true;
    }

    public long unwrap(long value) {
        if (!started) {
            started = true;
            last = value;
            return value;
        }
        long span = 1L << bits;
        long difference = (value - last) & (span - 1);
        if (difference >= span / 2) {
            difference -= span;
        }
        last += difference;
        return last;
    }
}

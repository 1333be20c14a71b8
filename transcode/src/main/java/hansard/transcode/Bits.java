package hansard.transcode;

/** Reads bits, the first of a byte being its highest. Beyond the end there are zeros, and {@link #isOver} says so. */
final class Bits {
    private final byte[] bytes;
    private long position;

    Bits(byte[] bytes, int from) {
        this.bytes = bytes;
        this.position = 8L * from;
    }

    /** @param count up to 32 */
    long next(int count) {
        long value = 0;
        for (int i = 0; i < count; i++, position++) {
            int at = (int) (position >> 3);
            int bit = at < bytes.length ? bytes[at] >> 7 - (int) (position & 7) & 1 : 0;
            value = value << 1 | bit;
        }
        return value;
    }

    boolean flag() {
        return next(1) != 0;
    }

    boolean isOver() {
        return position > 8L * bytes.length;
    }
}

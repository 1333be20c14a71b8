package hansard.decrypt;

import org.jspecify.annotations.Nullable;

/**
 * What stands before the ciphertext of a frame (RFC 9605 section 4.3). A value below 8 is in the first byte; of a greater one that byte
 * has the length, less one, and the bytes follow: the key identifier's first, then the counter's.
 *
 * <pre>
 *   0 1 2 3 4 5 6 7
 *  +-+-+-+-+-+-+-+-+------------+------------+
 *  |X|  K  |Y|  C  |   KID...   |   CTR...   |
 *  +-+-+-+-+-+-+-+-+------------+------------+
 * </pre>
 *
 * @param kid key identifier, unsigned
 * @param ctr counter, unsigned
 * @param length bytes of the header
 */
record SframeHeader(long kid, long ctr, int length) {
    private static final int EXTENDED = 0x08;

    /** Reads it from the beginning of a frame; null when the frame ends within it. */
    static @Nullable SframeHeader parse(byte[] frame) {
        if (frame.length == 0) {
            return null;
        }
        int kidBits = frame[0] >> 4 & 0x0f;
        int ctrBits = frame[0] & 0x0f;
        int kidLength = lengthOf(kidBits);
        int ctrLength = lengthOf(ctrBits);
        int length = 1 + kidLength + ctrLength;
        if (length > frame.length) {
            return null;
        }
        return new SframeHeader(
                kidLength == 0 ? kidBits : number(frame, 1, kidLength),
                ctrLength == 0 ? ctrBits : number(frame, 1 + kidLength, ctrLength),
                length);
    }

    /** Bytes that follow for a field: at most 8, by its three bits. */
    private static int lengthOf(int field) {
        return (field & EXTENDED) == 0 ? 0 : (field & 0x07) + 1;
    }

    private static long number(byte[] from, int at, int length) {
        long number = 0;
        for (int i = 0; i < length; i++) {
            number = number << 8 | (from[at + i] & 0xff);
        }
        return number;
    }
}

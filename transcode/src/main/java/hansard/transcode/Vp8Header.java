package hansard.transcode;

import java.util.Optional;

/**
 * The size in a VP8 key frame's header (RFC 6386 section 9.1).
 *
 * <pre>
 *  | frame tag 3: bit 0 is 0 in a key frame | 9d 01 2a | width 14, scale 2 | height 14, scale 2 |  little-endian
 * </pre>
 */
record Vp8Header(int width, int height) {
    private static final int KEY_HEADER_BYTES = 10;

    /** True when the first bits say key frame; the rest may still be broken. */
    static boolean claimsKeyframe(byte[] frame) {
        return frame.length > 0 && (frame[0] & 1) == 0;
    }

    /** The header, or empty when this is not a whole key frame header. */
    static Optional<Vp8Header> ofKeyframe(byte[] frame) {
        if (frame.length < KEY_HEADER_BYTES
                || !claimsKeyframe(frame)
                || (frame[3] & 0xff) != 0x9d
                || frame[4] != 0x01
                || frame[5] != 0x2a) {
            return Optional.empty();
        }
        int width = u16(frame, 6) & 0x3fff;
        int height = u16(frame, 8) & 0x3fff;
        return width == 0 || height == 0 ? Optional.empty() : Optional.of(new Vp8Header(width, height));
    }

    private static int u16(byte[] bytes, int at) {
        return (bytes[at] & 0xff) | (bytes[at + 1] & 0xff) << 8;
    }
}

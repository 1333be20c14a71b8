package hansard.transcode;

import java.util.Optional;

/**
 * The size in a VP9 key frame's header (VP9 bitstream section 6.2).
 *
 * <pre>
 *  | marker 2 | profile 2 | reserved 1 in profile 3 | show existing 1 | type 1 | show 1 | resilient 1 | 49 83 42 |
 *  | colour | width - 1: 16 | height - 1: 16 |
 * </pre>
 */
record Vp9Header(int width, int height) {
    private static final int SYNC = 0x498342;
    private static final int RGB = 7;

    /** True when the first bits say key frame; the rest may still be broken. */
    static boolean claimsKeyframe(byte[] frame) {
        Bits bits = new Bits(frame, 0);
        return bits.next(2) == 2 && isKeyframe(bits, profile(bits));
    }

    private static int profile(Bits bits) {
        int low = (int) bits.next(1);
        int profile = low | (int) bits.next(1) << 1;
        if (profile == 3) {
            bits.next(1);
        }
        return profile;
    }

    private static boolean isKeyframe(Bits bits, int profile) {
        return profile <= 3 && !bits.flag() && !bits.flag() && !bits.isOver();
    }

    /** The header, or empty when this is not a whole key frame header. */
    static Optional<Vp9Header> ofKeyframe(byte[] frame) {
        Bits bits = new Bits(frame, 0);
        if (bits.next(2) != 2) {
            return Optional.empty();
        }
        int profile = profile(bits);
        if (!isKeyframe(bits, profile)) {
            return Optional.empty();
        }
        bits.next(2); // show_frame, error_resilient_mode
        if (bits.next(24) != SYNC) {
            return Optional.empty();
        }
        colour(bits, profile);
        int width = (int) bits.next(16) + 1;
        int height = (int) bits.next(16) + 1;
        boolean fits = width <= TrackFormat.MAX_SIDE && height <= TrackFormat.MAX_SIDE;
        return bits.isOver() || !fits ? Optional.empty() : Optional.of(new Vp9Header(width, height));
    }

    /** color_config of section 6.2.2. */
    private static void colour(Bits bits, int profile) {
        if (profile >= 2) {
            bits.next(1); // 10 or 12 bits
        }
        boolean odd = (profile & 1) != 0;
        if (bits.next(3) == RGB) {
            bits.next(odd ? 1 : 0); // reserved
        } else {
            bits.next(odd ? 4 : 1); // range, and with it subsampling and a reserved bit
        }
    }
}

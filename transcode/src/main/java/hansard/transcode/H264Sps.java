package hansard.transcode;

import java.util.Optional;

/** The picture size in a sequence parameter set (ITU-T H.264 section 7.3.2.1.1), for the container's header. */
record H264Sps(int width, int height) {
    private static final int MAX_SIDE = 16_384;

    /** Reads a NAL unit of type 7, or empty when it ends early or says something impossible. */
    static Optional<H264Sps> of(byte[] nal) {
        try {
            return parse(new Bits(nal)).filter(s -> side(s.width) && side(s.height));
        } catch (EndOfBits e) {
            return Optional.empty();
        }
    }

    private static boolean side(int pixels) {
        return pixels > 0 && pixels <= MAX_SIDE;
    }

    private static Optional<H264Sps> parse(Bits in) throws EndOfBits {
        in.skip(8); // NAL header
        int profile = in.bits(8);
        in.skip(16); // constraint flags, level
        in.golomb(); // seq_parameter_set_id
        int chroma = isHigh(profile) ? readHighProfile(in) : 1;
        if (chroma > 3) {
            return Optional.empty();
        }
        in.golomb(); // log2_max_frame_num_minus4
        if (!skipPictureOrder(in)) {
            return Optional.empty();
        }
        in.golomb(); // max_num_ref_frames
        in.skip(1); // gaps_in_frame_num_value_allowed_flag
        long widthMbs = in.golomb() + 1;
        long heightUnits = in.golomb() + 1;
        int frameMbsOnly = in.bits(1);
        if (frameMbsOnly == 0) {
            in.skip(1); // mb_adaptive_frame_field_flag
        }
        in.skip(1); // direct_8x8_inference_flag
        long width = widthMbs * 16;
        long height = heightUnits * 16 * (2 - frameMbsOnly);
        if (in.bits(1) == 1) {
            int cropX = chroma == 1 || chroma == 2 ? 2 : 1;
            int cropY = (chroma == 1 ? 2 : 1) * (2 - frameMbsOnly);
            width -= cropX * (in.golomb() + in.golomb());
            height -= cropY * (in.golomb() + in.golomb());
        }
        boolean possible = width > 0 && width <= MAX_SIDE && height > 0 && height <= MAX_SIDE;
        return possible ? Optional.of(new H264Sps((int) width, (int) height)) : Optional.empty();
    }

    private static boolean isHigh(int profile) {
        return switch (profile) {
            case 100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135 -> true;
            default -> false;
        };
    }

    /** @return chroma_format_idc */
    private static int readHighProfile(Bits in) throws EndOfBits {
        int chroma = (int) Math.min(4, in.golomb());
        if (chroma == 3) {
            in.skip(1); // separate_colour_plane_flag
        }
        in.golomb(); // bit_depth_luma_minus8
        in.golomb(); // bit_depth_chroma_minus8
        in.skip(1); // qpprime_y_zero_transform_bypass_flag
        if (in.bits(1) == 1) {
            int lists = chroma == 3 ? 12 : 8;
            for (int i = 0; i < lists; i++) {
                if (in.bits(1) == 1) {
                    skipScalingList(in, i < 6 ? 16 : 64);
                }
            }
        }
        return chroma;
    }

    private static void skipScalingList(Bits in, int entries) throws EndOfBits {
        long last = 8;
        long next = 8;
        for (int i = 0; i < entries; i++) {
            if (next != 0) {
                next = (last + in.signedGolomb() + 256) & 0xff;
            }
            last = next == 0 ? last : next;
        }
    }

    private static boolean skipPictureOrder(Bits in) throws EndOfBits {
        long type = in.golomb();
        if (type == 0) {
            in.golomb(); // log2_max_pic_order_cnt_lsb_minus4
        } else if (type == 1) {
            in.skip(1);
            in.golomb();
            in.golomb();
            long cycle = in.golomb();
            if (cycle > 255) {
                return false;
            }
            for (int i = 0; i < cycle; i++) {
                in.golomb();
            }
        }
        return type <= 2;
    }

    /** The set ended before it said its size. Carries no stack: it is an outcome, and never leaves this file. */
    private static final class EndOfBits extends Exception {
        private static final long serialVersionUID = 1L;

        EndOfBits() {
            super("end", null, false, false);
        }
    }

    /** Bits of a NAL unit, the emulation prevention bytes (00 00 03) passed over. */
    private static final class Bits {
        private final byte[] bytes;
        private int at;
        private int bit;
        private int zeros;

        Bits(byte[] bytes) {
            this.bytes = bytes;
        }

        int bits(int count) throws EndOfBits {
            int value = 0;
            for (int i = 0; i < count; i++) {
                value = value << 1 | next();
            }
            return value;
        }

        void skip(int count) throws EndOfBits {
            for (int i = 0; i < count; i++) {
                next();
            }
        }

        /** ue(v), section 9.1. */
        long golomb() throws EndOfBits {
            int leading = 0;
            while (next() == 0) {
                if (++leading > 31) {
                    throw new EndOfBits();
                }
            }
            return (1L << leading) - 1 + (bits(leading) & 0xffff_ffffL);
        }

        /** se(v), section 9.1.1. */
        long signedGolomb() throws EndOfBits {
            long code = golomb();
            return (code & 1) == 1 ? (code + 1) / 2 : -(code / 2);
        }

        private int next() throws EndOfBits {
            if (bit == 0 && zeros >= 2 && at < bytes.length && bytes[at] == 3) {
                at++;
                zeros = 0;
            }
            if (at >= bytes.length) {
                throw new EndOfBits();
            }
            int value = (bytes[at] >> (7 - bit)) & 1;
            if (++bit == 8) {
                zeros = bytes[at] == 0 ? zeros + 1 : 0;
                bit = 0;
                at++;
            }
            return value;
        }
    }
}

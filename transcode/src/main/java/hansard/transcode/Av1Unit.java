package hansard.transcode;

import java.util.Arrays;
import java.util.Optional;

/**
 * A temporal unit of AV1 (bitstream section 5.3): OBUs that say their sizes.
 *
 * <pre>
 *  | forbidden 1 | type 4 | extension 1 | has size 1 | reserved 1 | extension: 8 | size: leb128 | payload |
 * </pre>
 *
 * @param sequenceObu the first sequence header, header and size included; empty when there is none
 * @param isKeyframe whether the first frame is a key frame behind a sequence header
 */
record Av1Unit(byte[] sequenceObu, Optional<Sequence> sequence, boolean isKeyframe) {
    private static final int SEQUENCE_HEADER = 1;
    private static final int FRAME_HEADER = 3;
    private static final int FRAME = 6;
    private static final int MAX_SIZE_BYTES = 4;

    /** What a sequence header says of the picture. */
    record Sequence(int width, int height) {}

    /** The unit, or empty when the OBUs do not fill the bytes. */
    static Optional<Av1Unit> of(byte[] bytes) {
        byte[] sequence = new byte[0];
        Optional<Sequence> size = Optional.empty();
        Boolean key = null;
        int at = 0;
        while (at < bytes.length) {
            int type = bytes[at] >> 3 & 0x0f;
            int from = at + ((bytes[at] & 0x04) != 0 ? 2 : 1);
            int length = 0;
            int sizeBytes = 0;
            boolean more = (bytes[at] & 0x82) == 0x02; // not forbidden, and with a size
            if (!more) {
                return Optional.empty();
            }
            while (more) {
                if (sizeBytes == MAX_SIZE_BYTES || from >= bytes.length) {
                    return Optional.empty();
                }
                length |= (bytes[from] & 0x7f) << 7 * sizeBytes++;
                more = (bytes[from++] & 0x80) != 0;
            }
            if (length > bytes.length - from) {
                return Optional.empty();
            }
            if (type == SEQUENCE_HEADER && sequence.length == 0) {
                sequence = Arrays.copyOfRange(bytes, at, from + length);
                size = sequence(Arrays.copyOfRange(bytes, from, from + length));
            } else if ((type == FRAME || type == FRAME_HEADER) && key == null) {
                // section 5.9.2: show_existing_frame 1, frame_type 2
                key = length > 0 && (bytes[from] & 0xe0) == 0 && size.isPresent();
            }
            at = from + length;
        }
        return bytes.length == 0 ? Optional.empty() : Optional.of(new Av1Unit(sequence, size, key != null && key));
    }

    /** Section 5.5.1, as far as the size of the picture. */
    private static Optional<Sequence> sequence(byte[] payload) {
        Bits bits = new Bits(payload, 0);
        bits.next(3 + 1); // seq_profile, still_picture
        if (bits.flag()) { // reduced_still_picture_header
            bits.next(5);
        } else if (!operatingPoints(bits)) {
            return Optional.empty();
        }
        int widthBits = (int) bits.next(4) + 1;
        int heightBits = (int) bits.next(4) + 1;
        int width = (int) bits.next(widthBits) + 1;
        int height = (int) bits.next(heightBits) + 1;
        boolean fits = width <= TrackFormat.MAX_SIDE && height <= TrackFormat.MAX_SIDE;
        return bits.isOver() || !fits ? Optional.empty() : Optional.of(new Sequence(width, height));
    }

    private static boolean operatingPoints(Bits bits) {
        boolean decoderModel = false;
        int delayBits = 0;
        if (bits.flag()) { // timing_info_present_flag
            bits.next(32); // num_units_in_display_tick
            bits.next(32); // time_scale
            if (bits.flag() && !variableLength(bits)) { // equal_picture_interval
                return false;
            }
            decoderModel = bits.flag();
            if (decoderModel) {
                delayBits = (int) bits.next(5) + 1;
                bits.next(32); // num_units_in_decoding_tick
                bits.next(5 + 5);
            }
        }
        boolean initialDelay = bits.flag();
        int points = (int) bits.next(5) + 1;
        for (int i = 0; i < points; i++) {
            bits.next(12); // operating_point_idc
            if (bits.next(5) > 7) { // seq_level_idx
                bits.next(1); // seq_tier
            }
            if (decoderModel && bits.flag()) {
                bits.next(delayBits);
                bits.next(delayBits);
                bits.next(1);
            }
            if (initialDelay && bits.flag()) {
                bits.next(4);
            }
        }
        return true;
    }

    /** uvlc() of section 4.10.3; false when it does not end. */
    private static boolean variableLength(Bits bits) {
        int zeros = 0;
        while (!bits.flag()) {
            if (++zeros >= 32) {
                return false;
            }
        }
        bits.next(zeros);
        return true;
    }
}

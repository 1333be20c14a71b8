package hansard.decrypt;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * RFC 9628 section 4.2: every payload begins with a descriptor. What follows it, in order, are the picture's frames, one for each spatial
 * layer; several are made one superframe (VP9 bitstream, annex B), which decodes to the highest layer.
 *
 * <pre>
 *      0 1 2 3 4 5 6 7
 *     +-+-+-+-+-+-+-+-+
 *     |I|P|L|F|B|E|V|Z| required
 *     +-+-+-+-+-+-+-+-+
 *  I: |M| PICTURE ID  | 7 bits, or with M 15 bits in two bytes
 *     +-+-+-+-+-+-+-+-+
 *  L: | TID |U| SID |D| and without F one byte more, TL0PICIDX
 *     +-+-+-+-+-+-+-+-+
 *  F and P: | P_DIFF      |N| up to 3, each but the last with N
 *     +-+-+-+-+-+-+-+-+
 *  V: | N_S |Y|G|-|-|-| scalability structure: sizes with Y, pictures of a group with G
 *     +-+-+-+-+-+-+-+-+
 * </pre>
 */
record Vp9Depacketiser() implements Depacketiser {
    private static final int I = 0x80;
    private static final int P = 0x40;
    private static final int L = 0x20;
    private static final int F = 0x10;
    private static final int B = 0x08;
    private static final int E = 0x04;
    private static final int V = 0x02;
    private static final int MAX_LAYERS = 8;
    private static final int MAX_REFERENCES = 3;

    @Override
    public boolean isOnePacketPerFrame() {
        return false;
    }

    @Override
    public @Nullable EncodedFrame assemble(List<byte[]> payloads) {
        ByteArrayOutputStream picture = new ByteArrayOutputStream();
        List<Integer> sizes = new ArrayList<>();
        int layerStart = 0;
        boolean within = false;
        for (byte[] payload : payloads) {
            int descriptor = descriptorLength(payload);
            boolean begins = (payload[0] & B) != 0;
            // a frame ends before the next begins, and the picture begins with one
            if (descriptor < 0 || begins == within || sizes.size() == MAX_LAYERS) {
                return null;
            }
            picture.write(payload, descriptor, payload.length - descriptor);
            within = (payload[0] & E) == 0;
            if (!within) {
                sizes.add(picture.size() - layerStart);
                layerStart = picture.size();
            }
        }
        if (within || sizes.isEmpty()) {
            return null;
        }
        if (sizes.size() > 1) {
            index(picture, sizes);
        }
        byte[] bytes = picture.toByteArray();
        return new EncodedFrame(isKeyframe(bytes), bytes);
    }

    /** Annex B: the index is between two equal bytes that say how many frames there are, and in how many bytes each size is. */
    private static void index(ByteArrayOutputStream picture, List<Integer> sizes) {
        int marker = 0b110 << 5 | 3 << 3 | sizes.size() - 1;
        picture.write(marker);
        for (int size : sizes) {
            for (int shift = 0; shift < 32; shift += 8) {
                picture.write(size >> shift);
            }
        }
        picture.write(marker);
    }

    /** Section 4.2: the picture's first frame, which is of the lowest spatial layer and is not predicted from another picture. */
    @Override
    public boolean beginsKeyframe(byte[] payload) {
        int descriptor = payload.length == 0 ? -1 : descriptorLength(payload);
        if (descriptor < 0 || (payload[0] & (B | P)) != B) {
            return false;
        }
        int layersAt = (payload[0] & I) == 0 ? 1 : (payload[1] & 0x80) == 0 ? 2 : 3;
        boolean lowest = (payload[0] & L) == 0 || (payload[layersAt] >> 1 & 0x07) == 0;
        return lowest && isKeyframe(Arrays.copyOfRange(payload, descriptor, payload.length));
    }

    /** VP9 bitstream section 6.2: frame_marker 2, profile, show_existing_frame and frame_type, which is 0 in a keyframe. */
    @Override
    public boolean isKeyframe(byte[] frame) {
        if (frame.length == 0 || (frame[0] & 0xc0) != 0x80) {
            return false;
        }
        boolean profile3 = (frame[0] & 0x30) == 0x30; // has a reserved bit behind it
        int bits = profile3 ? frame[0] & 0x07 : frame[0] >> 1 & 0x07;
        return (bits & 0b110) == 0;
    }

    /** Bytes of the descriptor, or -1 when the payload ends within it or right after it. */
    static int descriptorLength(byte[] payload) {
        int flags = payload[0];
        int at = 1;
        if ((flags & I) != 0) {
            at += at < payload.length && (payload[at] & 0x80) != 0 ? 2 : 1;
        }
        if ((flags & L) != 0) {
            at += (flags & F) != 0 ? 1 : 2;
        }
        if ((flags & (F | P)) == (F | P)) {
            int references = 0;
            boolean more = true;
            while (more) {
                if (at >= payload.length || ++references > MAX_REFERENCES) {
                    return -1;
                }
                more = (payload[at++] & 1) != 0;
            }
        }
        if ((flags & V) != 0) {
            at = behindStructure(payload, at);
        }
        return at < 0 || at >= payload.length ? -1 : at;
    }

    /** Section 4.2.1; where the structure at an offset ends, or -1. */
    private static int behindStructure(byte[] payload, int from) {
        if (from >= payload.length) {
            return -1;
        }
        int flags = payload[from];
        int at = from + 1;
        if ((flags & 0x10) != 0) {
            at += 4 * ((flags >> 5 & 0x07) + 1);
        }
        if ((flags & 0x08) != 0) {
            if (at >= payload.length) {
                return -1;
            }
            int pictures = payload[at++] & 0xff;
            for (int i = 0; i < pictures; i++) {
                if (at >= payload.length) {
                    return -1;
                }
                at += 1 + (payload[at] >> 2 & 0x03);
            }
        }
        return at;
    }
}

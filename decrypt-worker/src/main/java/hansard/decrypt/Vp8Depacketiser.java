package hansard.decrypt;

import java.io.ByteArrayOutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * RFC 7741 section 4.2: every payload begins with a descriptor; what follows it, in order, is the VP8 frame.
 *
 * <pre>
 *      0 1 2 3 4 5 6 7
 *     +-+-+-+-+-+-+-+-+
 *     |X|R|N|S|R| PID | required
 *     +-+-+-+-+-+-+-+-+
 *  X: |I|L|T|K| RSV   |
 *     +-+-+-+-+-+-+-+-+
 *  I: |M| PictureID   | 7 bits, or with M 15 bits in two bytes
 *     +-+-+-+-+-+-+-+-+
 *  L: |   TL0PICIDX   |
 *     +-+-+-+-+-+-+-+-+
 * T/K:|TID|Y| KEYIDX  | one byte for either or both
 *     +-+-+-+-+-+-+-+-+
 * </pre>
 */
record Vp8Depacketiser() implements Depacketiser {
    private static final int X = 0x80;
    private static final int S = 0x10;
    private static final int PID = 0x07;
    private static final int I = 0x80;
    private static final int L = 0x40;
    private static final int T_OR_K = 0x30;
    private static final int M = 0x80;

    @Override
    public boolean isOnePacketPerFrame() {
        return false;
    }

    @Override
    public @Nullable EncodedFrame assemble(List<byte[]> payloads) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        for (int i = 0; i < payloads.size(); i++) {
            byte[] payload = payloads.get(i);
            int descriptor = descriptorLength(payload);
            if (descriptor < 0 || (i == 0 && !beginsFrame(payload))) {
                return null;
            }
            frame.write(payload, descriptor, payload.length - descriptor);
        }
        byte[] bytes = frame.toByteArray();
        return bytes.length == 0 ? null : new EncodedFrame(isKeyframe(bytes), bytes);
    }

    @Override
    public boolean beginsKeyframe(byte[] payload) {
        int descriptor = payload.length == 0 ? -1 : descriptorLength(payload);
        return descriptor >= 0 && beginsFrame(payload) && (payload[descriptor] & 1) == 0;
    }

    /** RFC 6386 section 9.1: the lowest bit of the frame tag is 0 in a keyframe. */
    @Override
    public boolean isKeyframe(byte[] frame) {
        return frame.length > 0 && (frame[0] & 1) == 0;
    }

    /** S and PID 0: the start of the frame's first partition. */
    static boolean beginsFrame(byte[] payload) {
        return (payload[0] & S) != 0 && (payload[0] & PID) == 0;
    }

    /** Bytes of the descriptor, or -1 when the payload ends within it or right after it. */
    static int descriptorLength(byte[] payload) {
        int length = 1;
        if (payload.length > 1 && (payload[0] & X) != 0) {
            int extensions = payload[1];
            length = 2;
            if ((extensions & I) != 0) {
                boolean twoBytes = payload.length > length && (payload[length] & M) != 0;
                length += twoBytes ? 2 : 1;
            }
            if ((extensions & L) != 0) {
                length++;
            }
            if ((extensions & T_OR_K) != 0) {
                length++;
            }
        }
        return length < payload.length ? length : -1;
    }
}

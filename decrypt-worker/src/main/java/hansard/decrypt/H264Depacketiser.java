package hansard.decrypt;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * RFC 6184, packetization mode 1: single NAL units (section 5.6), STAP-A (5.7.1) and FU-A (5.8). The frame is an access unit in
 * Annex B form: every NAL unit after a start code, as it came.
 *
 * <pre>
 *  NAL header          FU header
 * +-+-+-+-+-+-+-+-+   +-+-+-+-+-+-+-+-+
 * |F|NRI|  type   |   |S|E|R|  type   |
 * +-+-+-+-+-+-+-+-+   +-+-+-+-+-+-+-+-+
 * </pre>
 */
record H264Depacketiser() implements Depacketiser {
    private static final int IDR = 5;
    private static final int SEI = 6;
    private static final int SPS = 7;
    private static final int DELIMITER = 9;
    private static final int STAP_A = 24;
    private static final int FU_A = 28;
    private static final byte[] START_CODE = {0, 0, 0, 1};

    @Override
    public boolean isOnePacketPerFrame() {
        return false;
    }

    @Override
    public @Nullable EncodedFrame assemble(List<byte[]> payloads) {
        AccessUnit unit = new AccessUnit();
        for (byte[] payload : payloads) {
            if (!unit.add(payload)) {
                return null;
            }
        }
        return unit.finish();
    }

    /** With its parameter sets, which senders put before each IDR picture: without them no decoder begins in mid-stream. */
    @Override
    public boolean beginsKeyframe(byte[] payload) {
        int type = payload.length == 0 ? 0 : payload[0] & 0x1f;
        return type == SPS || type == STAP_A && payload.length > 3 && (payload[3] & 0x1f) == SPS;
    }

    @Override
    public boolean isKeyframe(byte[] frame) {
        for (int i = 0; i + START_CODE.length < frame.length; i++) {
            boolean unit = Arrays.equals(frame, i, i + START_CODE.length, START_CODE, 0, START_CODE.length);
            if (unit && (frame[i + START_CODE.length] & 0x1f) == IDR) {
                return true;
            }
        }
        return false;
    }

    /** An access unit in the making. */
    private static final class AccessUnit {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private boolean keyframe;
        private boolean fragmented;
        private boolean started;

        boolean add(byte[] payload) {
            int type = payload[0] & 0x1f;
            if (type == FU_A) {
                return fragment(payload);
            }
            if (fragmented) { // a fragmented unit must end before another begins
                return false;
            }
            if (type == STAP_A) {
                return aggregate(payload);
            }
            return type >= 1 && type < STAP_A && unit(payload, 0, payload.length);
        }

        private boolean aggregate(byte[] payload) {
            int at = 1;
            while (at < payload.length) {
                if (at + 2 > payload.length) {
                    return false;
                }
                int size = (payload[at] & 0xff) << 8 | (payload[at + 1] & 0xff);
                at += 2;
                if (size == 0 || at + size > payload.length || !unit(payload, at, size)) {
                    return false;
                }
                at += size;
            }
            return true;
        }

        private boolean fragment(byte[] payload) {
            if (payload.length < 3) {
                return false;
            }
            boolean start = (payload[1] & 0x80) != 0;
            if (start == fragmented) {
                return false;
            }
            if (start) {
                byte header = (byte) ((payload[0] & 0xe0) | (payload[1] & 0x1f));
                if (!begin(header, payload[2])) {
                    return false;
                }
                bytes.writeBytes(START_CODE);
                bytes.write(header);
            }
            bytes.write(payload, 2, payload.length - 2);
            fragmented = (payload[1] & 0x40) == 0;
            return true;
        }

        private boolean unit(byte[] from, int at, int length) {
            if (!begin(from[at], length > 1 ? from[at + 1] : 0)) {
                return false;
            }
            bytes.writeBytes(START_CODE);
            bytes.write(from, at, length);
            return true;
        }

        /** False when the access unit's first unit cannot be the first of a picture: what preceded it is missing. */
        private boolean begin(byte header, byte second) {
            int type = header & 0x1f;
            keyframe |= type == IDR;
            if (started || (type >= SEI && type <= DELIMITER)) {
                started = true;
                return true;
            }
            // clause 7.3.3: a slice begins with first_mb_in_slice, which as ue(v) 0 is a single 1 bit
            started = type >= 1 && type <= IDR && (second & 0x80) != 0;
            return started;
        }

        @Nullable
        EncodedFrame finish() {
            return fragmented || bytes.size() == 0 ? null : new EncodedFrame(keyframe, bytes.toByteArray());
        }
    }
}

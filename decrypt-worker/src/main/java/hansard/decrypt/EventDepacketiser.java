package hansard.decrypt;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * RFC 4733 section 2.3: the payload is one event, told again and again while it lasts, under the timestamp of its beginning.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |     event     |E|R| volume    |          duration             |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
record EventDepacketiser() implements Depacketiser {
    private static final int EVENT_BYTES = 4;

    @Override
    public boolean isOnePacketPerFrame() {
        return true;
    }

    @Override
    public boolean beginsKeyframe(byte[] payload) {
        return true;
    }

    @Override
    public boolean isKeyframe(byte[] frame) {
        return true;
    }

    /** Section 2.5.1.1 has one event in a packet; what would follow it is not looked at. */
    @Override
    public @Nullable EncodedFrame assemble(List<byte[]> payloads) {
        byte[] payload = payloads.getFirst();
        return payload.length < EVENT_BYTES ? null : new EncodedFrame(true, Arrays.copyOf(payload, EVENT_BYTES));
    }
}

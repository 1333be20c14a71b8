package hansard.decrypt;

import hansard.rtp.RtpHeader;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** RFC 3550 section 5.1: with the P bit, the payload's last byte says how many of its last bytes are padding, itself included. */
final class RtpPadding {
    private RtpPadding() {}

    /** The payload without padding, or null when the padding cannot be. */
    static byte @Nullable [] strip(RtpHeader header, byte[] payload) {
        if (!header.padding()) {
            return payload;
        }
        int padding = payload.length == 0 ? 0 : payload[payload.length - 1] & 0xff;
        if (padding == 0 || padding > payload.length) {
            return null;
        }
        return Arrays.copyOf(payload, payload.length - padding);
    }
}

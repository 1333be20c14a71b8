package hansard.decrypt;

import java.util.Arrays;

/**
 * RFC 4588 section 4, the payload of a packet that is sent again.
 *
 * <pre>
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-
 * | original sequence number      | original payload ...
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-
 * </pre>
 */
final class Retransmission {
    static final int NUMBER_BYTES = 2;

    private Retransmission() {}

    /** @param payload of two bytes at least */
    static int sequenceNumber(byte[] payload) {
        return (payload[0] & 0xff) << 8 | payload[1] & 0xff;
    }

    /** What was sent the first time; empty when there is nothing behind the number. */
    static byte[] original(byte[] payload) {
        return payload.length <= NUMBER_BYTES ? new byte[0] : Arrays.copyOfRange(payload, NUMBER_BYTES, payload.length);
    }
}

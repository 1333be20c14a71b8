package hansard.rtp;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The header of an RTP packet (RFC 3550 section 5.1), which SRTP leaves in clear (RFC 3711 section 3.1).
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |V=2|P|X|  CC   |M|     PT      |       sequence number         |
 * |                           timestamp                           |
 * |                             SSRC                              |
 * |                      CSRC (0 to 15 words)                     |
 * |      extension profile        |  extension length in words    |
 * |                        extension ...                          |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * @param length of the whole header, CSRCs and extension included: where the payload begins
 * @param extensionOffset where the extension's first element is, or 0 without one
 * @param extensionLength bytes of elements
 * @param extensionProfile 0xBEDE for one-byte elements (RFC 8285 section 4.2), 0x100x for two-byte ones
 */
public record RtpHeader(
        boolean padding,
        boolean marker,
        int payloadType,
        int sequenceNumber,
        long timestamp,
        long ssrc,
        int length,
        int extensionOffset,
        int extensionLength,
        int extensionProfile) {

    /** The smallest RTP packet. */
    public static final int MIN_LENGTH = 12;

    /** Reads the header, or null when the bytes are not an RTP packet. */
    public static @Nullable RtpHeader parse(byte[] packet, int length) {
        if (length < MIN_LENGTH || length > packet.length || (packet[0] & 0xc0) != 0x80) {
            return null;
        }
        int headerLength = MIN_LENGTH + 4 * (packet[0] & 0x0f);
        int extensionOffset = 0;
        int extensionLength = 0;
        int extensionProfile = 0;
        if ((packet[0] & 0x10) != 0) {
            if (length < headerLength + 4) {
                return null;
            }
            extensionProfile = u16(packet, headerLength);
            extensionLength = 4 * u16(packet, headerLength + 2);
            extensionOffset = headerLength + 4;
            headerLength = extensionOffset + extensionLength;
        }
        if (length < headerLength) {
            return null;
        }
        return new RtpHeader(
                (packet[0] & 0x20) != 0,
                (packet[1] & 0x80) != 0,
                packet[1] & 0x7f,
                u16(packet, 2),
                u32(packet, 4),
                u32(packet, 8),
                headerLength,
                extensionOffset,
                extensionLength,
                extensionProfile);
    }

    /** RFC 5761 section 4: on a port shared with RTP, second bytes 192 to 223 are RTCP packet types. */
    public static boolean isRtcp(byte[] packet, int length) {
        return length >= 8 && (packet[0] & 0xc0) == 0x80 && (packet[1] & 0xff) >= 192 && (packet[1] & 0xff) <= 223;
    }

    /** The first byte of the extension element with an id, or -1 when there is none, or it is empty (RFC 8285 section 4). */
    public int extensionByte(byte[] packet, int id) {
        Element element = element(packet, id);
        return element == null ? -1 : packet[element.offset] & 0xff;
    }

    /** The extension element with an id as ASCII text, such as a rid (RFC 8852 section 3.1); empty when there is none. */
    public String extensionText(byte[] packet, int id) {
        Element element = element(packet, id);
        return element == null ? "" : new String(packet, element.offset, element.length, StandardCharsets.US_ASCII);
    }

    private record Element(int offset, int length) {}

    private @Nullable Element element(byte[] packet, int id) {
        int at = extensionOffset;
        int end = extensionOffset + extensionLength;
        boolean oneByte = extensionProfile == 0xbede;
        if (!oneByte && (extensionProfile & 0xfff0) != 0x1000) {
            return null;
        }
        while (at < end) {
            if (packet[at] == 0) { // padding
                at++;
                continue;
            }
            int elementId;
            int elementLength;
            if (oneByte) {
                elementId = (packet[at] & 0xf0) >> 4;
                elementLength = (packet[at] & 0x0f) + 1;
                at++;
                if (elementId == 15) { // section 4.2: stop
                    return null;
                }
            } else {
                if (at + 1 >= end) {
                    return null;
                }
                elementId = packet[at] & 0xff;
                elementLength = packet[at + 1] & 0xff;
                at += 2;
            }
            if (at + elementLength > end) {
                return null;
            }
            if (elementId == id && elementLength > 0) {
                return new Element(at, elementLength);
            }
            at += elementLength;
        }
        return null;
    }

    private static int u16(byte[] b, int at) {
        return (b[at] & 0xff) << 8 | (b[at + 1] & 0xff);
    }

    private static long u32(byte[] b, int at) {
        return (long) u16(b, at) << 16 | u16(b, at + 2);
    }
}

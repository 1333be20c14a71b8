package hansard.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RtpHeaderTest {
    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static RtpHeader parse(byte[] packet) {
        RtpHeader header = RtpHeader.parse(packet, packet.length);
        assertNotNull(header);
        return header;
    }

    @Test
    void theFieldsAreWhereRfc3550SaysTheyAre() {
        RtpHeader header = parse(hex("80 ef fffe fedcba98 89abcdef 0102"));
        assertFalse(header.padding());
        assertTrue(header.marker());
        assertEquals(111, header.payloadType());
        assertEquals(0xfffe, header.sequenceNumber());
        assertEquals(0xfedcba98L, header.timestamp());
        assertEquals(0x89abcdefL, header.ssrc());
        assertEquals(12, header.length());
        assertEquals(0, header.extensionOffset());
        assertEquals(0, header.extensionLength());
    }

    @Test
    void contributingSourcesAreSkipped() {
        RtpHeader header = parse(hex("a2 60 0001 00000001 00000002 11111111 22222222 ff"));
        assertTrue(header.padding());
        assertFalse(header.marker());
        assertEquals(20, header.length());
    }

    /** RFC 8285 section 4.2. */
    @Test
    void oneByteElementsAreFound() {
        byte[] packet = hex("90 60 0001 00000001 00000002 bede 0002 10 85 00 21 0102 30 07 ff");
        RtpHeader header = parse(packet);
        assertEquals(24, header.length());
        assertEquals(16, header.extensionOffset());
        assertEquals(8, header.extensionLength());
        assertEquals(0xbede, header.extensionProfile());
        assertEquals(0x85, header.extensionByte(packet, 1));
        assertEquals(0x01, header.extensionByte(packet, 2));
        assertEquals(0x07, header.extensionByte(packet, 3));
        assertEquals(-1, header.extensionByte(packet, 4));
        assertEquals(-1, header.extensionByte(packet, 0));
    }

    /** RFC 8285 section 4.2: identifier 15 ends the processing. */
    @Test
    void identifierFifteenStops() {
        byte[] packet = hex("90 60 0001 00000001 00000002 bede 0001 f0 00 10 85");
        assertEquals(-1, parse(packet).extensionByte(packet, 1));
    }

    /** RFC 8285 section 4.3. */
    @Test
    void twoByteElementsAreFound() {
        byte[] packet = hex("90 60 0001 00000001 00000002 1005 0003 01 00 00 02 02 0a0b 00 ff 01 0c 00");
        RtpHeader header = parse(packet);
        assertEquals(-1, header.extensionByte(packet, 1)); // without a byte of its own
        assertEquals(0x0a, header.extensionByte(packet, 2));
        assertEquals(0x0c, header.extensionByte(packet, 255));
    }

    /** RFC 8285 section 4.2: an identifier 0 with a length is not an element to be stepped over by one byte. */
    @Test
    void elementsThatReachBeyondTheExtensionAreNotRead() {
        byte[] oneByte = hex("90 60 0001 00000001 00000002 bede 0001 13 01 02 03 04");
        assertEquals(-1, parse(oneByte).extensionByte(oneByte, 1));
        byte[] twoByte = hex("90 60 0001 00000001 00000002 1000 0001 01 03 02 03 04");
        assertEquals(-1, parse(twoByte).extensionByte(twoByte, 1));
        byte[] lonely = hex("90 60 0001 00000001 00000002 1000 0001 00 00 00 01 04");
        assertEquals(-1, parse(lonely).extensionByte(lonely, 1));
    }

    @Test
    void unknownProfilesHaveNoElements() {
        byte[] packet = hex("90 60 0001 00000001 00000002 abcd 0001 10 85 00 00");
        assertEquals(-1, parse(packet).extensionByte(packet, 1));
        byte[] none = hex("80 60 0001 00000001 00000002");
        assertEquals(-1, parse(none).extensionByte(none, 1));
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] packet = hex("92 60 0001 00000001 00000002 11111111 22222222 bede 0002 10 85 00 21 0102 30 07");
        assertNotNull(RtpHeader.parse(packet, packet.length));
        for (int length = 0; length < packet.length; length++) {
            assertNull(RtpHeader.parse(packet, length));
            assertNull(RtpHeader.parse(Arrays.copyOf(packet, length), length));
        }
        assertNull(RtpHeader.parse(packet, packet.length + 1));
        assertNull(RtpHeader.parse(packet, -1));
    }

    @Test
    void otherVersionsAreNotRtp() {
        for (int version : new int[] {0x00, 0x40, 0xc0}) {
            byte[] packet = new byte[12];
            packet[0] = (byte) version;
            assertNull(RtpHeader.parse(packet, 12));
            assertFalse(RtpHeader.isRtcp(packet, 12));
        }
    }

    /** RFC 5761 section 4. */
    @Test
    void rtcpIsToldFromRtp() {
        byte[] packet = hex("80 c8 0001 00000001");
        assertTrue(RtpHeader.isRtcp(packet, 8));
        assertFalse(RtpHeader.isRtcp(packet, 7));
        packet[1] = (byte) 191;
        assertFalse(RtpHeader.isRtcp(packet, 8));
        packet[1] = (byte) 223;
        assertTrue(RtpHeader.isRtcp(packet, 8));
        packet[1] = (byte) 224;
        assertFalse(RtpHeader.isRtcp(packet, 8));
    }

    @Property(tries = 2000)
    void anyBytesAreReadWithinTheirBounds(
            @ForAll @Size(max = 120) byte[] packet,
            @ForAll @IntRange(min = -2, max = 130) int length,
            @ForAll byte id) {
        if (packet.length > 0) {
            packet[0] = (byte) (packet[0] & 0x3f | 0x80);
        }
        RtpHeader.isRtcp(packet, Math.min(length, packet.length));
        RtpHeader header = RtpHeader.parse(packet, length);
        if (header != null) {
            assertTrue(header.length() <= length);
            assertTrue(header.extensionOffset() + header.extensionLength() <= header.length());
            int found = header.extensionByte(packet, id & 0xff);
            assertTrue(found >= -1 && found <= 255);
        }
    }
}

package hansard.decrypt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.rtp.RtpHeader;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DepacketiserTest {
    private static final Depacketiser VP8 = new Vp8Depacketiser();
    private static final Depacketiser H264 = new H264Depacketiser();

    @Test
    void vp8DescriptorOfEveryShapeIsSkipped() {
        assertFrame("00aabb", VP8, "1000aabb");
        assertFrame("00aabb", VP8, "90807f00aabb"); // X, I, 7 bits of picture id
        assertFrame("00aabb", VP8, "9080ffff00aabb"); // X, I, 15 bits
        assertFrame("00aabb", VP8, "90f0ffff1122" + "00aabb"); // X, I, L, T, K
        assertFrame("00aabb", VP8, "90402200aabb"); // X, L
        assertFrame("00aabb", VP8, "90103300aabb"); // X, K
        assertFrame("00aabbcc", VP8, "1000aabb", "00cc");
    }

    @Test
    void vp8KeyframeIsToldFromTheLowestBitOfItsTag() {
        assertTrue(frame(VP8, "1000aa").keyframe());
        assertFalse(frame(VP8, "1001aa").keyframe());
    }

    @Test
    void vp8FrameWithoutItsBeginningIsNone() {
        assertNull(assemble(VP8, "0000aa")); // S is 0
        assertNull(assemble(VP8, "1100aa")); // partition 1
        assertNull(assemble(VP8, "9080ff")); // ends within the descriptor
        assertNull(assemble(VP8, "10")); // nothing after it
    }

    @Test
    void h264UnitsBecomeAnnexB() {
        assertFrame("0000000165888801", H264, "65888801");
        assertFrame("00000001674200" + "0000000168ce" + "000000016588", H264, "78" + "0003674200" + "000268ce", "6588");
        assertFrame("00000001658801" + "02" + "0304", H264, "7c858801", "7c0502", "7c450304");
        assertTrue(frame(H264, "7c858801", "7c4502").keyframe());
        assertFalse(frame(H264, "419a").keyframe());
    }

    @Test
    void h264UnitCutOffMakesNoFrame() {
        assertNull(assemble(H264, "7c858801", "7c0502")); // no end
        assertNull(assemble(H264, "7c0502", "7c4503")); // no start
        assertNull(assemble(H264, "4103")); // first_mb_in_slice is not 0: a slice before it is missing
        assertNull(assemble(H264, "7800ff67")); // STAP-A longer than its packet
        assertNull(assemble(H264, "79000067")); // STAP-B is not of mode 1
    }

    @Test
    void hostilePayloadsAreRefusedByValue() {
        Random random = new Random(7);
        for (int i = 0; i < 200_000; i++) {
            List<byte[]> payloads = new ArrayList<>();
            for (int n = random.nextInt(3); n >= 0; n--) {
                byte[] payload = new byte[1 + random.nextInt(12)];
                random.nextBytes(payload);
                payloads.add(payload);
            }
            VP8.assemble(payloads);
            H264.assemble(payloads);
        }
    }

    @Test
    void paddingIsHonouredWithinBounds() {
        assertArrayEquals(hex("aabb"), RtpPadding.strip(header(true), hex("aabb000003")));
        assertArrayEquals(hex(""), RtpPadding.strip(header(true), hex("000003")));
        assertNull(RtpPadding.strip(header(true), hex("aabb00")));
        assertNull(RtpPadding.strip(header(true), hex("aabb04")));
        assertNull(RtpPadding.strip(header(true), hex("")));
        assertArrayEquals(hex("aa04"), RtpPadding.strip(header(false), hex("aa04")));
    }

    private static RtpHeader header(boolean padding) {
        return new RtpHeader(padding, false, 96, 1, 1, 1, 12, 0, 0, 0);
    }

    private static @Nullable EncodedFrame assemble(Depacketiser depacketiser, String... payloads) {
        return depacketiser.assemble(
                List.of(payloads).stream().map(DepacketiserTest::hex).toList());
    }

    private static EncodedFrame frame(Depacketiser depacketiser, String... payloads) {
        EncodedFrame frame = assemble(depacketiser, payloads);
        assertNotNull(frame);
        return frame;
    }

    private static void assertFrame(String expected, Depacketiser depacketiser, String... payloads) {
        assertEquals(
                expected, HexFormat.of().formatHex(frame(depacketiser, payloads).bytes()));
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}

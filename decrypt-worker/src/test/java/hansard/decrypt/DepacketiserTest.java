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
    private static final Depacketiser VP9 = new Vp9Depacketiser();
    private static final Depacketiser AV1 = new Av1Depacketiser();
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
    void vp9DescriptorOfEveryShapeIsSkipped() {
        assertFrame("86aabb", VP9, "0c86aabb"); // B, E
        assertFrame("86aabb", VP9, "8c7f86aabb"); // 7 bits of picture id
        assertFrame("86aabb", VP9, "8cffff86aabb"); // 15 bits
        assertFrame("86aabb", VP9, "2c0011" + "86aabb"); // layer, TL0PICIDX
        assertFrame("86aabb", VP9, "7c00" + "0305" + "02" + "86aabb"); // flexible, three references
        assertFrame("86aabb", VP9, "0e10014000f0" + "86aabb"); // structure with a size
        assertFrame("86aabb", VP9, "0e08" + "02" + "0004" + "01" + "86aabb"); // and with a group of two
        assertFrame("86aabbcc", VP9, "0886aabb", "04cc");
    }

    @Test
    void vp9LayersBecomeOneSuperframe() {
        assertFrame("82aabb" + "86cc" + "d9" + "03000000" + "02000000" + "d9", VP9, "0c82aabb", "0c86cc");
        assertTrue(frame(VP9, "0c82aabb", "0c86cc").keyframe());
        assertFalse(frame(VP9, "0c86aabb").keyframe());
    }

    @Test
    void vp9PictureWithoutABeginningOrAnEndIsNone() {
        assertNull(assemble(VP9, "0486aabb")); // no beginning
        assertNull(assemble(VP9, "0886aabb")); // no end
        assertNull(assemble(VP9, "0886", "0c86")); // a frame begins within one
        assertNull(assemble(VP9, "0c")); // nothing after the descriptor
        assertNull(assemble(VP9, "5c" + "01010101" + "86")); // four references
        assertNull(assemble(VP9, "0e08ff")); // a group that is not there
    }

    @Test
    void av1UnitsGetTheirSizesAndLoseTheirDelimiters() {
        assertFrame("0a03000000" + "320300aabb", AV1, "28" + "04" + "08000000" + "3000aabb"); // W 2, N
        assertFrame("0a03000000" + "320300aabb", AV1, "08" + "04" + "08000000" + "04" + "3000aabb"); // W 0
        assertFrame("320300aabb", AV1, "20" + "02" + "1200" + "3000aabb"); // a temporal delimiter before it
        assertFrame("320500aabbccdd", AV1, "50" + "3000aa", "d0" + "bb", "90" + "ccdd"); // in three fragments
        assertFrame("3608" + "03" + "0300aa", AV1, "10" + "3408" + "0300aa"); // its extension is kept
        assertFrame("320300aabb", AV1, "10" + "320300aabb"); // had its size already
        assertTrue(frame(AV1, "28" + "04" + "08000000" + "3010aabb").keyframe());
        assertFalse(frame(AV1, "28" + "04" + "08000000" + "3030aabb").keyframe()); // an inter frame
        assertFalse(frame(AV1, "10" + "3010aabb").keyframe()); // nothing describes it
    }

    @Test
    void av1UnitCutOffOrOfAbsurdSizeIsNone() {
        assertNull(assemble(AV1, "90" + "3000aabb")); // goes on from nowhere
        assertNull(assemble(AV1, "50" + "3000aabb")); // goes on to nowhere
        assertNull(assemble(AV1, "00" + "ffffffff7f" + "3000")); // 34 billion bytes
        assertNull(assemble(AV1, "00" + "09" + "3000")); // longer than its packet
        assertNull(assemble(AV1, "10" + "b000aabb")); // obu_forbidden_bit
        assertNull(assemble(AV1, "10" + "32ff7f00aabb")); // says a size of its own that is not there
        assertNull(assemble(AV1, "30" + "01" + "30" + "3000")); // three elements are said, two are there
        assertNull(assemble(AV1, "10"));
        assertNull(assemble(AV1, "10" + "1200")); // nothing but a delimiter
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
            VP9.assemble(payloads);
            AV1.assemble(payloads);
            new EventDepacketiser().assemble(payloads);
            Red.parse(payloads.getFirst());
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

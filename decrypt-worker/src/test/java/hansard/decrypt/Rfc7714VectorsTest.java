package hansard.decrypt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import hansard.rtp.RtpHeader;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The test vectors of RFC 7714 sections 16 and 17, word for word. They begin with session keys, not with master keys. */
class Rfc7714VectorsTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] KEY_128 = HEX.parseHex("000102030405060708090a0b0c0d0e0f");
    private static final byte[] KEY_256 =
            HEX.parseHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    private static final byte[] SALT = HEX.parseHex("517569642070726f2071756f");
    private static final String RTP =
            "8040f17b8041f8d35501a0b2" + "47616c6c696120657374206f6d6e69732064697669736120696e207061727465732074726573";
    private static final String RTCP = "81c8000d4d617273"
            + "4e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef";

    @Test
    void ivsAreThoseOfSections16And17() {
        assertHex("51753c6580c2726f20718414", GcmCipher.rtpIv(SALT, 0x5501a0b2L, 0xf17b));
        assertHex("517524055203726f207170bb", GcmCipher.rtcpIv(SALT, 0x4d617273L, 0x5d4));
    }

    @Test
    void section161WithKeysOf128Bits() {
        opensRtp(
                KEY_128,
                "8040f17b8041f8d35501a0b2f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833"
                        + "899d7f27beb16a9152cf765ee4390cce");
    }

    @Test
    void section162WithKeysOf256Bits() {
        opensRtp(
                KEY_256,
                "8040f17b8041f8d35501a0b232b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f1ba63799b87b"
                        + "7aa3db36dfffd6b0f9bb7878d7a76c13");
    }

    @Test
    void section171WithKeysOf128Bits() {
        opensRtcp(
                KEY_128,
                "81c8000d4d61727363e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275b"
                        + "c84aa45896cf4d2fc5abf87245d9eade800005d4");
    }

    @Test
    void section172WithKeysOf256Bits() {
        opensRtcp(
                KEY_256,
                "81c8000d4d617273d50ae4d1f5ce5d304ba297e47d470c282c3ece5dbffe0a50a2eaa5c1110555be8415f658c61de0476f1b6fad"
                        + "1d1eb30c4446839f57ff6f6cb26ac3be800005d4");
    }

    @Test
    void section173TaggedOnly() {
        opensRtcp(KEY_128, RTCP + "841dd9683dd78ec92ae58790125f62b3" + "000005d4");
    }

    private static void opensRtp(byte[] key, String srtp) {
        byte[] datagram = HEX.parseHex(srtp);
        RtpHeader header = Objects.requireNonNull(RtpHeader.parse(datagram, datagram.length));
        assertHex(RTP.substring(24), new GcmCipher(key, SALT).openRtp(datagram, header, 0, 0xf17b));
        for (int i = 0; i < datagram.length; i++) {
            byte[] forged = datagram.clone();
            forged[i] ^= 1;
            assertNull(new GcmCipher(key, SALT).openRtp(forged, header, 0, 0xf17b), "byte " + i);
        }
    }

    private static void opensRtcp(byte[] key, String srtcp) {
        byte[] datagram = HEX.parseHex(srtcp);
        assertHex(RTCP, new GcmCipher(key, SALT).openRtcp(datagram, 0));
        byte[] withMki = Arrays.copyOf(datagram, datagram.length + 3);
        assertArrayEquals(HEX.parseHex(RTCP), new GcmCipher(key, SALT).openRtcp(withMki, 3));
        for (int i = 0; i < datagram.length; i++) {
            byte[] forged = datagram.clone();
            forged[i] ^= 1;
            assertNull(new GcmCipher(key, SALT).openRtcp(forged, 0), "byte " + i);
        }
    }

    private static void assertHex(String expected, byte[] actual) {
        assertEquals(expected, HEX.formatHex(actual));
    }
}

package hansard.decrypt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** The test vectors of RFC 3711 appendix B, word for word. */
class Rfc3711VectorsTest {
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void keystreamIsThatOfAppendixB2() throws Exception {
        byte[] key = HEX.parseHex("2B7E151628AED2A6ABF7158809CF4F3C");
        byte[] salt = HEX.parseHex("F0F1F2F3F4F5F6F7F8F9FAFBFCFD");
        byte[] offset = CounterModeCipher.counter(salt, 0, 0);
        assertArrayEquals(HEX.parseHex("F0F1F2F3F4F5F6F7F8F9FAFBFCFD0000"), offset);

        Cipher aes = Cipher.getInstance("AES/CTR/NoPadding");
        aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(offset));
        byte[] keystream = aes.doFinal(new byte[1_044_512]);
        assertBlock("E03EAD0935C95E80E166B16DD92B4EB4", keystream, 0x0000);
        assertBlock("D23513162B02D0F72A43A2FE4A5F97AB", keystream, 0x0001);
        assertBlock("41E95B3BB0A2E8DD477901E4FCA894C0", keystream, 0x0002);
        assertBlock("EC8CDF7398607CB0F2D21675EA9EA1E4", keystream, 0xFEFF);
        assertBlock("362B7C3C6773516318A077D7FC5073AE", keystream, 0xFF00);
        // the appendix's segment ends within the block after this one
        byte[] last = aes.doFinal(new byte[0xFF02 * 16]);
        assertBlock("6A2CC3787889374FBEB4C81B17BA6C44", last, 0xFF01);
    }

    @Test
    void keysAreThoseOfAppendixB3() {
        byte[] masterKey = HEX.parseHex("E1F97A0D3E018BE0D64FA32C06DE4139");
        byte[] masterSalt = HEX.parseHex("0EC675AD498AFEEBB6960B3AABE6");
        assertHex(
                "C61E7A93744F39EE10734AFE3FF7A087",
                KeyDerivation.derive(masterKey, masterSalt, KeyDerivation.RTP_ENCRYPTION, 0, 16));
        assertHex(
                "30CBBC08863D8C85D49DB34A9AE1",
                KeyDerivation.derive(masterKey, masterSalt, KeyDerivation.RTP_SALT, 0, 14));
        assertHex(
                "CEBE321F6FF7716B6FD4AB49AF256A15"
                        + "6D38BAA48F0A0ACF3C34E2359E6CDBCE"
                        + "E049646C43D9327AD175578EF7227098"
                        + "6371C10C9A369AC2F94A8C5FBCDDDC25"
                        + "6D6E919A48B610EF17C2041E47403576"
                        + "6B68642C59BBFC2F34DB60DBDFB2",
                KeyDerivation.derive(masterKey, masterSalt, KeyDerivation.RTP_AUTHENTICATION, 0, 94));
    }

    @Test
    void ivTakesSsrcAndIndexWhereSection411PutsThem() {
        byte[] iv = CounterModeCipher.counter(new byte[14], 0xDEADBEEFL, 0x0102_0304_0506L);
        assertEquals(
                BigInteger.valueOf(0xDEADBEEFL)
                        .shiftLeft(64)
                        .xor(BigInteger.valueOf(0x0102_0304_0506L).shiftLeft(16)),
                new BigInteger(1, iv));
    }

    private static void assertBlock(String expected, byte[] keystream, int block) {
        assertHex(expected, Arrays.copyOfRange(keystream, 16 * block, 16 * block + 16));
    }

    private static void assertHex(String expected, byte[] actual) {
        assertEquals(expected, HEX.withUpperCase().formatHex(actual));
    }
}

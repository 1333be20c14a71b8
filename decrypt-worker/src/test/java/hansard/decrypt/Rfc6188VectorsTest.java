package hansard.decrypt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** The test vectors of RFC 6188 sections 7.1 and 7.2 (keys of 256 bits), word for word. */
class Rfc6188VectorsTest {
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void keystreamIsThatOfSection71() throws Exception {
        byte[] key = HEX.parseHex("57f82fe3613fd170a85ec93c40b1f0922ec4cb0dc025b58272147cc438944a98");
        byte[] first = CounterModeCipher.counter(HEX.parseHex("f0f1f2f3f4f5f6f7f8f9fafbfcfd"), 0, 0);
        Cipher aes = Cipher.getInstance("AES/CTR/NoPadding");
        aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(first));
        byte[] keystream = aes.doFinal(new byte[0xff02 * 16]);
        assertHex(
                "92bdd28a93c3f52511c677d08b5515a49da71b2378a854f67050756ded165bac63c4868b7096d88421b563b8c94c9a31",
                Arrays.copyOf(keystream, 48));
        assertHex(
                "cea518c90fd91ced9cbb18c078a547113dbc4814f4da5f00a08772b63c6a046d6eb246913062a16891433e97dd01a57f",
                Arrays.copyOfRange(keystream, keystream.length - 48, keystream.length));
    }

    @Test
    void keysAreThoseOfSection72() {
        byte[] key = HEX.parseHex("f0f04914b513f2763a1b1fa130f10e2998f6f6e43e4309d1e622a0e332b9f1b6");
        byte[] salt = HEX.parseHex("3b04803de51ee7c96423ab5b78d2");
        assertHex(
                "5ba1064e30ec51613cad926c5a28ef731ec7fb397f70a960653caf06554cd8c4",
                KeyDerivation.derive(key, salt, KeyDerivation.RTP_ENCRYPTION, 0, 32));
        assertHex(
                "fd9c32d39ed5fbb5a9dc96b30818454d1313dc05",
                KeyDerivation.derive(key, salt, KeyDerivation.RTP_AUTHENTICATION, 0, 20));
        assertHex("fa31791685ca444a9e07c6c64e93", KeyDerivation.derive(key, salt, KeyDerivation.RTP_SALT, 0, 14));
    }

    private static void assertHex(String expected, byte[] actual) {
        assertEquals(expected, HEX.formatHex(actual));
    }
}

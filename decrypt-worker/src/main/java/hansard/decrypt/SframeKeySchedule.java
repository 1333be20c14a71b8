package hansard.decrypt;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * Keys from an SFrame base key (RFC 9605 section 4.4.2), and the next base key (section 5.1).
 *
 * <pre>
 * sframe_secret = HKDF-Extract("", base_key)
 * sframe_key    = HKDF-Expand(sframe_secret, "SFrame 1.0 Secret key "  || KID as u64 || suite as u16, Nk)
 * sframe_salt   = HKDF-Expand(sframe_secret, "SFrame 1.0 Secret salt " || KID as u64 || suite as u16, Nn)
 * next base_key = HKDF-Expand(sframe_secret, "SFrame 1.0 Ratchet", Nh)
 * </pre>
 */
final class SframeKeySchedule {
    private static final String KEY = "SFrame 1.0 Secret key ";
    private static final String SALT = "SFrame 1.0 Secret salt ";
    private static final String RATCHET = "SFrame 1.0 Ratchet";

    private SframeKeySchedule() {}

    static byte[] key(SframeSuite suite, long kid, byte[] baseKey) {
        return expand(suite, baseKey, label(KEY, suite, kid), suite.keyLength());
    }

    static byte[] salt(SframeSuite suite, long kid, byte[] baseKey) {
        return expand(suite, baseKey, label(SALT, suite, kid), SframeSuite.NONCE_LENGTH);
    }

    /** The base key after one step. */
    static byte[] ratchet(SframeSuite suite, byte[] baseKey) {
        return expand(suite, baseKey, RATCHET.getBytes(StandardCharsets.US_ASCII), suite.hashLength());
    }

    private static byte[] label(String name, SframeSuite suite, long kid) {
        byte[] text = name.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(text.length + 10)
                .put(text)
                .putLong(kid)
                .putShort((short) suite.id())
                .array();
    }

    private static byte[] expand(SframeSuite suite, byte[] baseKey, byte[] label, int length) {
        try {
            // no salt is given: RFC 5869 section 2.2 makes it zeros, which is what HMAC makes of an empty one
            return KDF.getInstance("HKDF-" + suite.hash())
                    .deriveData(HKDFParameterSpec.ofExtract().addIKM(baseKey).thenExpand(label, length));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HKDF-" + suite.hash(), e);
        }
    }
}

package hansard.decrypt;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Session keys from the master key and salt (RFC 3711 section 4.3), with a key derivation rate of 0: derived once.
 *
 * <pre>
 * x = (label * 2^48) XOR master_salt        (112 bits; r = index DIV kdr = 0)
 * PRF_n(k_master, x) = the first n bits of AES-CM under k_master from the counter x * 2^16
 * </pre>
 */
final class KeyDerivation {
    /** Labels of section 4.3.2. */
    static final int RTP_ENCRYPTION = 0x00;

    static final int RTP_AUTHENTICATION = 0x01;
    static final int RTP_SALT = 0x02;

    private KeyDerivation() {}

    static byte[] derive(byte[] masterKey, byte[] masterSalt, int label, int length) {
        byte[] counter = new byte[16];
        System.arraycopy(masterSalt, 0, counter, 0, SrtpSuite.SALT_LENGTH);
        counter[7] ^= (byte) label; // bit 48 of the 112-bit salt
        try {
            Cipher aes = Cipher.getInstance("AES/CTR/NoPadding");
            aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(masterKey, "AES"), new IvParameterSpec(counter));
            return aes.doFinal(new byte[length]);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES/CTR", e);
        }
    }
}

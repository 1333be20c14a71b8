package hansard.decrypt;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Session keys from the master key and salt (RFC 3711 section 4.3; for keys of 256 bits RFC 6188 section 3, for the 96-bit salt of
 * GCM RFC 7714 section 11).
 *
 * <pre>
 * r = index DIV key_derivation_rate           (0 when the rate is 0)
 * x = (label * 2^48 + r) XOR master_salt      (112 bits; a shorter salt is followed by zeros)
 * PRF_n(k_master, x) = the first n bits of AES-CM under k_master from the counter x * 2^16
 * </pre>
 */
final class KeyDerivation {
    /** Labels of section 4.3.2. */
    static final int RTP_ENCRYPTION = 0x00;

    static final int RTP_AUTHENTICATION = 0x01;
    static final int RTP_SALT = 0x02;
    static final int RTCP_ENCRYPTION = 0x03;
    static final int RTCP_AUTHENTICATION = 0x04;
    static final int RTCP_SALT = 0x05;

    private KeyDerivation() {}

    static byte[] derive(byte[] masterKey, byte[] masterSalt, int label, long period, int length) {
        byte[] counter = new byte[16];
        System.arraycopy(masterSalt, 0, counter, 0, masterSalt.length);
        counter[7] ^= (byte) label; // bit 48 of the 112-bit salt
        for (int i = 0; i < 6; i++) {
            counter[8 + i] ^= (byte) (period >>> (40 - 8 * i));
        }
        try {
            Cipher aes = Cipher.getInstance("AES/CTR/NoPadding");
            aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(masterKey, "AES"), new IvParameterSpec(counter));
            return aes.doFinal(new byte[length]);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES/CTR", e);
        }
    }
}

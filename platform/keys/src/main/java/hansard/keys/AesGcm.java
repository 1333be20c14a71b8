package hansard.keys;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES-256-GCM with a random nonce in front (NIST SP 800-38D section 8.2.2): {@code | nonce 12 | ciphertext | tag 16 |}. */
final class AesGcm {
    static final int KEY_BYTES = 32;
    static final int NONCE_BYTES = 12;
    static final int TAG_BYTES = 16;

    /** What sealing adds to the plaintext's length. */
    static final int OVERHEAD_BYTES = NONCE_BYTES + TAG_BYTES;

    private static final SecureRandom RANDOM = new SecureRandom();

    private AesGcm() {}

    static byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    static SecretKey randomKey() {
        return key(randomBytes(KEY_BYTES));
    }

    static SecretKey key(byte[] bytes) {
        return new SecretKeySpec(bytes, "AES");
    }

    /** Appends nonce, ciphertext and tag to {@code out}. The associated data is {@code aad}, in order. */
    static void seal(SecretKey key, byte[] plaintext, ByteBuffer out, byte[]... aad) {
        byte[] nonce = randomBytes(NONCE_BYTES);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce, 0, aad);
            out.put(nonce);
            cipher.doFinal(ByteBuffer.wrap(plaintext), out);
        } catch (GeneralSecurityException e) {
            throw new HansardException(ErrorCode.INTERNAL, "AES-GCM could not seal " + plaintext.length + " bytes", e);
        }
    }

    /**
     * Opens nonce, ciphertext and tag, which are the rest of {@code sealed} from {@code offset} on.
     *
     * @throws AEADBadTagException when it is not what was sealed, also when it is too short to be
     */
    static byte[] open(SecretKey key, byte[] sealed, int offset, byte[]... aad) throws AEADBadTagException {
        int length = sealed.length - offset;
        if (length < OVERHEAD_BYTES) {
            throw new AEADBadTagException(length + " bytes are shorter than nonce and tag");
        }
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, sealed, offset, aad);
            return cipher.doFinal(sealed, offset + NONCE_BYTES, length - NONCE_BYTES);
        } catch (AEADBadTagException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new HansardException(ErrorCode.INTERNAL, "AES-GCM could not open " + length + " bytes", e);
        }
    }

    private static Cipher cipher(int mode, SecretKey key, byte[] nonce, int nonceOffset, byte[][] aad)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(8 * TAG_BYTES, nonce, nonceOffset, NONCE_BYTES));
        for (byte[] part : aad) {
            cipher.updateAAD(part);
        }
        return cipher;
    }
}

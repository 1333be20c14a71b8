package hansard.access;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * What is kept of a password: PBKDF2 with HMAC-SHA256 (RFC 8018 section 5.2).
 *
 * @param salt 16 random bytes
 * @param hash 32 bytes
 */
record PasswordHash(byte[] salt, int iterations, byte[] hash) {
    static final int ITERATIONS = 210_000;

    private static final int MAX_ITERATIONS = 10_000_000;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    PasswordHash {
        if (salt.length < 8 || iterations < 1 || iterations > MAX_ITERATIONS || hash.length != HASH_BYTES) {
            throw new IllegalArgumentException("a password needs a salt of 8 bytes or more, 1 to " + MAX_ITERATIONS
                    + " iterations and a hash of " + HASH_BYTES + " bytes");
        }
    }

    static PasswordHash of(String password) {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        return new PasswordHash(salt, ITERATIONS, derive(password, salt, ITERATIONS));
    }

    /** Nobody's password; checking against it takes as long as checking against somebody's. */
    static PasswordHash ofNobody() {
        byte[] random = new byte[HASH_BYTES];
        RANDOM.nextBytes(random);
        return new PasswordHash(random.clone(), ITERATIONS, random);
    }

    boolean matches(String password) {
        return MessageDigest.isEqual(hash, derive(password, salt, iterations));
    }

    private static byte[] derive(String password, byte[] salt, int iterations) {
        PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, iterations, 8 * HASH_BYTES);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform of ours has PBKDF2WithHmacSHA256", e);
        } finally {
            spec.clearPassword();
        }
    }

    @Override
    public String toString() {
        return "PasswordHash[" + iterations + " iterations]";
    }
}

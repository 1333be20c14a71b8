package hansard.keys;

import java.security.GeneralSecurityException;
import java.security.interfaces.ECPublicKey;

/**
 * The private half of a worker's identity, wherever it is kept: it never leaves there, only what it computes does.
 *
 * <p>All operations throw {@link hansard.runtime.HansardException} with VAULT_UNAVAILABLE when its keeper does not answer.
 */
public interface IdentityKey {
    /** RSAES-OAEP with SHA-256 for the hash and in MGF1, empty label (RFC 8017 section 7.1.2). */
    byte[] decryptOaep(byte[] encrypted) throws GeneralSecurityException;

    /** Elliptic curve Diffie-Hellman: the x coordinate of the shared point, as long as the field (RFC 5753 section 3). */
    byte[] agree(ECPublicKey ephemeral) throws GeneralSecurityException;

    /** Whether its keeper signs with it. Those that do not (the transit engine, AWS KMS) leave records unsigned. */
    default boolean canSign() {
        return false;
    }

    /** @param algorithm as the JCA names it: {@code SHA256withRSA} (RFC 8017 section 8.2) or {@code SHA256withECDSA} */
    default byte[] sign(String algorithm, byte[] content) throws GeneralSecurityException {
        throw new GeneralSecurityException("the keeper of this key signs nothing");
    }
}

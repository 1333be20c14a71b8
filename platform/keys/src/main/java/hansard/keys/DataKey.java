package hansard.keys;

import hansard.runtime.Secret;
import hansard.wire.Octets;
import javax.crypto.SecretKey;

/**
 * A data key in the hands of somebody who may use it.
 *
 * @param key AES-256
 * @param wrapped the same, wrapped by the vault: travels with everything sealed under it
 */
public record DataKey(KeyRef ref, Secret<SecretKey> key, Octets wrapped) {}

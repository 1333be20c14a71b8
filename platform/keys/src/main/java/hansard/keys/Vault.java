package hansard.keys;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Secret;
import hansard.wire.Octets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.crypto.SecretKey;

/**
 * The organisation's keys, with the narrow powers a worker needs. Every method may throw {@link
 * hansard.runtime.ErrorCode#VAULT_UNAVAILABLE}: the caller keeps its input and tries again later.
 */
public interface Vault extends AutoCloseable {
    /** Who this process is to the vault, for the audit: the subject of its certificate. */
    String identity();

    /** The valid, unrevoked certificates of the key group: seal session keys to these. */
    List<X509Certificate> recipients();

    /**
     * Opens a sealed session key with this worker's identity, if the tenant's key group has it.
     *
     * @return master key followed by master salt
     * @throws hansard.runtime.HansardException MALFORMED when it is not CMS, NOT_AUTHENTIC when it is altered or not for us;
     *     the message says for whom it is; KEY_REFUSED when this worker may not: an expired, revoked or foreign certificate is put
     *     right by people, and the call must still be there then
     */
    Secret<byte[]> openSessionKey(String tenant, Octets cms);

    /**
     * Asks whether this worker may use a tenant's keys now.
     *
     * @throws hansard.runtime.HansardException KEY_REFUSED, as any use of them would
     */
    void requireLeave(String tenant);

    /** Makes a data key and wraps it. Several may be made for one ref; all die together. */
    DataKey newDataKey(KeyRef ref);

    /** @throws hansard.runtime.HansardException KEY_GONE when the ref's keys were destroyed */
    Secret<SecretKey> unwrap(KeyRef ref, Octets wrapped);

    /**
     * Destroys the keys of all tracks of a call, for good. Idempotent.
     *
     * @return the refs that can no longer be unwrapped, those of an earlier call of this method included
     */
    List<KeyRef> destroy(String tenant, String callId);

    /**
     * Destroys the keys of one track, for good. Idempotent; also of a track that never had a key, which then never gets one.
     */
    void destroy(KeyRef ref);

    /**
     * Signs a statement about a record of a tenant, with this worker's identity.
     *
     * @return CMS SignedData with its content, see {@link RecordSignature}; empty when the keeper of the identity signs nothing
     */
    default Optional<Octets> sign(String tenant, byte[] statement) {
        return Optional.empty();
    }

    /**
     * Checks what {@link #sign} made, by this worker or another of the organisation's.
     *
     * @throws hansard.runtime.HansardException MALFORMED, NOT_AUTHENTIC when it was altered, or when the organisation's authority
     *     did not issue the signer's certificate or had revoked it before
     */
    default RecordSignature checkSignature(Octets signed) {
        throw new HansardException(ErrorCode.VAULT_UNAVAILABLE, "this vault checks no signatures");
    }

    /** For health: empty when all is well, such as the age of the revocation list. */
    default String problem() {
        return "";
    }

    @Override
    void close();
}

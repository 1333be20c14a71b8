package hansard.decrypt;

import hansard.keys.DataKey;
import hansard.keys.KeyRef;
import hansard.keys.Vault;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Secret;
import hansard.wire.Octets;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.crypto.SecretKey;

/** A real vault behind a cable that can be pulled. */
final class FlakyVault implements Vault {
    private final Vault vault;
    /** How many of the next requests go unanswered. */
    volatile int deaf;
    /** Whose keys this worker may not use. */
    volatile String refusedTenant = "";

    FlakyVault(Vault vault) {
        this.vault = vault;
    }

    private synchronized void answer(String tenant) {
        if (tenant.equals(refusedTenant)) {
            throw new HansardException(ErrorCode.KEY_REFUSED, "the vault refuses a key of tenant " + tenant);
        }
        if (deaf > 0) {
            deaf--;
            throw new HansardException(ErrorCode.VAULT_UNAVAILABLE, "nobody answers");
        }
    }

    @Override
    public String identity() {
        return vault.identity();
    }

    @Override
    public List<X509Certificate> recipients() {
        return vault.recipients();
    }

    @Override
    public Secret<byte[]> openSessionKey(String tenant, Octets cms) {
        answer(tenant);
        return vault.openSessionKey(tenant, cms);
    }

    @Override
    public DataKey newDataKey(KeyRef ref) {
        answer(ref.tenant());
        return vault.newDataKey(ref);
    }

    @Override
    public Secret<SecretKey> unwrap(KeyRef ref, Octets wrapped) {
        answer(ref.tenant());
        return vault.unwrap(ref, wrapped);
    }

    @Override
    public List<KeyRef> destroy(String tenant, String callId) {
        return vault.destroy(tenant, callId);
    }

    @Override
    public void close() {
        vault.close();
    }
}

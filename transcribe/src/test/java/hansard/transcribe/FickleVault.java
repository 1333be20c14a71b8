package hansard.transcribe;

import hansard.keys.DataKey;
import hansard.keys.KeyRef;
import hansard.keys.Vault;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Secret;
import hansard.wire.Octets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/** A real vault that refuses its keys for as long as it is told to. */
final class FickleVault implements Vault {
    private final Vault real;
    final CountDownLatch refusedOnce = new CountDownLatch(1);
    volatile @Nullable ErrorCode refusal;

    FickleVault(Vault real, ErrorCode refusal) {
        this.real = real;
        this.refusal = refusal;
    }

    private void decide() {
        ErrorCode code = refusal;
        if (code != null) {
            refusedOnce.countDown();
            throw new HansardException(code, "the vault says " + code);
        }
    }

    @Override
    public String identity() {
        return real.identity();
    }

    @Override
    public List<X509Certificate> recipients() {
        return real.recipients();
    }

    @Override
    public Secret<byte[]> openSessionKey(String tenant, Octets cms) {
        return real.openSessionKey(tenant, cms);
    }

    @Override
    public DataKey newDataKey(KeyRef ref) {
        decide();
        return real.newDataKey(ref);
    }

    @Override
    public Secret<SecretKey> unwrap(KeyRef ref, Octets wrapped) {
        decide();
        return real.unwrap(ref, wrapped);
    }

    @Override
    public List<KeyRef> destroy(String tenant, String callId) {
        return real.destroy(tenant, callId);
    }

    @Override
    public void close() {
        // the real one is closed by whoever opened it
    }
}

package hansard.testkit;

import hansard.keys.DataKey;
import hansard.keys.KeyRef;
import hansard.keys.Vault;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Secret;
import hansard.wire.Octets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/** A real vault behind a cable that can be pulled and a guard who may turn a tenant's keys away. Closing it closes the vault. */
public final class FlakyVault implements Vault {
    private final Vault vault;
    private final CountDownLatch failedOnce = new CountDownLatch(1);
    private int unanswered;
    private @Nullable ErrorCode failure;
    private String refusedTenant = "";

    public FlakyVault(Vault vault) {
        this.vault = vault;
    }

    /** Leaves as many of the next requests unanswered. */
    public synchronized void leaveUnanswered(int requests) {
        unanswered = requests;
    }

    /** Fails every request from now on. */
    public synchronized void fail(ErrorCode code) {
        failure = code;
    }

    /** Refuses every key of a tenant from now on. */
    public synchronized void refuse(String tenant) {
        refusedTenant = tenant;
    }

    /** Answers and refuses nobody. */
    public synchronized void recover() {
        unanswered = 0;
        failure = null;
        refusedTenant = "";
    }

    /** Waits until it has failed a request. */
    public boolean failedWithin(Duration time) throws InterruptedException {
        return failedOnce.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized void answer(String tenant) {
        if (tenant.equals(refusedTenant)) {
            throw failed(ErrorCode.KEY_REFUSED, "the vault refuses a key of tenant " + tenant);
        }
        if (failure != null) {
            throw failed(failure, "the vault says " + failure);
        }
        if (unanswered > 0) {
            unanswered--;
            throw failed(ErrorCode.VAULT_UNAVAILABLE, "nobody answers");
        }
    }

    private HansardException failed(ErrorCode code, String message) {
        failedOnce.countDown();
        return new HansardException(code, message);
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
    public void requireLeave(String tenant) {
        answer(tenant);
        vault.requireLeave(tenant);
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
    public void destroy(KeyRef ref) {
        vault.destroy(ref);
    }

    @Override
    public void close() {
        vault.close();
    }
}

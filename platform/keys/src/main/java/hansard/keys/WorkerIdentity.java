package hansard.keys;

import java.security.cert.X509Certificate;

/** Who a worker is, to those who seal for it. */
public record WorkerIdentity(X509Certificate certificate, IdentityKey key) {
    String name() {
        return certificate.getSubjectX500Principal().getName();
    }

    @Override
    public String toString() {
        return "WorkerIdentity[" + name() + "]";
    }
}

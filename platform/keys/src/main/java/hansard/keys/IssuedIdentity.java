package hansard.keys;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A new key pair and the certificate that names it.
 *
 * @param authority the certificates above it, the nearest first
 */
public record IssuedIdentity(PrivateKey privateKey, X509Certificate certificate, List<X509Certificate> authority) {
    public IssuedIdentity {
        authority = List.copyOf(authority);
    }

    @Override
    public String toString() {
        return "IssuedIdentity[" + certificate.getSubjectX500Principal().getName() + "]";
    }
}

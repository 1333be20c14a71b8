package hansard.keys;

import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;

/**
 * An issued certificate and how it stands now.
 *
 * @param state {@code valid}, {@code expired} or {@code revoked}
 */
public record CertificateState(X509Certificate certificate, String state) {
    /** All that an authority has issued, the newest first. */
    public static List<CertificateState> all(CertificateAuthority authority, InstantSource clock) {
        X509CRL crl = authority.crl();
        Instant now = clock.instant();
        return authority.issued().stream()
                .sorted(Comparator.comparing(X509Certificate::getNotBefore).reversed())
                .map(c -> new CertificateState(c, state(c, crl, now)))
                .toList();
    }

    private static String state(X509Certificate certificate, X509CRL crl, Instant now) {
        if (crl.getRevokedCertificate(certificate.getSerialNumber()) != null) {
            return "revoked";
        }
        return now.isAfter(certificate.getNotAfter().toInstant()) ? "expired" : "valid";
    }
}

package hansard.keys;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether a worker's certificate may open a tenant's keys now: issued by the organisation's authority (RFC 5280 section 6), in
 * its time, not on the revocation list, in the tenant's group. The files are read again after a minute at most. Thread-safe.
 *
 * <p>A list past its next update is still believed during a grace, and health says so: an authority that is late should not stop
 * recordings at once, one that was cut off by an attacker must in the end.
 */
final class WorkerPermits {
    static final Duration FRESH = Duration.ofMinutes(1);

    private record Trust(
            Instant readAt,
            List<X509Certificate> authorities,
            @Nullable X509CRL crl) {}

    private final Path authorityFile;
    private final Path crlFile;
    private final KeyGroups groups;
    private final Duration crlGrace;
    private final InstantSource clock;
    private volatile @Nullable Trust trust;

    WorkerPermits(Path authorityFile, Path crlFile, KeyGroups groups, Duration crlGrace, InstantSource clock) {
        this.authorityFile = authorityFile;
        this.crlFile = crlFile;
        this.groups = groups;
        this.crlGrace = crlGrace;
        this.clock = clock;
    }

    /** Why it may not; empty when it may. @throws IOException when the authority's certificate cannot be read */
    Optional<Refusal> refusal(X509Certificate certificate, String tenant) throws IOException {
        return refusalInGroup(certificate, groups.ofTenant(tenant));
    }

    /** For the certificates that senders seal to: those in the common group. */
    boolean isRecipient(X509Certificate certificate) throws IOException {
        return refusalInGroup(certificate, groups.common()).isEmpty();
    }

    private Optional<Refusal> refusalInGroup(X509Certificate certificate, String group) throws IOException {
        Trust now = trust();
        Instant time = clock.instant();
        if (time.isAfter(certificate.getNotAfter().toInstant())) {
            return Optional.of(Refusal.EXPIRED);
        }
        if (time.isBefore(certificate.getNotBefore().toInstant())) {
            return Optional.of(Refusal.NOT_YET_VALID);
        }
        if (!mayOpenSessionKeys(certificate) || !isIssued(certificate, now.authorities(), time)) {
            return Optional.of(Refusal.OTHER_AUTHORITY);
        }
        X509CRL crl = now.crl();
        if (crl == null || !isCurrent(crl, certificate, now.authorities(), time)) {
            return Optional.of(Refusal.REVOCATION_UNKNOWN);
        }
        if (crl.getRevokedCertificate(certificate.getSerialNumber()) != null) {
            return Optional.of(Refusal.REVOKED);
        }
        return KeyGroups.of(certificate).contains(group) ? Optional.empty() : Optional.of(Refusal.NOT_IN_GROUP);
    }

    /** Why a signature that a worker made at a time is not to be believed; empty when it is. */
    String doubt(X509Certificate signer, Instant at) throws IOException {
        Trust now = trust();
        if (at.isAfter(clock.instant().plus(FRESH))) {
            return "and says that it was made at " + at + ", which is still to come";
        }
        if (!isIssued(signer, now.authorities(), at)) {
            return "whose certificate the organisation's authority did not issue, or not for " + at;
        }
        X509CRL crl = now.crl();
        X509CRLEntry revoked = crl == null ? null : crl.getRevokedCertificate(signer.getSerialNumber());
        return revoked != null && !revoked.getRevocationDate().toInstant().isAfter(at)
                ? "whose certificate had been revoked at "
                        + revoked.getRevocationDate().toInstant()
                : "";
    }

    /** RFC 5280 section 4.2.1.3: keyEncipherment is bit 2, keyAgreement bit 4. */
    private static boolean mayOpenSessionKeys(X509Certificate certificate) {
        boolean[] usage = certificate.getKeyUsage();
        return usage != null && usage.length > 4 && (usage[2] || usage[4]);
    }

    private static boolean isIssued(X509Certificate certificate, List<X509Certificate> authorities, Instant time) {
        try {
            Set<TrustAnchor> anchors =
                    authorities.stream().map(a -> new TrustAnchor(a, null)).collect(Collectors.toSet());
            PKIXParameters parameters = new PKIXParameters(anchors);
            parameters.setRevocationEnabled(false); // below, with our grace
            parameters.setDate(Date.from(time));
            CertPathValidator.getInstance("PKIX")
                    .validate(
                            CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate)), parameters);
            return authorities.stream()
                    .anyMatch(a -> a.getNotAfter().toInstant().isAfter(time) && issued(a, certificate));
        } catch (CertPathValidatorException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM cannot validate certificates", e);
        }
    }

    private static boolean issued(X509Certificate authority, X509Certificate certificate) {
        return authority.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    /** RFC 5280 section 6.3.3. */
    private boolean isCurrent(
            X509CRL crl, X509Certificate certificate, List<X509Certificate> authorities, Instant time) {
        if (!crl.getIssuerX500Principal().equals(certificate.getIssuerX500Principal())
                || crl.getNextUpdate() == null
                || time.isAfter(crl.getNextUpdate().toInstant().plus(crlGrace))) {
            return false;
        }
        return authorities.stream().anyMatch(authority -> isSignedBy(crl, authority));
    }

    private static boolean isSignedBy(X509CRL crl, X509Certificate authority) {
        try {
            crl.verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** For health: empty while the revocation list is as fresh as it should be. */
    String problem() {
        try {
            X509CRL crl = trust().crl();
            if (crl == null) {
                return "the revocation list " + crlFile + " cannot be read: nothing is opened";
            }
            Instant due = crl.getNextUpdate() == null
                    ? Instant.EPOCH
                    : crl.getNextUpdate().toInstant();
            return clock.instant().isAfter(due)
                    ? "the revocation list " + crlFile + " should have been replaced by " + due + "; from "
                            + due.plus(crlGrace) + " on nothing is opened. Publish a new one with 'hansard keys crl'."
                    : "";
        } catch (IOException e) {
            return "the authority's certificate cannot be read: " + e.getMessage();
        }
    }

    private Trust trust() throws IOException {
        Instant now = clock.instant();
        Trust known = trust;
        if (known == null
                || Duration.between(known.readAt(), now).compareTo(FRESH) >= 0
                || now.isBefore(known.readAt())) {
            known = read(now);
            trust = known;
        }
        return known;
    }

    private Trust read(Instant now) throws IOException {
        List<X509Certificate> authorities;
        try {
            authorities = Pem.certificates(authorityFile);
        } catch (GeneralSecurityException e) {
            throw new IOException(authorityFile + " holds no certificates in PEM", e);
        }
        X509CRL crl;
        try {
            crl = Pem.crl(crlFile);
        } catch (IOException | GeneralSecurityException e) {
            crl = null; // said by problem(), and every try is refused for it
        }
        return new Trust(now, authorities, crl);
    }
}

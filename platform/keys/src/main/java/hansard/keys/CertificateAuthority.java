package hansard.keys;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A small certificate authority in a directory of its own: it issues certificates for workers and servers and revokes them.
 * Every method may be called by several processes at once.
 *
 * <pre>
 * ca.p12, ca.password   its key; whoever reads both can issue
 * ca.pem                its certificate: give it to whoever must trust
 * crl.pem               its revocation list (RFC 5280 section 5), the one record of what is revoked
 * issued/SERIAL.pem     every certificate it issued, serial number in hexadecimal
 * </pre>
 *
 * All files are readable by their owner only.
 */
public final class CertificateAuthority {
    /** How long the authority's own certificate holds. */
    public static final Duration VALIDITY = Duration.ofDays(3650);

    /** How long a revocation list holds unless said otherwise: whoever runs the authority renews it before that. */
    public static final Duration CRL_VALIDITY = Duration.ofDays(30);

    private static final String CERTIFICATE = "ca.pem";
    private static final String CRL = "crl.pem";
    private static final String ISSUED = "issued";

    private final Path directory;
    private final AuthorityKey key;
    private final Duration crlValidity;
    private final InstantSource clock;

    private CertificateAuthority(Path directory, AuthorityKey key, Duration crlValidity, InstantSource clock) {
        this.directory = directory;
        this.key = key;
        this.crlValidity = crlValidity;
        this.clock = clock;
    }

    public static boolean existsIn(Path directory) {
        return AuthorityKey.existsIn(directory);
    }

    /** Opens the authority in a directory; makes one, with this subject, where there is none. */
    public static CertificateAuthority openOrCreate(Path directory, String subject) {
        return openOrCreate(directory, subject, CRL_VALIDITY, InstantSource.system());
    }

    /** @param crlValidity from each signing of the list to the time by which the next must be there */
    public static CertificateAuthority openOrCreate(
            Path directory, String subject, Duration crlValidity, InstantSource clock) {
        return guarded(directory, "opened or made", () -> {
            OwnerFiles.createDirectories(directory);
            return OwnerFiles.locked(lock(directory), () -> {
                AuthorityKey key = AuthorityKey.openOrMake(directory, subject, clock.instant(), VALIDITY);
                var authority = new CertificateAuthority(directory, key, crlValidity, clock);
                authority.completeFiles();
                return authority;
            });
        });
    }

    /** Opens the authority in a directory; BAD_REQUEST where there is none. */
    public static CertificateAuthority open(Path directory) {
        if (!existsIn(directory)) {
            throw new HansardException(
                    ErrorCode.BAD_REQUEST,
                    "there is no certificate authority in " + directory.toAbsolutePath()
                            + ". Make one with 'hansard keys init', or name its directory.");
        }
        return openOrCreate(directory, "CN=unused");
    }

    /** The authority's own certificate. */
    public X509Certificate certificate() {
        return key.certificate();
    }

    public Path certificateFile() {
        return directory.resolve(CERTIFICATE);
    }

    public Path crlFile() {
        return directory.resolve(CRL);
    }

    /** Makes a key pair (EC, P-256) and issues its certificate. The private key is in the answer and nowhere else. */
    public IssuedIdentity issue(CertificateRequest request) {
        try {
            KeyPair pair = AuthorityKey.newPair();
            return new IssuedIdentity(pair.getPrivate(), issue(pair.getPublic(), request), List.of(certificate()));
        } catch (GeneralSecurityException e) {
            throw new HansardException(ErrorCode.INTERNAL, "a key pair could not be made", e);
        }
    }

    /** Issues a certificate for a key pair that is elsewhere, on a token for example. */
    public X509Certificate issue(PublicKey publicKey, CertificateRequest request) {
        return guarded(
                directory,
                "written to",
                () -> OwnerFiles.locked(lock(directory), () -> {
                    X509Certificate certificate = key.issue(publicKey, request, clock.instant());
                    OwnerFiles.createDirectories(directory.resolve(ISSUED));
                    OwnerFiles.write(issued(certificate.getSerialNumber()), Pem.of(certificate));
                    return certificate;
                }));
    }

    /** Revokes a certificate for good and signs a new list. Idempotent; NOT_FOUND for one never issued here. */
    public void revoke(BigInteger serialNumber) {
        guarded(
                directory,
                "written to",
                () -> OwnerFiles.locked(lock(directory), () -> {
                    if (!Files.exists(issued(serialNumber))) {
                        throw new HansardException(
                                ErrorCode.NOT_FOUND,
                                "the authority in " + directory.toAbsolutePath()
                                        + " has issued no certificate with serial number " + serialNumber.toString(16)
                                        + "; 'hansard keys list' shows what it has");
                    }
                    return writeCrl(key.revoke(crl(), serialNumber, clock.instant(), crlValidity));
                }));
    }

    /** Signs the list again, with a new time by which the next must be there. */
    public X509CRL renewCrl() {
        return guarded(
                directory,
                "written to",
                () -> OwnerFiles.locked(
                        lock(directory), () -> writeCrl(key.renew(crl(), clock.instant(), crlValidity))));
    }

    /** The revocation list as it stands in the directory. */
    public X509CRL crl() {
        return guarded(directory, "read", () -> Pem.crl(crlFile()));
    }

    /** Everything it has issued, in no order, revoked and expired ones included. */
    public List<X509Certificate> issued() {
        return guarded(directory, "read", () -> {
            List<X509Certificate> all = new ArrayList<>();
            Path issued = directory.resolve(ISSUED);
            if (Files.isDirectory(issued)) {
                try (Stream<Path> files = Files.list(issued)) {
                    for (Path file :
                            files.filter(f -> f.toString().endsWith(".pem")).toList()) {
                        all.add(Pem.certificate(file));
                    }
                }
            }
            return List.copyOf(all);
        });
    }

    /** A crash may have come between the key and what is made of it. */
    private void completeFiles() throws IOException, GeneralSecurityException {
        if (!Files.exists(certificateFile())) {
            OwnerFiles.write(certificateFile(), Pem.of(certificate()));
        }
        if (!Files.exists(crlFile())) {
            if (Files.isDirectory(directory.resolve(ISSUED))) { // an empty list would bring revoked ones back
                throw new IOException(
                        crlFile() + " is missing, and with it what was revoked: restore it from a backup");
            }
            writeCrl(key.firstCrl(clock.instant(), crlValidity));
        }
    }

    private X509CRL writeCrl(X509CRL crl) throws IOException, GeneralSecurityException {
        OwnerFiles.write(crlFile(), Pem.of(crl));
        return crl;
    }

    private Path issued(BigInteger serialNumber) {
        return directory.resolve(ISSUED).resolve(serialNumber.toString(16) + ".pem");
    }

    private static Path lock(Path directory) {
        return directory.resolve("ca.lock");
    }

    private static <T> T guarded(Path directory, String what, OwnerFiles.SecureAction<T> action) {
        try {
            return OwnerFiles.unchecked(action).run();
        } catch (IOException e) {
            throw new HansardException(
                    ErrorCode.VAULT_UNAVAILABLE,
                    "the certificate authority in " + directory.toAbsolutePath() + " cannot be " + what + ": " + e
                            + (e.getCause() == null ? "" : ", " + e.getCause().getMessage())
                            + ". Check that the directory is there and is this user's.",
                    e);
        }
    }

    @Override
    public String toString() {
        return "CertificateAuthority[" + directory + "]";
    }
}

package hansard.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.ErrorCode;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateAuthorityTest {
    @TempDir
    Path directory;

    private static CertificateRequest server(String subject) {
        return new CertificateRequest(
                subject,
                List.of("broker.example"),
                List.of("127.0.0.1", "::1"),
                List.of("urn:hansard:key-group:default"),
                Set.of(CertificateRequest.Usage.TLS_SERVER, CertificateRequest.Usage.TLS_CLIENT),
                Duration.ofDays(30));
    }

    @Test
    void whatItIssuesIsSignedByItAndSaysWhatWasAsked() throws Exception {
        var authority = CertificateAuthority.openOrCreate(directory, "CN=Example CA,O=Example");
        var issued = authority.issue(server("CN=broker-1,O=Example"));
        issued.certificate().verify(authority.certificate().getPublicKey());
        assertEquals(
                "CN=broker-1,O=Example",
                issued.certificate().getSubjectX500Principal().getName());
        assertEquals(4, issued.certificate().getSubjectAlternativeNames().size());
        assertEquals(-1, issued.certificate().getBasicConstraints(), "it must not be an authority itself");
        assertEquals(2, issued.certificate().getExtendedKeyUsage().size());
        assertEquals(List.of(authority.certificate()), issued.authority());
        assertFalse(issued.toString().contains("PrivateKey"), issued.toString());
    }

    @Test
    void anRsaKeyForSessionKeysMayEncipherAndAnEcKeyMayAgree() throws Exception {
        var authority = CertificateAuthority.openOrCreate(directory, "CN=Example CA");
        var request = new CertificateRequest(
                "CN=worker",
                List.of(),
                List.of(),
                List.of(),
                Set.of(CertificateRequest.Usage.OPEN_SESSION_KEYS),
                Duration.ofDays(1));
        var rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPublic();
        assertTrue(authority.issue(rsa, request).getKeyUsage()[2], "keyEncipherment");
        assertTrue(authority.issue(request).certificate().getKeyUsage()[4], "keyAgreement");
    }

    @Test
    void revocationOutlivesTheProcessAndGrowsTheList() {
        var authority = CertificateAuthority.openOrCreate(directory, "CN=Example CA");
        BigInteger first = authority.issue(server("CN=a")).certificate().getSerialNumber();
        BigInteger second = authority.issue(server("CN=b")).certificate().getSerialNumber();
        authority.revoke(first);
        authority.revoke(first);
        var again = CertificateAuthority.open(directory);
        assertEquals(authority.certificate(), again.certificate());
        assertNotNull(again.crl().getRevokedCertificate(first));
        assertNull(again.crl().getRevokedCertificate(second));
        again.revoke(second);
        assertEquals(2, again.renewCrl().getRevokedCertificates().size());
        assertEquals(2, again.issued().size());
    }

    @Test
    void whatItNeverIssuedItDoesNotRevoke() {
        var authority = CertificateAuthority.openOrCreate(directory, "CN=Example CA");
        String message = Refused.with(ErrorCode.NOT_FOUND, () -> authority.revoke(BigInteger.valueOf(0xbeef)));
        assertTrue(message.contains("beef"), message);
    }

    @Test
    void aLostRevocationListIsNotReplacedByAnEmptyOne() throws Exception {
        var authority = CertificateAuthority.openOrCreate(directory, "CN=Example CA");
        authority.revoke(authority.issue(server("CN=a")).certificate().getSerialNumber());
        Files.delete(authority.crlFile());
        String message = Refused.with(ErrorCode.VAULT_UNAVAILABLE, () -> CertificateAuthority.open(directory));
        assertTrue(message.contains("crl.pem"), message);
    }

    @Test
    void everyFileIsItsOwnersOnly() throws Exception {
        CertificateAuthority.openOrCreate(directory.resolve("ca"), "CN=Example CA")
                .issue(server("CN=a"));
        try (var files = Files.walk(directory.resolve("ca"))) {
            for (Path file : files.toList()) {
                String permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
                assertTrue(permissions.endsWith("------"), file + " " + permissions);
            }
        }
    }

    @Test
    void noCertificateOutlivesTheAuthority() {
        var authority = CertificateAuthority.openOrCreate(directory, "CN=Example CA");
        var request = new CertificateRequest(
                "CN=a",
                List.of(),
                List.of(),
                List.of(),
                Set.of(CertificateRequest.Usage.SIGN),
                Duration.ofDays(100_000));
        var certificate = authority.issue(request).certificate();
        assertEquals(authority.certificate().getNotAfter(), certificate.getNotAfter());
        assertNotEquals(authority.certificate().getSerialNumber(), certificate.getSerialNumber());
    }

    @Test
    void badNamesAreRefusedInWords() {
        var authority = CertificateAuthority.openOrCreate(directory, "CN=Example CA");
        assertTrue(Refused.with(ErrorCode.BAD_REQUEST, () -> authority.issue(server("no name")))
                .contains("no name"));
        Refused.with(ErrorCode.BAD_REQUEST, () -> CertificateAuthority.open(directory.resolve("nowhere")));
    }
}

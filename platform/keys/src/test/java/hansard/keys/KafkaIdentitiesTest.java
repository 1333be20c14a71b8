package hansard.keys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.KafkaTls;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaIdentitiesTest {
    private static final List<String> HOSTS = List.of("localhost", "127.0.0.1");

    @TempDir
    Path directory;

    private List<String> ensure(List<String> hosts) {
        return KafkaIdentities.ensure(directory, "broker", hosts, List.of("ingest", "index"));
    }

    private X509Certificate certificate(String name) throws Exception {
        try (InputStream in = Files.newInputStream(KafkaTls.identity(directory, name))) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    @Test
    void eachPartyHasACertificateOfTheAuthorityAndTheBrokerItsHosts() throws Exception {
        assertEquals(List.of("broker", "ingest", "index"), ensure(HOSTS));
        X509Certificate authority;
        try (InputStream in = Files.newInputStream(KafkaTls.authority(directory))) {
            authority =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
        for (String name : List.of("broker", "ingest", "index")) {
            X509Certificate certificate = certificate(name);
            certificate.verify(authority.getPublicKey());
            assertEquals(
                    "CN=hansard-" + name, certificate.getSubjectX500Principal().getName());
        }
        assertEquals(2, certificate("broker").getSubjectAlternativeNames().size());
        assertEquals(List.of("1.3.6.1.5.5.7.3.2"), certificate("ingest").getExtendedKeyUsage(), "a client only");
    }

    @Test
    void whatIsGoodStaysAndWhatLacksAHostIsMadeAnew() throws Exception {
        ensure(HOSTS);
        byte[] before = Files.readAllBytes(KafkaTls.identity(directory, "ingest"));
        assertEquals(List.of(), ensure(HOSTS));
        assertEquals(List.of("broker"), ensure(List.of("localhost", "127.0.0.1", "kafka.example.org")));
        assertArrayEquals(before, Files.readAllBytes(KafkaTls.identity(directory, "ingest")));
    }

    @Test
    void anotherAuthorityMakesAllAnew() throws Exception {
        ensure(HOSTS);
        Files.move(directory.resolve("authority"), directory.resolve("lost"));
        assertEquals(List.of("broker", "ingest", "index"), ensure(HOSTS));
    }

    @Test
    void onlyTheOwnerReadsAKey() throws IOException {
        ensure(HOSTS);
        for (String name : List.of("broker", "ingest", "index")) {
            Path file = KafkaTls.identity(directory, name);
            assertTrue(Files.readString(file).contains("PRIVATE KEY"));
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        }
        assertFalse(Files.readString(KafkaTls.authority(directory)).contains("PRIVATE KEY"));
    }
}

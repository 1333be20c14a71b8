package hansard.keys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.wire.Octets;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs every command of docs/sealing.md with the real OpenSSL, in both directions. */
class SealingDocumentTest {
    private static final byte[] MASTER = HexFormat.of().parseHex("e1".repeat(30));

    @TempDir
    Path directory;

    private WorkerIdentity worker(String algorithm, int bits) throws Exception {
        KeyPairGenerator pairs = KeyPairGenerator.getInstance(algorithm);
        pairs.initialize(bits);
        KeyPair pair = pairs.generateKeyPair();
        X509Certificate certificate = CertificateAuthority.openOrCreate(directory.resolve("ca"), "CN=Example CA")
                .issue(pair.getPublic(), VaultConfig.workerRequest("CN=worker", Set.of("default"), Duration.ofDays(1)));
        Files.write(directory.resolve("recipients.pem"), Pem.of(certificate));
        Files.write(directory.resolve("key.bin"), MASTER);
        Files.writeString(
                directory.resolve("worker.key"),
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(pair.getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
        return new WorkerIdentity(certificate, new JcaIdentityKey(pair.getPrivate()));
    }

    private static List<String> commands(String beginning) throws Exception {
        List<String> found = Files.readAllLines(Path.of("..", "..", "docs", "sealing.md")).stream()
                .filter(line -> line.startsWith("    openssl cms -" + beginning))
                .map(String::strip)
                .toList();
        assertFalse(found.isEmpty(), beginning);
        return found;
    }

    @Test
    void whatOpensslSealsAsDocumentedWeOpen() throws Exception {
        Programs.require("openssl");
        WorkerIdentity elliptic = worker("EC", 256);
        List<String> all = commands("encrypt");
        assertEquals(4, all.size());
        for (String command : all.stream().filter(c -> c.contains("ecdh")).toList()) {
            run(command);
            assertOpens(elliptic);
        }
        WorkerIdentity rsa = worker("RSA", 2048);
        for (String command : all.stream().filter(c -> c.contains("oaep")).toList()) {
            run(command);
            assertOpens(rsa);
        }
    }

    @Test
    void whatWeSealOpensslPrintsAndOpensAsDocumented() throws Exception {
        Programs.require("openssl");
        for (WorkerIdentity worker : List.of(worker("RSA", 2048), worker("EC", 256))) {
            boolean last = worker.certificate().getPublicKey().getAlgorithm().equals("EC");
            Files.write(
                    directory.resolve("key.cms"),
                    KeySealer.seal(MASTER, List.of(worker.certificate())).array());
            String printed = run(commands("cmsout").getFirst());
            assertTrue(printed.contains("id-smime-ct-authEnvelopedData"), printed);
            assertTrue(printed.contains("aes-256-gcm"), printed);
            if (last) { // whose private key is in worker.key
                run(commands("decrypt").getFirst());
                assertArrayEquals(MASTER, Files.readAllBytes(directory.resolve("opened.bin")));
            }
        }
        WorkerIdentity rsa = worker("RSA", 3072);
        Files.write(
                directory.resolve("key.cms"),
                KeySealer.seal(MASTER, List.of(rsa.certificate())).array());
        run(commands("decrypt").getFirst());
        assertArrayEquals(MASTER, Files.readAllBytes(directory.resolve("opened.bin")));
    }

    @Test
    void opensslsDefaultPaddingForRsaIsRefused() throws Exception {
        Programs.require("openssl");
        WorkerIdentity rsa = worker("RSA", 2048);
        run("openssl cms -encrypt -binary -outform DER -aes-256-gcm -in key.bin -out key.cms -recip recipients.pem");
        Octets cms = Octets.of(Files.readAllBytes(directory.resolve("key.cms")));
        String message = Refused.with(
                hansard.runtime.ErrorCode.NOT_AUTHENTIC, () -> SessionKeyOpener.open(cms, List.of(rsa), i -> {}));
        assertTrue(message.contains("OAEP"), message);
    }

    private void assertOpens(WorkerIdentity worker) throws Exception {
        Octets cms = Octets.of(Files.readAllBytes(directory.resolve("key.cms")));
        assertArrayEquals(
                MASTER, SessionKeyOpener.open(cms, List.of(worker), i -> {}).reveal());
    }

    private String run(String command) throws Exception {
        Process process = new ProcessBuilder(Arrays.asList(command.split(" ")))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), command + "\n" + output);
        return output;
    }
}

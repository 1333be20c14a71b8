package hansard.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.keys.KeyRef;
import hansard.keys.Vault;
import hansard.keys.VaultConfig;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Json;
import hansard.runtime.Settings;
import hansard.wire.Octets;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a key owner does, by the command, and what a vault then does. */
class KeysCommandTest {
    private static final byte[] MASTER = HexFormat.of().parseHex("0f".repeat(30));

    @TempDir
    Path directory;

    private Path ca;
    private Path config;

    @BeforeEach
    void settings() throws Exception {
        ca = directory.resolve("ca");
        config = Files.writeString(
                directory.resolve("hansard.yaml"),
                "vault.directory: " + directory.resolve("vault") + "\nvault.ca: " + ca.resolve("ca.pem")
                        + "\nvault.crl: " + ca.resolve("crl.pem") + "\nkafka.bootstrap: 127.0.0.1:9\n");
    }

    private Vault vault() {
        return VaultConfig.from(Settings.load(config, Map.of(), Map.of()))
                .open("test", InstantSource.system(), (tenant, actor, call, why) -> {});
    }

    @Test
    void issuedSealedRotatedAndRevokedByTheCommand() throws Exception {
        done("keys", "init", "--ca", ca.toString(), "--subject", "CN=Example CA");
        done("keys", "issue", "--ca", ca.toString(), "--config", config.toString(), "--subject", "CN=worker-1");
        Path key = Files.write(directory.resolve("key"), MASTER);
        Path sealed = directory.resolve("key.cms");
        try (Vault vault = vault()) {
            Path recipients = directory.resolve("vault/recipients.pem");
            done("keys", "seal", "--to", recipients.toString(), "--in", key.toString(), "--out", sealed.toString());
            Octets cms = Octets.of(Files.readAllBytes(sealed));
            assertArrayEquals(MASTER, vault.openSessionKey("acme", cms).reveal());
            KeyRef ref = new KeyRef("acme", "call-1", "mic");
            var data = vault.newDataKey(ref);

            String rotated = done(
                    "keys", "rotate", "--ca", ca.toString(), "--config", config.toString(), "--subject", "CN=worker-1");
            assertTrue(rotated.contains("trackKeysWrapped"), rotated);
            vault.unwrap(ref, data.wrapped());
            assertArrayEquals(MASTER, vault.openSessionKey("acme", cms).reveal(), "sealed to the old identity");
            assertEquals(2, vault.recipients().size());

            String first = Json.mapper()
                    .readTree(done("keys", "list", "--ca", ca.toString(), "--json"))
                    .get(1)
                    .get("serial")
                    .asText();
            done("keys", "revoke", "--ca", ca.toString(), first);
        }
        assertTrue(done("keys", "list", "--ca", ca.toString()).contains("revoked"));
        String inspected = done("keys", "inspect", sealed.toString());
        assertTrue(inspected.contains("AuthEnvelopedData"), inspected);
        assertTrue(inspected.contains("AES-256-GCM"), inspected);
        assertTrue(
                done("keys", "inspect", directory.resolve("vault").toString()).contains("trackKeys"));
    }

    @Test
    void noSecretIsEverPrinted() throws Exception {
        String output = done("keys", "init", "--ca", ca.toString(), "--subject", "CN=Example CA")
                + done("keys", "issue", "--ca", ca.toString(), "--config", config.toString(), "--subject", "CN=w")
                + done("keys", "inspect", directory.resolve("vault").toString());
        assertFalse(output.contains(Files.readString(directory.resolve("vault/vault.password"))), output);
        assertFalse(output.contains(Files.readString(ca.resolve("ca.password"))), output);
        assertFalse(output.contains("PRIVATE"), output);
    }

    @Test
    void aVaultOfTheOrganisationsWithoutIdentitySaysHowToGetOne() {
        run("keys", "init", "--ca", ca.toString(), "--subject", "CN=Example CA");
        HansardException refused = org.junit.jupiter.api.Assertions.assertThrows(HansardException.class, this::vault);
        assertEquals(ErrorCode.BAD_CONFIGURATION, refused.code());
        assertTrue(String.valueOf(refused.getMessage()).contains("hansard keys issue"), refused.toString());
    }

    @Test
    void badInputSaysWhatToDo() throws Exception {
        assertTrue(failed("keys", "list", "--ca", ca.toString()).contains("hansard keys init"));
        Path noise = Files.write(directory.resolve("noise"), MASTER);
        assertTrue(failed("keys", "inspect", noise.toString()).contains("not CMS"));
        assertTrue(failed("keys", "seal", "--to", noise.toString(), "--in", noise.toString(), "--out", "x")
                .contains("certificates in PEM"));
        run("keys", "init", "--ca", ca.toString(), "--subject", "CN=Example CA");
        assertTrue(failed("keys", "init", "--ca", ca.toString(), "--subject", "CN=Again")
                .contains("already"));
        assertTrue(failed("keys", "revoke", "--ca", ca.toString(), "xyz").contains("hexadecimal"));
    }

    private record Ran(int status, String out, String err) {}

    private static String done(String... arguments) {
        Ran ran = run(arguments);
        assertEquals(0, ran.status(), Arrays.toString(arguments) + ran.err());
        return ran.out();
    }

    private static String failed(String... arguments) {
        Ran ran = run(arguments);
        assertEquals(1, ran.status(), Arrays.toString(arguments) + ran.out());
        return ran.err();
    }

    private static Ran run(String... arguments) {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StringWriter err = new StringWriter();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            int status =
                    Hansard.commandLine().setErr(new PrintWriter(err, true)).execute(arguments);
            return new Ran(status, out.toString(StandardCharsets.UTF_8), err.toString());
        } finally {
            System.setOut(before);
        }
    }
}

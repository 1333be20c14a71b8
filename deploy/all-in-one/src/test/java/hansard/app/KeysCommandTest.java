package hansard.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.keys.DataKey;
import hansard.keys.KeyRef;
import hansard.keys.Vault;
import hansard.keys.VaultConfig;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Json;
import hansard.runtime.KafkaSettings;
import hansard.runtime.Settings;
import hansard.testkit.TestBroker;
import hansard.wire.AuditEvent;
import hansard.wire.Octets;
import hansard.wire.TopicAdmin;
import hansard.wire.Topics;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
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
    void retiringIsInTheAuditOfEveryTenantBeforeItIsDone() throws Exception {
        done("keys", "init", "--ca", ca.toString(), "--subject", "CN=Example CA");
        done("keys", "issue", "--ca", ca.toString(), "--config", config.toString(), "--subject", "CN=worker-1");
        try (TestBroker broker = TestBroker.start(directory.resolve("broker"))) {
            TopicAdmin.ensure(broker.kafka());
            reaching(broker.kafka().bootstrap());
            KeyRef ref = new KeyRef("acme", "call-1", "mic");
            Path file = directory.resolve("vault/track-keys/acme/call-1/mic.key");
            try (Vault vault = vault()) {
                DataKey key = vault.newDataKey(ref);
                vault.newDataKey(new KeyRef("bank", "call-2", "mic"));
                byte[] backup = Files.readAllBytes(file);
                assertTrue(
                        failed("keys", "retire", "--config", config.toString()).contains("hansard keys rotate"));
                JsonNode rotated = Json.mapper()
                        .readTree(done("keys", "rotate", "--config", config.toString(), "--wrapping-only", "--json"));
                assertEquals("wrapping-2", rotated.get("wrappingKey").asText());
                assertEquals(2, rotated.get("trackKeysWrapped").asInt());
                assertTrue(
                        failed("keys", "retire", "--config", config.toString()).contains("--min-age"));

                String retire = done("keys", "retire", "--config", config.toString(), "--min-age", "0s", "--json");
                assertEquals(
                        Json.mapper().readTree("{\"kept\":\"wrapping-2\",\"dropped\":[\"wrapping\"],\"remains\":\"\"}"),
                        Json.mapper().readTree(retire));
                vault.unwrap(ref, key.wrapped());
                Files.write(file, backup);
                HansardException gone = org.junit.jupiter.api.Assertions.assertThrows(
                        HansardException.class, () -> vault.unwrap(ref, key.wrapped()));
                assertEquals(ErrorCode.NOT_AUTHENTIC, gone.code());
            }
            List<AuditEvent> audit = audit(broker.kafka(), 4);
            for (String tenant : List.of("acme", "bank")) {
                List<AuditEvent> events =
                        audit.stream().filter(e -> e.tenant().equals(tenant)).toList();
                assertEquals(
                        List.of("wrapping-keys.retiring", "wrapping-keys.retired"),
                        events.stream().map(AuditEvent::action).toList());
                assertEquals("wrapping-2", events.getFirst().detail().get("kept"));
                assertEquals("wrapping", events.getLast().detail().get("dropped"));
                assertTrue(events.getFirst().actor().startsWith("command/"), events.toString());
            }
        }
    }

    @Test
    void withoutAnAuditNothingIsRetired() throws Exception {
        done("keys", "init", "--ca", ca.toString(), "--subject", "CN=Example CA");
        done("keys", "issue", "--ca", ca.toString(), "--config", config.toString(), "--subject", "CN=worker-1");
        Files.writeString(config, "kafka.client.max.block.ms: 500\n", StandardOpenOption.APPEND);
        try (Vault vault = vault()) {
            vault.newDataKey(new KeyRef("acme", "call-1", "mic"));
        }
        done("keys", "rotate", "--config", config.toString(), "--wrapping-only");
        String message = failed("keys", "retire", "--config", config.toString(), "--min-age", "0s");
        assertTrue(message.contains("the audit cannot be written"), message);
        Path broker = directory.resolve("broker");
        try (TestBroker late = TestBroker.start(broker)) {
            TopicAdmin.ensure(late.kafka());
            reaching(late.kafka().bootstrap());
            String retired = done("keys", "retire", "--config", config.toString(), "--min-age", "0s");
            assertTrue(retired.contains("[wrapping]"), retired);
        }
    }

    private void reaching(String bootstrap) throws Exception {
        Files.writeString(config, Files.readString(config).replace("127.0.0.1:9\n", bootstrap + "\n"));
    }

    private static List<AuditEvent> audit(KafkaSettings kafka, int count) {
        List<AuditEvent> events = new ArrayList<>();
        try (var consumer =
                new KafkaConsumer<>(kafka.reader(), new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(consumer.partitionsFor(Topics.AUDIT_EVENTS).stream()
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .toList());
            long begun = System.nanoTime();
            while (events.size() < count && System.nanoTime() - begun < 30_000_000_000L) {
                consumer.poll(Duration.ofMillis(200)).forEach(r -> events.add(AuditEvent.fromBytes(r.value())));
            }
        }
        assertEquals(count, events.size(), events.toString());
        return events;
    }

    @Test
    void whatChangesTheAuthorityOrSealsSaysSoInJsonToo() throws Exception {
        done("keys", "init", "--ca", ca.toString(), "--subject", "CN=Example CA");
        JsonNode issued =
                json("keys", "issue", "--ca", ca.toString(), "--config", config.toString(), "--subject", "CN=w");
        String serial = issued.get("serial").asText();
        vault().close();
        Path key = Files.write(directory.resolve("key"), MASTER);
        Path sealed = directory.resolve("key.cms");
        JsonNode seal = json(
                "keys",
                "seal",
                "--to",
                directory.resolve("vault/recipients.pem").toString(),
                "--in",
                key.toString(),
                "--out",
                sealed.toString());
        assertEquals(sealed.toString(), seal.get("sealed").asText());
        assertEquals(MASTER.length, seal.get("keyBytes").asInt());
        assertEquals(serial, seal.get("recipients").get(0).asText());
        assertFalse(seal.toString().contains("0f0f0f"), seal.toString());

        JsonNode revoked = json("keys", "revoke", "--ca", ca.toString(), serial);
        assertEquals(serial, revoked.get("revoked").get(0).asText());
        JsonNode crl = json("keys", "crl", "--ca", ca.toString());
        assertEquals(ca.resolve("crl.pem").toString(), crl.get("crl").asText());
        assertTrue(Instant.parse(crl.get("holdsUntil").asText())
                .isAfter(Instant.now().plus(Duration.ofDays(29))));
    }

    private static JsonNode json(String... arguments) throws Exception {
        String[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = "--json";
        return Json.mapper().readTree(done(all));
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

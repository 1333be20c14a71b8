package hansard.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.access.Access;
import hansard.access.Caller;
import hansard.access.Role;
import hansard.keys.KeyRef;
import hansard.keys.Pkcs12Vault;
import hansard.runtime.Json;
import hansard.runtime.KafkaSettings;
import hansard.runtime.Settings;
import hansard.runtime.StageContext;
import hansard.store.DirectoryStore;
import hansard.store.ObjectStore;
import hansard.testkit.TestBroker;
import hansard.wire.CallEvent;
import hansard.wire.Receipt;
import hansard.wire.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole stage on a real broker, with a clock that is moved. */
class RetentionServiceTest {
    private static final Instant START = Instant.parse("2026-11-01T09:00:00Z");

    @TempDir
    Path directory;

    private final MovedClock clock = new MovedClock(START);
    private final List<Throwable> faults = new CopyOnWriteArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private String bootstrap = "";
    private int port;

    @Test
    void callsAreHeldReleasedPurgedAndProved() throws Exception {
        users();
        try (TestBroker started = TestBroker.start(directory.resolve("broker"))) {
            bootstrap = started.kafka().bootstrap();
            RetentionService service = start();
            record("c1");
            record("c2");
            state("c2", "kept");
            refusalsAreInOrder();

            String holdId = placeHold("c1");
            assertEquals("held", get("/v1/retention/c1").path("state").asText(), "a hold is seen by who placed it");
            clock.move(Duration.ofDays(91));
            isPurged("c2");
            assertEquals("held", get("/v1/retention/c1").path("state").asText());
            assertEquals(List.of("default/c1/s1.webm"), store().list("default/c1/"));
            assertEquals(
                    409, post("{\"callId\":\"c2\",\"reason\":\"too late\"}").statusCode());

            service.close();
            service = start(); // the state comes back from the changelog
            state("c2", "purged");
            assertEquals(
                    204,
                    send("DELETE", "/v1/holds/" + holdId + "?reason=over", "olivia", "")
                            .statusCode());
            isPurged("c1");
            theAuditIsWhole();
            service.close();
        }
        assertEquals(List.of(), faults);
    }

    private void refusalsAreInOrder() throws Exception {
        assertEquals(400, post("{\"callId\":\"c1\",\"reason\":\" \"}").statusCode());
        assertEquals(404, post("{\"callId\":\"nothing\",\"reason\":\"x\"}").statusCode());
        assertEquals(403, send("GET", "/v1/retention/c1", "kim", "").statusCode());
        assertEquals(
                404,
                send("DELETE", "/v1/holds/c1-hold-1?reason=x", "olivia", "").statusCode());
        assertEquals(
                "default",
                get("/v1/policies").path("policies").path(0).path("name").asText());
    }

    private String placeHold(String callId) throws Exception {
        HttpResponse<String> answer = post("{\"callId\":\"" + callId + "\",\"reason\":\"an inquiry\"}");
        assertEquals(201, answer.statusCode(), answer.body());
        return json(answer).path("holdId").asText();
    }

    private void isPurged(String callId) throws Exception {
        Eventually.see(() -> whats(callId), w -> w.containsAll(Set.of("objects", "data-keys", "session-keys")));
        assertFalse(whats(callId).contains("call"), "the index has not given its receipt");
        Receipt index = new Receipt(
                callId + "-purge", Events.TENANT, callId, 1, "index", "index/replica-1", 1, "documents of the call");
        produce(Topics.RETENTION_RECEIPTS, callId, index.toBytes());
        state(callId, "purged");
        Eventually.see(() -> whats(callId), w -> w.contains("call"));
        assertTrue(store().list("default/" + callId + "/").isEmpty());
        assertEquals(
                "default/" + callId + "/s1",
                receipts(callId).stream()
                        .filter(r -> r.path("what").asText().equals("data-keys"))
                        .findFirst()
                        .orElseThrow()
                        .path("evidence")
                        .asText());
    }

    private void theAuditIsWhole() throws Exception {
        JsonNode audit =
                Eventually.see(() -> get("/v1/audit?callId=c1"), a -> actions(a).contains("purge.done"));
        assertEquals(List.of("purge.done", "purge.started", "hold.released", "hold.placed"), actions(audit));
        assertTrue(audit.path("chain").path("intact").asBoolean(), audit.toString());
        assertEquals(List.of("purge.done", "purge.started"), actions(get("/v1/audit?callId=c2")));
    }

    private static List<String> actions(JsonNode audit) {
        List<String> actions = new ArrayList<>();
        audit.path("events").forEach(e -> actions.add(e.path("action").asText()));
        while (actions.remove("audit.read")) {
            // reading is written down too, and is not what is looked for
        }
        return actions;
    }

    private void state(String callId, String wanted) throws InterruptedException {
        Eventually.see(
                () -> get("/v1/retention/" + callId),
                a -> a.path("state").asText().equals(wanted));
    }

    private Set<String> whats(String callId) {
        Set<String> whats = new TreeSet<>();
        receipts(callId).forEach(r -> whats.add(r.path("what").asText()));
        return whats;
    }

    private List<JsonNode> receipts(String callId) {
        List<JsonNode> receipts = new ArrayList<>();
        get("/v1/receipts?callId=" + callId).path("receipts").forEach(receipts::add);
        return receipts;
    }

    private RetentionService start() {
        Map<String, String> values = new HashMap<>();
        values.put("retention.http.port", "0");
        values.put("retention.check-interval", "200ms");
        values.put("retention.default.keep", "90d");
        values.put("kafka.bootstrap", bootstrap);
        values.put("kafka.instance", "test");
        values.put("kafka.partitions", "2");
        values.put("store.directory", directory.resolve("store").toString());
        values.put("vault.directory", directory.resolve("vault").toString());
        values.put("access.directory", directory.resolve("access").toString());
        values.put("data.directory", directory.resolve("data").toString());
        Settings settings = Settings.of(values);
        RetentionConfig config = RetentionConfig.from(settings);
        settings.check();
        RetentionService service = RetentionService.start(
                config, new StageContext(clock, new SimpleMeterRegistry(), (where, cause) -> faults.add(cause)));
        port = service.port();
        return service;
    }

    private void users() {
        Access access = Access.open(directory.resolve("access"));
        access.putUser(new Caller(Events.TENANT, "olivia", "Olivia", Set.of(Role.COMPLIANCE_OFFICER), List.of()), "pw");
        access.putUser(new Caller(Events.TENANT, "kim", "Kim", Set.of(Role.KNOWLEDGE_WORKER), List.of()), "pw");
    }

    /** A call of one stream, recorded and sealed: its events, its object, its data key. */
    private void record(String callId) throws Exception {
        for (CallEvent event : List.of(
                Events.opened(callId, START),
                Events.announced(callId, "s1", START),
                Events.closed(callId, START.plusSeconds(60), "s1"))) {
            produce(Topics.CALLS, callId, event.toBytes());
        }
        produce(
                Topics.RECORDING_ARTIFACTS,
                callId,
                Events.sealed(callId, START.plusSeconds(60)).toBytes());
        try (var vault = Pkcs12Vault.open(directory.resolve("vault"));
                ObjectStore.Upload upload = store().create("default/" + callId + "/s1.webm")) {
            vault.newDataKey(new KeyRef(Events.TENANT, callId, "s1"));
            upload.channel().write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
            upload.commit();
        }
    }

    private ObjectStore store() {
        return DirectoryStore.open(directory.resolve("store"));
    }

    private void produce(String topic, String key, byte[] value) throws Exception {
        try (var producer = new KafkaProducer<>(
                new KafkaSettings(bootstrap, "", 2, 1, Map.of()).producer(),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, key, value)).get(20, TimeUnit.SECONDS);
        }
    }

    private JsonNode get(String path) {
        return json(send("GET", path, "olivia", ""));
    }

    private HttpResponse<String> post(String body) {
        return send("POST", "/v1/holds", "olivia", body);
    }

    private HttpResponse<String> send(String method, String path, String user, String body) {
        String basic = Base64.getEncoder().encodeToString((user + ":pw").getBytes(StandardCharsets.UTF_8));
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", "Basic " + basic)
                .timeout(Duration.ofSeconds(40))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return Json.read(answer.body().getBytes(StandardCharsets.UTF_8), JsonNode.class);
    }
}

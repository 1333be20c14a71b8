package hansard.index;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.access.Access;
import hansard.access.Caller;
import hansard.access.Role;
import hansard.keys.DataKey;
import hansard.keys.Envelopes;
import hansard.keys.KeyRef;
import hansard.keys.Pkcs12Vault;
import hansard.keys.Vault;
import hansard.keys.VaultConfig;
import hansard.runtime.Json;
import hansard.runtime.KafkaSettings;
import hansard.runtime.StageContext;
import hansard.store.DirectoryStore;
import hansard.store.ObjectStore;
import hansard.store.SealedObjects;
import hansard.testkit.TestBroker;
import hansard.wire.Artifact;
import hansard.wire.AuditEvent;
import hansard.wire.CallEvent;
import hansard.wire.Receipt;
import hansard.wire.Redaction;
import hansard.wire.RetentionOrder;
import hansard.wire.StreamAccount;
import hansard.wire.TopicAdmin;
import hansard.wire.Topics;
import hansard.wire.Utterance;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole stage: a real broker, vault and store, over HTTP as a person would use it. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class IndexServiceTest {
    private static final String CALL = "c1";
    private static final String STREAM = "c1-p1";

    private static final Caller LISTENER =
            new Caller(Desk.TENANT, "nora", "Nora", Set.of(Role.COMPLIANCE_OFFICER, Role.ORIGINAL_LISTENER), List.of());

    @TempDir
    Path directory;

    private final List<Throwable> faults = new CopyOnWriteArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final byte[] media = new byte[300_000];
    private TestBroker broker;
    private KafkaSettings kafka;
    private Vault vault;
    private Envelopes envelopes;
    private DataKey key;
    private DataKey told;
    private KafkaProducer<String, byte[]> producer;
    private IndexService service;

    @BeforeEach
    void start() {
        broker = TestBroker.start(directory.resolve("broker"));
        kafka = broker.kafka();
        TopicAdmin.ensure(kafka);
        vault = Pkcs12Vault.open(directory.resolve("vault"));
        envelopes = new Envelopes(vault);
        key = vault.newDataKey(new KeyRef(Desk.TENANT, CALL, STREAM));
        told = vault.newDataKey(KeyRef.told(Desk.TENANT, CALL, STREAM));
        Access access = Access.open(directory.resolve("access"));
        for (Caller caller : List.of(Desk.OFFICER, Desk.ALICE, Desk.MALLORY, LISTENER)) {
            access.putUser(caller, "password of " + caller.user());
        }
        producer = new KafkaProducer<>(kafka.producer(), new StringSerializer(), new ByteArraySerializer());
        new Random(5).nextBytes(media);
        service = startService();
    }

    private IndexService startService() {
        IndexConfig config = new IndexConfig(
                "127.0.0.1",
                0,
                directory.resolve("index"),
                Duration.ofMillis(200),
                directory.resolve("access"),
                VaultConfig.embedded(directory.resolve("vault")),
                directory.resolve("store"),
                "1",
                kafka);
        return IndexService.start(
                config,
                new StageContext(Clock.systemUTC(), new SimpleMeterRegistry(), (where, cause) -> faults.add(cause)));
    }

    @AfterEach
    void stop() {
        service.close();
        producer.close();
        vault.close();
        broker.close();
        assertEquals(List.of(), faults);
    }

    @Test
    void callIsFoundPlayedAndErased() throws Exception {
        String alice = signIn("alice");
        String officer = signIn("olga");
        String mallory = signIn("mallory");
        send(
                Topics.CALLS,
                new CallEvent.CallOpened("e1", Desk.TENANT, CALL, Desk.START, "Order", "trading", "Acme", Map.of())
                        .toBytes());
        send(
                Topics.CALLS,
                new CallEvent.ParticipantJoined("e2", Desk.TENANT, CALL, Desk.START, "p1", "Alice Martin", "alice")
                        .toBytes());
        await(alice, "/v1/recordings", a -> a.get("total").asLong() == 1);

        try (Watching watching = new Watching(alice)) {
            assertTrue(watching.next("state").contains("\"live\""));
            said("please sell five", true);
            assertTrue(watching.next("utterance").contains("\"partial\":true"));
            said("please sell five hundred shares", false);
            assertTrue(watching.next("utterance").contains("five hundred shares"));
            finishCall();
            String state = watching.next("state");
            while (!state.contains("\"sealed\"")) {
                state = watching.next("state");
            }
            assertEquals("sealed", get(alice, "/v1/recordings/c1").get("state").asText(), "as the event says");
        }

        JsonNode found = await(
                alice, "/v1/search?q=%22five+hundred%22", a -> a.get("total").asLong() == 1);
        JsonNode hit = found.get("hits").get(0);
        assertEquals("Alice Martin", hit.get("participant").asText());
        assertEquals(
                "please sell <mark>five hundred</mark> shares",
                hit.get("snippet").asText());
        JsonNode report = get(alice, "/v1/recordings/c1/report");
        assertEquals(
                "Alice Martin", report.get("tracks").get(0).get("participant").asText());
        assertEquals(100, report.get("framed").asLong());
        assertEquals(
                "please sell five hundred shares",
                get(alice, "/v1/recordings/c1/transcript")
                        .get("utterances")
                        .get(0)
                        .get("text")
                        .asText());

        transcriptIsExported(alice);
        nothingForOutsiders(mallory);
        rangesPlay(alice);
        restartReadsOn(alice);
        alteredObjectBreaksOff(alice);
        purged(alice, officer);
        assertAudited();
    }

    /** Alice's own call; Olga oversees all, and Nora besides may hear what others may not. */
    @Test
    void whatWasSaidOfACardIsHeardOnlyByWhoMayHearOriginals() throws Exception {
        String alice = signIn("alice");
        String listener = signIn("nora");
        send(
                Topics.CALLS,
                new CallEvent.CallOpened("e1", Desk.TENANT, CALL, Desk.START, "Order", "trading", "Acme", Map.of())
                        .toBytes());
        send(
                Topics.CALLS,
                new CallEvent.ParticipantJoined("e2", Desk.TENANT, CALL, Desk.START, "p1", "Alice Martin", "alice")
                        .toBytes());
        artifact(withheld(store("default/c1/c1-p1.webm")));
        String track = "/v1/recordings/c1/media/" + STREAM;
        await(alice, "/v1/recordings", a -> a.get("total").asLong() == 1);
        JsonNode waiting = await(alice, "/v1/recordings/c1", a -> a.at("/tracks/0/sound")
                .asText()
                .equals("withheld"));
        assertTrue(waiting.at("/tracks/0/media").isNull());
        for (String form : List.of("", "?as=kept", "?segment=0", "?download=1")) {
            HttpResponse<byte[]> early = request(alice, "GET", track + form);
            assertEquals(409, early.statusCode(), form);
            assertTrue(
                    new String(early.body(), UTF_8).contains("waiting for redaction"), new String(early.body(), UTF_8));
        }
        for (String form : List.of("?original=1", "?original=1&as=kept", "?as=packets")) {
            HttpResponse<byte[]> refused = request(alice, "GET", track + form);
            assertEquals(403, refused.statusCode(), form);
            assertTrue(new String(refused.body(), UTF_8).contains("original-listener"), form);
        }
        assertArrayEquals(media, request(listener, "GET", track + "?original=1").body());
        assertEquals(409, request(listener, "GET", track).statusCode(), "who does not ask for it does not get it");

        byte[] original = media.clone();
        new Random(6).nextBytes(media);
        key = vault.newDataKey(KeyRef.redacted(Desk.TENANT, CALL, STREAM));
        String object = "default/c1/c1-p1.redacted/0.webm";
        ObjectStore.Committed redacted = store(object);
        artifact(new Artifact.RedactionStored(
                Desk.TENANT,
                CALL,
                Desk.START + 12_000_000,
                STREAM,
                0,
                "keep-original",
                List.of(new Redaction(Desk.START, Desk.START + 1, Redaction.Kind.CARD_NUMBER)),
                List.of(new Artifact.Segment(
                        "opus",
                        2,
                        Desk.START,
                        9_000_000,
                        new Artifact.StoredObject(object, redacted.sha256(), redacted.length(), "audio/webm"),
                        null)),
                ""));
        JsonNode given = await(alice, "/v1/recordings/c1", a -> a.at("/tracks/0/sound")
                .asText()
                .equals("redacted"));
        assertEquals(object, given.at("/tracks/0/object").asText());
        for (String form : List.of("", "?as=kept", "?segment=0")) {
            assertArrayEquals(media, request(alice, "GET", track + form).body(), form);
            assertArrayEquals(media, request(listener, "GET", track + form).body(), form);
        }
        range(alice, track, "bytes=100000-250000", 100_000, 250_000);
        assertEquals(403, request(alice, "GET", track + "?original=1").statusCode());
        assertArrayEquals(
                original, request(listener, "GET", track + "?original=1").body());
        assertEquals(
                400,
                request(listener, "GET", "/v1/recordings/c1/media/mix?original=1")
                        .statusCode());
        send(
                Topics.RETENTION_ORDERS,
                new RetentionOrder.DiscardOrdered(
                                "c1-discard-c1-p1",
                                Desk.TENANT,
                                CALL,
                                Desk.START + 13_000_000,
                                STREAM,
                                "discard-original",
                                List.of("default/c1/c1-p1.webm"))
                        .toBytes());
        JsonNode discarded =
                await(alice, "/v1/recordings/c1", a -> a.at("/tracks/0").has("discarded"));
        assertTrue(
                discarded.at("/tracks/0/discarded").asText().contains("by policy discard-original"),
                discarded.toString());
        for (String form : List.of("?original=1", "?original=1&as=kept", "?as=packets")) {
            HttpResponse<byte[]> gone = request(listener, "GET", track + form);
            assertEquals(410, gone.statusCode(), form);
            assertTrue(new String(gone.body(), UTF_8).contains("was not kept"), new String(gone.body(), UTF_8));
        }
        assertArrayEquals(media, request(alice, "GET", track).body());
        AuditEvent heard = AuditEvent.fromBytes(
                first(Topics.AUDIT_EVENTS, e -> AuditEvent.fromBytes(e).action().equals("play.original")));
        assertEquals("nora", heard.actor());
        assertEquals(STREAM, heard.detail().get("track"));
    }

    private static Artifact.TrackStored withheld(ObjectStore.Committed stored) {
        return new Artifact.TrackStored(
                Desk.TENANT,
                CALL,
                Desk.START + 10_000_000,
                Desk.stream(CALL, "p1"),
                0,
                new StreamAccount(100, 100, Map.of(), 0, 100, 0),
                Desk.START,
                9_000_000,
                0,
                new Artifact.StoredObject(stored.key(), stored.sha256(), stored.length(), "audio/webm"),
                List.of(),
                true);
    }

    private void finishCall() {
        send(
                Topics.CALLS,
                new CallEvent.CallClosed("e3", Desk.TENANT, CALL, Desk.START + 9_000_000, "", List.of(STREAM))
                        .toBytes());
        String object = "default/c1/c1-p1.webm";
        ObjectStore.Committed stored = store(object);
        artifact(new Artifact.TrackStored(
                Desk.TENANT,
                CALL,
                Desk.START + 10_000_000,
                Desk.stream(CALL, "p1"),
                0,
                new StreamAccount(100, 100, Map.of(), 0, 100, 0),
                Desk.START,
                9_000_000,
                0,
                new Artifact.StoredObject(object, stored.sha256(), stored.length(), "audio/webm")));
        artifact(new Artifact.TranscriptStored(
                Desk.TENANT,
                CALL,
                Desk.START + 10_000_000,
                STREAM,
                0,
                1,
                new Artifact.StoredObject("default/c1/t", "0", 1, "application/json")));
        artifact(new Artifact.RecordingSealed(
                Desk.TENANT,
                CALL,
                Desk.START + 11_000_000,
                Desk.START + 9_000_000,
                Desk.START,
                Desk.START + 9_000_000));
    }

    private ObjectStore.Committed store(String objectKey) {
        SealedObjects objects = new SealedObjects(DirectoryStore.open(directory.resolve("store")), vault);
        try (SealedObjects.SealedUpload upload = objects.create(objectKey, key)) {
            ByteBuffer bytes = ByteBuffer.wrap(media);
            while (bytes.hasRemaining()) {
                upload.channel().write(bytes);
            }
            return upload.commit();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void nothingForOutsiders(String mallory) throws Exception {
        assertEquals(0, get(mallory, "/v1/search?q=shares").get("total").asLong());
        assertEquals(0, get(mallory, "/v1/recordings").get("total").asLong());
        for (String path :
                List.of("", "/transcript", "/transcript?format=txt", "/report", "/events", "/media/" + STREAM)) {
            HttpResponse<byte[]> hidden = request(mallory, "GET", "/v1/recordings/c1" + path);
            assertEquals(404, hidden.statusCode(), path);
            HttpResponse<byte[]> unknown = request(mallory, "GET", "/v1/recordings/c9" + path);
            assertEquals(
                    new String(unknown.body(), UTF_8),
                    new String(hidden.body(), UTF_8).replace("c1", "c9"),
                    "unauthorised and unknown look the same");
        }
        assertEquals(401, request("", "GET", "/v1/search?q=shares").statusCode());
        HttpResponse<byte[]> malformed = request(mallory, "GET", "/v1/search?q=%22open");
        assertEquals(400, malformed.statusCode());
        assertTrue(new String(malformed.body(), UTF_8).contains("at character 1"));
    }

    private void rangesPlay(String alice) throws Exception {
        String path = "/v1/recordings/c1/media/" + STREAM;
        HttpResponse<byte[]> whole = request(alice, "GET", path);
        assertEquals(200, whole.statusCode());
        assertArrayEquals(media, whole.body());
        assertEquals("audio/webm", header(whole, "content-type"));
        assertEquals("no-store", header(whole, "cache-control"));
        assertEquals("bytes", header(whole, "accept-ranges"));
        range(alice, path, "bytes=0-9", 0, 9);
        range(alice, path, "bytes=100000-250000", 100_000, 250_000);
        range(alice, path, "bytes=-10", 299_990, 299_999);
        range(alice, path, "bytes=299999-", 299_999, 299_999);
        HttpResponse<byte[]> outside = request(alice, "GET", path, "Range", "bytes=300000-");
        assertEquals(416, outside.statusCode());
        assertEquals("bytes */300000", header(outside, "content-range"));
        HttpResponse<byte[]> head = request(alice, "HEAD", path + "?download=1");
        assertEquals(200, head.statusCode());
        assertEquals("300000", header(head, "content-length"));
        assertEquals("inline; filename=\"c1-c1-p1.webm\"", header(head, "content-disposition"));
        assertEquals(404, request(alice, "GET", "/v1/recordings/c1/media/mix").statusCode());
    }

    private void range(String token, String path, String range, int first, int last) throws Exception {
        HttpResponse<byte[]> part = request(token, "GET", path, "Range", range);
        assertEquals(206, part.statusCode());
        assertEquals("bytes " + first + "-" + last + "/300000", header(part, "content-range"));
        assertArrayEquals(Arrays.copyOfRange(media, first, last + 1), part.body());
    }

    private void alteredObjectBreaksOff(String alice) throws Exception {
        Path object = directory.resolve("store/default/c1/c1-p1.webm");
        byte[] bytes = Files.readAllBytes(object);
        bytes[bytes.length / 2] ^= 1;
        Files.write(object, bytes);
        assertThrows(IOException.class, () -> request(alice, "GET", "/v1/recordings/c1/media/" + STREAM));
        range(alice, "/v1/recordings/c1/media/" + STREAM, "bytes=0-9", 0, 9);
    }

    private void restartReadsOn(String alice) throws Exception {
        service.close();
        service = startService();
        assertEquals(1, get(alice, "/v1/search?q=shares").get("total").asLong(), "nothing is read twice or lost");
    }

    private void purged(String alice, String officer) throws Exception {
        vault.destroy(Desk.TENANT, CALL);
        send(
                Topics.RETENTION_ORDERS,
                new RetentionOrder.PurgeOrdered("o1", Desk.TENANT, CALL, Desk.START + 20_000_000, "trading").toBytes());
        Receipt receipt = Receipt.fromBytes(first(Topics.RETENTION_RECEIPTS, r -> true));
        assertEquals("o1", receipt.orderId());
        assertEquals("index/1", receipt.by());
        assertEquals(0, get(alice, "/v1/search?q=shares").get("total").asLong());
        assertEquals(404, request(alice, "GET", "/v1/recordings/c1").statusCode());
        JsonNode left = get(officer, "/v1/recordings/c1");
        assertEquals("purged", left.get("state").asText());
        assertFalse(left.has("tracks"));
        assertEquals(
                404,
                request(officer, "GET", "/v1/recordings/c1/media/" + STREAM).statusCode());
    }

    private void transcriptIsExported(String token) throws Exception {
        HttpResponse<byte[]> vtt = request(token, "GET", "/v1/recordings/c1/transcript?format=vtt");
        assertEquals(200, vtt.statusCode());
        assertEquals(
                "text/vtt; charset=utf-8",
                vtt.headers().firstValue("Content-Type").orElse(""));
        assertEquals(
                "attachment; filename=\"c1.vtt\"",
                vtt.headers().firstValue("Content-Disposition").orElse(""));
        String cues = new String(vtt.body(), UTF_8);
        assertTrue(cues.contains("<v Alice Martin>please sell five hundred shares</v>"), cues);
        assertEquals(
                400,
                request(token, "GET", "/v1/recordings/c1/transcript?format=pdf").statusCode());
    }

    private void assertAudited() {
        AuditEvent export = AuditEvent.fromBytes(
                first(Topics.AUDIT_EVENTS, e -> AuditEvent.fromBytes(e).action().equals("export")));
        assertEquals("alice", export.actor());
        assertEquals("vtt", export.detail().get("format"));
        AuditEvent search = AuditEvent.fromBytes(
                first(Topics.AUDIT_EVENTS, e -> AuditEvent.fromBytes(e).action().equals("search")));
        assertNotNull(search.detail().get("query"));
        AuditEvent play = AuditEvent.fromBytes(
                first(Topics.AUDIT_EVENTS, e -> AuditEvent.fromBytes(e).action().equals("play")));
        assertEquals("alice", play.actor());
        assertEquals(STREAM, play.detail().get("track"));
    }

    private void said(String text, boolean partial) {
        Utterance plain = Desk.utteranceOf(CALL, "p1", 1, text, partial);
        send(
                Topics.TRANSCRIPTS,
                new Utterance(
                                plain.utteranceId(),
                                Desk.TENANT,
                                CALL,
                                STREAM,
                                0,
                                "p1",
                                plain.startMicros(),
                                plain.endMicros(),
                                partial,
                                "test",
                                envelopes.seal(
                                        told,
                                        Topics.TRANSCRIPTS,
                                        plain.utteranceId(),
                                        plain.sealed().array()))
                        .toBytes());
    }

    private void artifact(Artifact artifact) {
        send(Topics.RECORDING_ARTIFACTS, artifact.toBytes());
    }

    private void send(String topic, byte[] value) {
        try {
            producer.send(new ProducerRecord<>(topic, CALL, value)).get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** The first record of a topic that is wanted; waits for it. */
    private byte[] first(String topic, Predicate<byte[]> wanted) {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(kafka.reader(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            consumer.partitionsFor(topic).forEach(p -> partitions.add(new TopicPartition(topic, p.partition())));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (true) {
                for (ConsumerRecord<byte[], byte[]> r : consumer.poll(Duration.ofSeconds(1))) {
                    if (wanted.test(r.value())) {
                        return r.value();
                    }
                }
            }
        }
    }

    private String signIn(String user) throws Exception {
        HttpResponse<byte[]> answer = http.send(
                HttpRequest.newBuilder(uri("/v1/session"))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(
                                Json.bytes(Map.of("user", user, "password", "password of " + user))))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        assertEquals(200, answer.statusCode(), new String(answer.body(), UTF_8));
        assertTrue(header(answer, "set-cookie").startsWith("hansard_session="));
        return Json.read(answer.body(), JsonNode.class).get("token").asText();
    }

    private JsonNode get(String token, String path) throws Exception {
        HttpResponse<byte[]> answer = request(token, "GET", path);
        assertEquals(200, answer.statusCode(), path + ": " + new String(answer.body(), UTF_8));
        return Json.read(answer.body(), JsonNode.class);
    }

    private JsonNode await(String token, String path, Predicate<JsonNode> wanted) throws Exception {
        JsonNode answer = get(token, path);
        while (!wanted.test(answer)) { // the test's own timeout ends this
            TimeUnit.MILLISECONDS.sleep(50);
            answer = get(token, path);
        }
        return answer;
    }

    private HttpResponse<byte[]> request(String token, String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(path)).method(method, HttpRequest.BodyPublishers.noBody());
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + service.port() + path);
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    /** A live page: the event stream of the call. */
    private final class Watching implements AutoCloseable {
        private final BufferedReader lines;

        Watching(String token) throws Exception {
            HttpResponse<InputStream> answer = http.send(
                    HttpRequest.newBuilder(uri("/v1/recordings/c1/events"))
                            .header("Authorization", "Bearer " + token)
                            .build(),
                    HttpResponse.BodyHandlers.ofInputStream());
            assertEquals(200, answer.statusCode());
            lines = new BufferedReader(new InputStreamReader(answer.body(), UTF_8));
        }

        /** The data of the next event of a name. */
        String next(String name) throws Exception {
            String event = "";
            while (true) {
                String line = lines.readLine();
                if (line == null) {
                    throw new AssertionError("the events ended before " + name);
                }
                if (line.startsWith("event:")) {
                    event = line.substring(6).strip();
                } else if (line.startsWith("data:") && event.equals(name)) {
                    return line;
                }
            }
        }

        @Override
        public void close() throws Exception {
            lines.close();
        }
    }
}

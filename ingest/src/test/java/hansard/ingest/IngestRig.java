package hansard.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import hansard.access.Access;
import hansard.access.Caller;
import hansard.access.Role;
import hansard.runtime.Json;
import hansard.runtime.KafkaSettings;
import hansard.runtime.Settings;
import hansard.runtime.StageContext;
import hansard.wire.CallEvent;
import hansard.wire.SealedSessionKeys;
import hansard.wire.SrtpRecord;
import hansard.wire.Topics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** An ingest on a real broker, spoken to over real HTTP and real UDP. */
final class IngestRig implements AutoCloseable {
    static final String SEALED_KEY = Base64.getEncoder().encodeToString(new byte[] {0x30, 1, 2, 3});
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final CopyOnWriteArrayList<Throwable> faults = new CopyOnWriteArrayList<>();
    final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final KafkaSettings kafka;
    private final Path directory;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final DatagramSocket sender;
    private final String token;
    private IngestService service;

    record Answer(int status, JsonNode body) {
        String detail() {
            return body.path("detail").asText();
        }

        Answer expect(int wanted) {
            assertEquals(wanted, status, body.toString());
            return this;
        }
    }

    /** @param name of the test: the ingest takes up only what a test of the same name left */
    IngestRig(KafkaSettings broker, String name, Path directory, Map<String, String> more) {
        this.kafka =
                new KafkaSettings(broker.bootstrap(), name, broker.partitions(), broker.replication(), broker.extra());
        this.directory = directory;
        try {
            this.sender = new DatagramSocket();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Access access = Access.open(directory.resolve("access"));
        access.putUser(new Caller("default", "sfu", "The SFU", Set.of(Role.CONNECTOR), List.of()), "fork it");
        access.putUser(new Caller("default", "kim", "Kim", Set.of(Role.KNOWLEDGE_WORKER), List.of()), "read it");
        access.putUser(new Caller("other", "foreign", "Foreign", Set.of(Role.CONNECTOR), List.of()), "spy it");
        this.token = access.login("sfu", "fork it");
        int first = freePort();
        settings.put("ingest.http.port", "0");
        settings.put("ingest.udp.ports", first + "-" + (first + 20));
        settings.put("access.directory", directory.resolve("access").toString());
        settings.put("kafka.bootstrap", kafka.bootstrap());
        settings.put("kafka.instance", name);
        settings.put("kafka.partitions", Integer.toString(kafka.partitions()));
        settings.putAll(more);
        this.service = startService();
    }

    static int freePort() {
        try (DatagramSocket socket = new DatagramSocket()) {
            return Math.min(65_000, socket.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private IngestService startService() {
        Settings s = Settings.of(settings);
        IngestConfig config = IngestConfig.from(s);
        s.check();
        return IngestService.start(
                config, new StageContext(InstantSource.system(), meters, (where, cause) -> faults.add(cause)));
    }

    void stop() {
        service.close();
    }

    void restart() {
        service = startService();
    }

    Map<String, String> healthProblems() {
        return service.health().problems();
    }

    String tokenOf(String user, String password) {
        return Access.open(directory.resolve("access")).login(user, password);
    }

    Answer post(String path, Map<String, ?> body) {
        return send("POST", path, Json.bytes(body), token);
    }

    Answer post(String path, Map<String, ?> body, String as) {
        return send("POST", path, Json.bytes(body), as);
    }

    Answer get(String path) {
        return send("GET", path, null, token);
    }

    Answer delete(String path) {
        return send("DELETE", path, null, token);
    }

    Answer send(String method, String path, byte @Nullable [] body, @Nullable String as) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + service.httpPort() + path))
                .timeout(Duration.ofSeconds(60))
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        if (as != null) {
            request.header("Authorization", "Bearer " + as);
        }
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            String text = response.body();
            boolean json =
                    response.headers().firstValue("content-type").orElse("").contains("json");
            JsonNode node = text.isEmpty()
                    ? MissingNode.getInstance()
                    : json
                            ? Json.mapper().readTree(text)
                            : Json.mapper().getNodeFactory().textNode(text);
            return new Answer(response.statusCode(), node);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Opens a call with the participant {@code alice}. */
    String openCall(String callId) {
        post("/v1/calls", Map.of("callId", callId, "title", "A call")).expect(201);
        post("/v1/calls/" + callId + "/participants", Map.of("participantId", "alice", "displayName", "Alice"))
                .expect(201);
        return callId;
    }

    /** A right announcement, to be spoilt. */
    static Map<String, Object> opus(String streamId) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("streamId", streamId);
        body.put("participantId", "alice");
        body.put("kind", "audio");
        body.put("codec", "opus");
        body.put("clockRate", 48_000);
        body.put("channels", 2);
        body.put("payloadTypes", Map.of("111", "opus"));
        body.put("suite", "AES_CM_128_HMAC_SHA1_80");
        body.put("sealedKey", SEALED_KEY);
        return body;
    }

    /** Announces a stream and gives its port. */
    int announce(String callId, Map<String, ?> body) {
        return post("/v1/calls/" + callId + "/streams", body)
                .expect(201)
                .body()
                .path("port")
                .asInt();
    }

    void sendTo(int port, byte[] datagram) {
        try {
            sender.send(new DatagramPacket(datagram, datagram.length, InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends no faster than the ingest counts them: the kernel's buffer on a test machine holds few. */
    void sendAll(String callId, String streamId, int port, List<byte[]> datagrams) {
        long before = stream(callId, streamId).path("received").asLong();
        for (int i = 0; i < datagrams.size(); i++) {
            sendTo(port, datagrams.get(i));
            if (i % 100 == 99 || i == datagrams.size() - 1) {
                awaitStream(callId, streamId, "received", before + i + 1);
            }
        }
    }

    JsonNode stream(String callId, String streamId) {
        for (JsonNode stream : get("/v1/calls/" + callId).expect(200).body().path("streams")) {
            if (stream.path("streamId").asText().equals(streamId)) {
                return stream;
            }
        }
        return fail("no stream " + streamId);
    }

    void awaitStream(String callId, String streamId, String field, long value) {
        await(
                () -> stream(callId, streamId).path(field).asLong() == value,
                () -> field + " to be " + value + " in " + stream(callId, streamId));
    }

    static void await(BooleanSupplier condition, java.util.function.Supplier<String> what) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                fail("waited in vain for " + what.get());
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    /** What is on media.srtp for a stream. */
    List<SrtpRecord> media(String streamId) {
        List<SrtpRecord> records = new ArrayList<>();
        new TopicReplay(kafka).read(Topics.MEDIA_SRTP, 0, r -> {
            if (streamId.equals(r.key())) {
                records.add(SrtpRecord.fromBytes(r.value()));
            }
        });
        return records;
    }

    /** The datagrams of a stream, after seeing that their ordinals leave no gap. */
    List<SrtpRecord.Datagram> datagrams(String streamId) {
        List<SrtpRecord.Datagram> all = new ArrayList<>();
        for (SrtpRecord record : media(streamId)) {
            if (record instanceof SrtpRecord.Datagrams bundle) {
                assertEquals(all.size(), bundle.firstOrdinal());
                all.addAll(bundle.datagrams());
            }
        }
        return all;
    }

    List<CallEvent> events(String callId) {
        List<CallEvent> events = new ArrayList<>();
        new TopicReplay(kafka).read(Topics.CALLS, 0, r -> {
            if (callId.equals(r.key())) {
                events.add(CallEvent.fromBytes(r.value()));
            }
        });
        return events;
    }

    /** What is on session.keys for a stream. */
    List<SealedSessionKeys> keys(String streamId) {
        List<SealedSessionKeys> records = new ArrayList<>();
        new TopicReplay(kafka).read(Topics.SESSION_KEYS, 0, r -> {
            if (streamId.equals(r.key())) {
                records.add(SealedSessionKeys.fromBytes(r.value()));
            }
        });
        return records;
    }

    KafkaSettings kafka() {
        return kafka;
    }

    @Override
    public void close() {
        service.close();
        sender.close();
        if (!faults.isEmpty()) {
            throw new AssertionError("the ingest failed during the test", faults.getFirst());
        }
    }
}

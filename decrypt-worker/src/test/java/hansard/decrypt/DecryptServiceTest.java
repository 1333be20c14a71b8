package hansard.decrypt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.keys.CertificateAuthority;
import hansard.keys.Envelopes;
import hansard.keys.KeyGroups;
import hansard.keys.KeyKeeperConfig;
import hansard.keys.KeyRef;
import hansard.keys.KeySealer;
import hansard.keys.Pkcs12Vault;
import hansard.keys.Vault;
import hansard.keys.VaultConfig;
import hansard.keys.WorkerKeys;
import hansard.runtime.ErrorCode;
import hansard.runtime.KafkaSettings;
import hansard.runtime.StageContext;
import hansard.testkit.Captures;
import hansard.testkit.FlakyVault;
import hansard.testkit.TestBroker;
import hansard.wire.AuditEvent;
import hansard.wire.Frame;
import hansard.wire.FrameRecord;
import hansard.wire.SealedSessionKeys;
import hansard.wire.SrtpRecord;
import hansard.wire.TopicAdmin;
import hansard.wire.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole service on a real broker, exactly once. */
class DecryptServiceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @TempDir
    static Path directory;

    private static TestBroker broker;
    private static KafkaSettings kafka;
    private static KafkaProducer<String, byte[]> producer;

    private final List<Throwable> faults = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void startBroker() {
        broker = TestBroker.start(directory.resolve("broker"));
        kafka = broker.kafka();
        TopicAdmin.ensure(kafka);
        producer = new KafkaProducer<>(kafka.producer(), new StringSerializer(), new ByteArraySerializer());
    }

    @AfterAll
    static void stopBroker() {
        producer.close();
        broker.close();
    }

    @Test
    void restartInMidCallGivesTheSameTrack() {
        CapturedStream stream =
                CapturedStream.of(Captures.load("opus-vp8-80-impaired")).getFirst();
        String id = stream.description().streamId();
        int half = stream.records().size() / 2;
        DecryptConfig config = config("restart");
        List<FrameRecord> records = new ArrayList<>();
        try (var reader = new Reader(Topics.MEDIA_FRAMES)) {
            try (Vault vault = Pkcs12Vault.open(config.vault().directory());
                    DecryptService worker = DecryptService.start(config, context())) {
                announce(stream, vault);
                send(stream.records().subList(0, half), id);
                reader.until(r -> records.addAll(framesOf(id, r)) && framesIn(records) > 500);
                assertEquals("", String.join("", worker.health().problems().values()));
            }
            send(stream.records().subList(half, stream.records().size()), id);
            try (DecryptService worker = DecryptService.start(config, context())) {
                reader.until(r -> {
                    records.addAll(framesOf(id, r));
                    return !records.isEmpty() && records.getLast() instanceof FrameRecord.Ended;
                });
                assertTrue(worker.httpPort() > 0);
            }
        }
        assertEquals(List.of(), faults);
        assertTrue(records.getFirst() instanceof FrameRecord.Opened);
        var account = ((FrameRecord.Ended) records.getLast()).account();
        assertEquals(stream.observed("decrypted"), account.framed());
        assertEquals(stream.observed("replay_fail"), account.rejectedTotal());
        assertEquals(stream.observed("seq_missing"), account.lost());
        try (Vault vault = Pkcs12Vault.open(config.vault().directory())) {
            assertEquals(account.framed(), openAll(stream, records, vault));
        }
    }

    @Test
    void vaultThatIsAwayDelaysAndLosesNothing() throws Exception {
        SyntheticStream stream = new SyntheticStream("patient");
        DecryptConfig config = config("away");
        FlakyVault vault = new FlakyVault(Pkcs12Vault.open(config.vault().directory()));
        vault.fail(ErrorCode.VAULT_UNAVAILABLE);
        List<FrameRecord> records = new ArrayList<>();
        try (DecryptService worker = DecryptService.start(config, context(), vault);
                var reader = new Reader(Topics.MEDIA_FRAMES);
                var audit = new Reader(Topics.AUDIT_EVENTS)) {
            producer.send(new ProducerRecord<>(
                    Topics.SESSION_KEYS,
                    "patient",
                    SealedSessionKeys.of(stream.description, KeySealer.seal(stream.keyAndSalt, vault.recipients()))
                            .toBytes()));
            producer.flush();
            send(List.of(stream.bundle(0, 40), SyntheticStream.closed()), "patient");
            HttpRequest health = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + worker.httpPort() + "/health"))
                    .build();
            try (HttpClient http = HttpClient.newHttpClient()) {
                long end = System.nanoTime() + PATIENCE.toNanos();
                while (get(http, health).statusCode() != 503 && System.nanoTime() < end) {
                    reader.during(Duration.ofMillis(200), r -> records.addAll(framesOf("patient", r)));
                }
                assertTrue(get(http, health).body().contains("vault"));
            }
            assertFalse(worker.health().problems().isEmpty());
            // long enough for the stream thread to be replaced at least once
            reader.during(Duration.ofSeconds(6), r -> records.addAll(framesOf("patient", r)));
            assertEquals(List.of(), records);
            vault.recover();
            reader.until(r -> {
                records.addAll(framesOf("patient", r));
                return !records.isEmpty() && records.getLast() instanceof FrameRecord.Ended;
            });
            audit.until(r -> {
                AuditEvent event = AuditEvent.fromBytes(r.value());
                return event.action().equals("key.opened") && event.detail().containsValue("patient");
            });
        }
        assertEquals(List.of(), faults);
        assertEquals(40, ((FrameRecord.Ended) records.getLast()).account().framed());
    }

    @Test
    void workerThatMayNotOpensNothingIsAuditedAndLosesNothing() throws Exception {
        SyntheticStream stream = new SyntheticStream("permitted");
        Path own = directory.resolve("permitted");
        CertificateAuthority authority = CertificateAuthority.openOrCreate(own.resolve("ca"), "CN=Example CA");
        Path crl = own.resolve("published.pem"); // not there yet: nobody knows what was revoked
        VaultConfig vault = new VaultConfig(
                own.resolve("vault"),
                authority.certificateFile(),
                crl,
                Duration.ofDays(7),
                new KeyGroups(KeyGroups.DEFAULT, Map.of()),
                new KeyKeeperConfig.Pkcs12());
        X509Certificate worker = WorkerKeys.issueInto(
                vault,
                authority,
                VaultConfig.workerRequest("CN=worker-1", Set.of(KeyGroups.DEFAULT), Duration.ofDays(1)));
        DecryptConfig config = new DecryptConfig(
                "127.0.0.1",
                0,
                own,
                vault,
                own.resolve("store"),
                kafka,
                Duration.ofMillis(250),
                Duration.ofMillis(100),
                256L << 20,
                "highest",
                1,
                java.util.Optional.empty());
        AtomicLong aheadSeconds = new AtomicLong();
        InstantSource clock = () -> Instant.now().plusSeconds(aheadSeconds.get());
        List<FrameRecord> records = new ArrayList<>();
        try (DecryptService service = DecryptService.start(
                        config,
                        new StageContext(clock, new SimpleMeterRegistry(), (where, cause) -> faults.add(cause)));
                var reader = new Reader(Topics.MEDIA_FRAMES);
                var audit = new Reader(Topics.AUDIT_EVENTS)) {
            producer.send(new ProducerRecord<>(
                    Topics.SESSION_KEYS,
                    "permitted",
                    SealedSessionKeys.of(stream.description, KeySealer.seal(stream.keyAndSalt, List.of(worker)))
                            .toBytes()));
            producer.flush();
            send(List.of(stream.bundle(0, 40), SyntheticStream.closed()), "permitted");
            audit.until(r -> {
                AuditEvent event = AuditEvent.fromBytes(r.value());
                return event.action().equals("key.refused")
                        && event.actor().equals("decrypt-worker/CN=worker-1")
                        && event.outcome().equals("refused")
                        && "revocation-unknown".equals(event.detail().get("reason"));
            });
            assertTrue(service.health().problems().get("vault.trust").contains("published.pem"));
            reader.during(Duration.ofSeconds(1), r -> records.addAll(framesOf("permitted", r)));
            assertEquals(List.of(), records);
            java.nio.file.Files.copy(authority.crlFile(), crl);
            aheadSeconds.set(61);
            reader.until(r -> {
                records.addAll(framesOf("permitted", r));
                return !records.isEmpty() && records.getLast() instanceof FrameRecord.Ended;
            });
        }
        assertEquals(List.of(), faults);
        assertEquals(40, ((FrameRecord.Ended) records.getLast()).account().framed());
    }

    private static HttpResponse<String> get(HttpClient http, HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private StageContext context() {
        return new StageContext(InstantSource.system(), new SimpleMeterRegistry(), (where, cause) -> faults.add(cause));
    }

    private static DecryptConfig config(String name) {
        Path own = directory.resolve(name);
        return new DecryptConfig(
                "127.0.0.1",
                0,
                own,
                VaultConfig.embedded(own.resolve("vault")),
                own.resolve("store"),
                kafka,
                Duration.ofMillis(250),
                Duration.ofMillis(100),
                256L << 20,
                "highest",
                1,
                java.util.Optional.empty());
    }

    private static void announce(CapturedStream stream, Vault vault) {
        producer.send(new ProducerRecord<>(
                Topics.SESSION_KEYS,
                stream.description().streamId(),
                SealedSessionKeys.of(stream.description(), KeySealer.seal(stream.keyAndSalt(), vault.recipients()))
                        .toBytes()));
        producer.flush();
    }

    private static void send(List<SrtpRecord> records, String streamId) {
        records.forEach(r -> producer.send(new ProducerRecord<>(Topics.MEDIA_SRTP, streamId, r.toBytes())));
        producer.flush();
    }

    private static List<FrameRecord> framesOf(String streamId, ConsumerRecord<String, byte[]> record) {
        return record.key().equals(streamId) ? List.of(FrameRecord.fromBytes(record.value())) : List.of();
    }

    private static long framesIn(List<FrameRecord> records) {
        return records.getLast() instanceof FrameRecord.Frames last ? last.ordinal() : 0;
    }

    private static long openAll(CapturedStream stream, List<FrameRecord> records, Vault vault) {
        Envelopes envelopes = new Envelopes(vault);
        var d = stream.description();
        long opened = 0;
        for (FrameRecord record : records) {
            if (record instanceof FrameRecord.Frames sealed) {
                assertEquals(opened, sealed.ordinal());
                opened += Frame.fromBytes(envelopes.open(
                                new KeyRef(d.tenant(), d.callId(), d.streamId()),
                                Topics.MEDIA_FRAMES,
                                d.streamId() + "/" + sealed.ordinal(),
                                sealed.sealed()))
                        .size();
            }
        }
        return opened;
    }

    /** Reads what is committed on a topic, from its beginning. */
    private static final class Reader implements AutoCloseable {
        private final KafkaConsumer<String, byte[]> consumer;
        private final Deque<ConsumerRecord<String, byte[]>> unread = new ArrayDeque<>();

        Reader(String topic) {
            consumer = new KafkaConsumer<>(kafka.reader(), new StringDeserializer(), new ByteArrayDeserializer());
            List<TopicPartition> all = consumer.partitionsFor(topic).stream()
                    .map(p -> new TopicPartition(topic, p.partition()))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
        }

        void until(Predicate<ConsumerRecord<String, byte[]>> isLast) {
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (System.nanoTime() < end) {
                while (!unread.isEmpty()) {
                    if (isLast.test(unread.removeFirst())) {
                        return;
                    }
                }
                consumer.poll(Duration.ofMillis(200)).forEach(unread::addLast);
            }
            throw new AssertionError("nothing such within " + PATIENCE);
        }

        void during(Duration time, Consumer<ConsumerRecord<String, byte[]>> each) {
            long end = System.nanoTime() + time.toNanos();
            while (System.nanoTime() < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(unread::addLast);
                while (!unread.isEmpty()) {
                    each.accept(unread.removeFirst());
                }
            }
        }

        @Override
        public void close() {
            consumer.close();
        }
    }
}

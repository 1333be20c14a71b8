package hansard.transcribe;

import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.audit.AuditLog;
import hansard.keys.DataKey;
import hansard.keys.Envelopes;
import hansard.keys.KeyRef;
import hansard.keys.Pkcs12Vault;
import hansard.keys.Vault;
import hansard.keys.VaultConfig;
import hansard.runtime.KafkaSettings;
import hansard.runtime.StageContext;
import hansard.store.DirectoryStore;
import hansard.store.SealedObjects;
import hansard.testkit.TestBroker;
import hansard.testkit.TopicContents;
import hansard.wire.MediaKind;
import hansard.wire.Octets;
import hansard.wire.SpeechRecord;
import hansard.wire.StreamDescription;
import hansard.wire.TopicAdmin;
import hansard.wire.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
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

/** A broker, a vault and a store of its own, the transcribe stage on them, and a hand that writes what transcode would. */
final class TestStage implements AutoCloseable {
    static final String TENANT = "default";
    static final Path MODEL = Path.of("target", "models", TranscribeConfig.DEFAULT_MODEL);
    static final String CALL = "call-1";

    private final TestBroker broker;
    private final KafkaSettings kafka;
    private final KafkaProducer<String, byte[]> producer;
    private final CopyOnWriteArrayList<Throwable> faults = new CopyOnWriteArrayList<>();
    private final Path directory;
    private final AuditLog audit;
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final Vault vault;
    final Envelopes envelopes;

    TestStage(Path directory) {
        this.directory = directory;
        broker = TestBroker.start(directory.resolve("broker"));
        kafka = broker.kafka();
        TopicAdmin.ensure(kafka);
        vault = Pkcs12Vault.open(vaultDirectory());
        envelopes = new Envelopes(vault);
        audit = new AuditLog(kafka, InstantSource.system());
        producer = new KafkaProducer<>(kafka.producer(), new StringSerializer(), new ByteArraySerializer());
    }

    Path store() {
        return directory.resolve("store");
    }

    Path vaultDirectory() {
        return directory.resolve("vault");
    }

    TranscribeService start() {
        return start(VaultConfig.embedded(vaultDirectory()));
    }

    TranscribeService start(VaultConfig keys) {
        return TranscribeService.start(
                new TranscribeConfig("127.0.0.1", 0, MODEL, TranscribeConfig.DEFAULT_MODEL, 2, keys, store(), kafka),
                context());
    }

    static StreamDescription stream(String streamId) {
        return stream(TENANT, streamId);
    }

    static StreamDescription stream(String tenant, String streamId) {
        return new StreamDescription(
                streamId,
                CALL,
                tenant,
                "alice",
                MediaKind.AUDIO,
                "opus",
                48_000,
                2,
                Map.of(111, "opus"),
                Map.of(),
                StreamDescription.Srtp.fresh("AES_CM_128_HMAC_SHA1_80"),
                null,
                5_000,
                false,
                "",
                "");
    }

    static KeyRef ref(String streamId) {
        return new KeyRef(TENANT, CALL, streamId);
    }

    /** A worker alone, with its keys from that vault. */
    TranscribeWorker worker(SpeechModel model, Vault keys, Consumer<LiveTrack> done) {
        StageContext context = context();
        Envelopes own = new Envelopes(keys);
        TranscriptPublisher publisher = new TranscriptPublisher(
                producer,
                own,
                new SealedObjects(DirectoryStore.open(store()), keys),
                audit,
                "transcribe/test",
                TranscribeConfig.DEFAULT_MODEL,
                context);
        return new TranscribeWorker(0, new TrackSession.Shared(model, keys, own, publisher, context), done);
    }

    SpeechRecord.Speech sealed(String streamId, DataKey key, Pcm pcm) {
        return new SpeechRecord.Speech(
                pcm.startMicros(),
                pcm.samples(),
                envelopes.seal(key, Topics.MEDIA_SPEECH, streamId + "/" + pcm.startMicros(), pcm.bytes()));
    }

    private StageContext context() {
        return new StageContext(InstantSource.system(), meters, (where, cause) -> faults.add(cause));
    }

    void opened(String streamId) {
        opened(streamId, 0);
    }

    void opened(String streamId, long generation) {
        send(streamId, new SpeechRecord.Opened(stream(streamId), generation).toBytes());
    }

    void ended(String streamId) {
        send(streamId, new SpeechRecord.Ended(stream(streamId), 0).toBytes());
    }

    void speech(String streamId, DataKey key, List<Pcm> stretches) {
        for (Pcm stretch : stretches) {
            speech(streamId, key, stretch.startMicros(), stretch.samples(), stretch.bytes());
        }
    }

    void speech(String streamId, DataKey key, long startMicros, int samples, byte[] pcm) {
        Octets sealed = envelopes.seal(key, Topics.MEDIA_SPEECH, streamId + "/" + startMicros, pcm);
        send(streamId, new SpeechRecord.Speech(startMicros, samples, sealed).toBytes());
    }

    void send(String streamId, byte[] record) {
        var ignored = producer.send(new ProducerRecord<>(Topics.MEDIA_SPEECH, streamId, record));
    }

    /** What is on a topic now. */
    List<ConsumerRecord<String, byte[]>> all(String topic) {
        return TopicContents.of(kafka, topic);
    }

    /** Everything on a topic so far, read from its beginning until something on it is as wanted; fails after three minutes. */
    List<ConsumerRecord<String, byte[]>> read(String topic, Predicate<ConsumerRecord<String, byte[]>> wanted) {
        List<ConsumerRecord<String, byte[]>> all = new ArrayList<>();
        long deadline = System.nanoTime() + Duration.ofMinutes(3).toNanos();
        try (var reader = new KafkaConsumer<>(kafka.reader(), new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = reader.partitionsFor(topic).stream()
                    .map(p -> new TopicPartition(topic, p.partition()))
                    .toList();
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            while (all.stream().noneMatch(wanted)) {
                assertTrue(
                        System.nanoTime() < deadline, () -> "not on " + topic + " in three minutes; faults: " + faults);
                reader.poll(Duration.ofMillis(200)).forEach(all::add);
            }
        }
        return all;
    }

    @Override
    public void close() {
        producer.close();
        audit.close();
        vault.close();
        broker.close();
        if (!faults.isEmpty()) {
            throw new AssertionError("the stage failed during the test", faults.getFirst());
        }
    }
}

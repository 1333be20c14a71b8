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
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
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
    static final ModelChoice MODELS =
            ModelChoice.only(new ModelConfig(TranscribeConfig.DEFAULT_MODEL, MODEL, "en", ""));
    static final String CALL = "call-1";
    /** Before the first word of every test, and within what the broker keeps. */
    static final long TRACK_MICROS = 1_700_000_000_000_000L;

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
                new TranscribeConfig(
                        "127.0.0.1", 0, MODELS, new RedactionPolicy(true, Map.of()), 2, 8, keys, store(), kafka),
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

    /** Whose keys seal its words. */
    static KeyRef told(String streamId) {
        return KeyRef.told(TENANT, CALL, streamId);
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
        ended(streamId, 0);
    }

    void ended(String streamId, long generation) {
        send(streamId, new SpeechRecord.Ended(stream(streamId), generation, TRACK_MICROS).toBytes());
    }

    /** One stretch of a generation 0, whole. */
    void speech(String streamId, DataKey key, List<Pcm> pieces) {
        speech(streamId, 0, key, pieces);
    }

    void speech(String streamId, long generation, DataKey key, List<Pcm> pieces) {
        began(stream(streamId), generation, pieces.getFirst().startMicros());
        pieces(streamId, key, pieces);
        paused(streamId, pieces.getFirst().startMicros());
    }

    void began(StreamDescription stream, long generation, long startMicros) {
        send(stream.streamId(), new SpeechRecord.Began(stream, generation, TRACK_MICROS, startMicros).toBytes());
    }

    void paused(String streamId, long startMicros) {
        send(streamId, new SpeechRecord.Paused(startMicros).toBytes());
    }

    void pieces(String streamId, DataKey key, List<Pcm> pieces) {
        for (Pcm piece : pieces) {
            piece(streamId, key, piece.startMicros(), piece.samples(), piece.bytes());
        }
    }

    void piece(String streamId, DataKey key, long startMicros, int samples, byte[] pcm) {
        Octets sealed = envelopes.seal(key, Topics.MEDIA_SPEECH, streamId + "/" + startMicros, pcm);
        send(streamId, new SpeechRecord.Speech(startMicros, samples, sealed).toBytes());
    }

    void send(String streamId, byte[] record) {
        var ignored = producer.send(new ProducerRecord<>(Topics.MEDIA_SPEECH, streamId, record));
    }

    /** Waits until the stage would begin, after a kill, with the last stretch of a stream. */
    void awaitLastStretchIsNext(String streamId) {
        ConsumerRecord<String, byte[]> last = all(Topics.MEDIA_SPEECH).stream()
                .filter(r ->
                        streamId.equals(r.key()) && SpeechRecord.fromBytes(r.value()) instanceof SpeechRecord.Began)
                .reduce((a, b) -> b)
                .orElseThrow();
        TopicPartition partition = new TopicPartition(last.topic(), last.partition());
        Map<String, Object> ofGroup = kafka.consumer("hansard-transcribe");
        ofGroup.remove("group.instance.id");
        long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        try (var reader = new KafkaConsumer<>(ofGroup, new StringDeserializer(), new ByteArrayDeserializer())) {
            while (true) {
                OffsetAndMetadata committed =
                        reader.committed(Set.of(partition)).get(partition);
                if (committed != null && committed.offset() == last.offset()) {
                    return;
                }
                assertTrue(System.nanoTime() < deadline, () -> "committed " + committed + ", not " + last.offset());
                LockSupport.parkNanos(50_000_000);
            }
        }
    }

    /** The next process begins from the beginning, as after a kill before anything was committed. Ours has ended. */
    void forgetWhatWasRead() {
        broker.forgetWhatWasRead("hansard-transcribe");
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

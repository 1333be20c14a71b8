package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertTrue;

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
import hansard.wire.Artifact;
import hansard.wire.CallEvent;
import hansard.wire.Frame;
import hansard.wire.FrameRecord;
import hansard.wire.RecordingOrder;
import hansard.wire.Redaction;
import hansard.wire.SpeechRecord;
import hansard.wire.StreamAccount;
import hansard.wire.StreamDescription;
import hansard.wire.TopicAdmin;
import hansard.wire.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
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

/** The stage's surroundings, real: a broker, a vault, a store; plays the decrypt-worker, the ingest and transcribe. */
final class Recorded implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final Path directory;
    final TestBroker broker;
    final KafkaSettings kafka;
    final Vault vault;
    final Envelopes envelopes;
    final SealedObjects objects;
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final ConcurrentLinkedQueue<Throwable> faults = new ConcurrentLinkedQueue<>();
    private final KafkaProducer<String, byte[]> producer;
    private final Map<String, DataKey> keys = new HashMap<>();
    private final Map<String, Long> ordinals = new HashMap<>();
    private final Map<String, Long> generations = new HashMap<>();

    Recorded(Path directory) {
        this.directory = directory;
        this.broker = TestBroker.start(directory.resolve("broker"));
        this.kafka = broker.kafka();
        TopicAdmin.ensure(kafka);
        this.vault = Pkcs12Vault.open(directory.resolve("vault"));
        this.envelopes = new Envelopes(vault);
        this.objects = new SealedObjects(DirectoryStore.open(directory.resolve("store")), vault);
        this.producer = new KafkaProducer<>(kafka.producer(), new StringSerializer(), new ByteArraySerializer());
    }

    TranscodeService startService() {
        return startService(VaultConfig.embedded(directory.resolve("vault")));
    }

    TranscodeService startService(VaultConfig keys) {
        return startService(keys, SoundPolicy.NONE);
    }

    TranscodeService startService(SoundPolicy redaction) {
        return startService(VaultConfig.embedded(directory.resolve("vault")), redaction);
    }

    private TranscodeService startService(VaultConfig keys, SoundPolicy redaction) {
        return TranscodeService.start(
                new TranscodeConfig(
                        "127.0.0.1",
                        0,
                        keys,
                        directory.resolve("store"),
                        directory.resolve("data"),
                        kafka,
                        true,
                        redaction,
                        true,
                        32_000,
                        5,
                        360,
                        15,
                        600_000),
                new StageContext(InstantSource.system(), meters, (where, cause) -> faults.add(cause)));
    }

    void opened(StreamDescription stream) {
        opened(stream, 0);
    }

    void opened(StreamDescription stream, long generation) {
        ordinals.remove(stream.streamId());
        generations.put(stream.streamId(), generation);
        send(Topics.MEDIA_FRAMES, stream.streamId(), new FrameRecord.Opened(stream, generation).toBytes());
    }

    /** In bundles of ten, as the decrypt-worker seals them. */
    void frames(StreamDescription stream, List<Frame> frames) {
        DataKey key = keys.computeIfAbsent(
                stream.streamId(), id -> vault.newDataKey(new KeyRef(stream.tenant(), stream.callId(), id)));
        for (int at = 0; at < frames.size(); at += 10) {
            List<Frame> bundle = frames.subList(at, Math.min(frames.size(), at + 10));
            long ordinal = ordinals.merge(stream.streamId(), (long) bundle.size(), Long::sum) - bundle.size();
            String subject =
                    FrameRecord.subject(stream.streamId(), generations.getOrDefault(stream.streamId(), 0L), ordinal);
            var sealed = envelopes.seal(key, Topics.MEDIA_FRAMES, subject, Frame.toBytes(bundle));
            send(Topics.MEDIA_FRAMES, stream.streamId(), new FrameRecord.Frames(ordinal, sealed).toBytes());
        }
    }

    void ended(StreamDescription stream, long framed, String reason) {
        var account = new StreamAccount(framed, framed, Map.of(), 0, framed, 0);
        long generation = generations.getOrDefault(stream.streamId(), 0L);
        send(
                Topics.MEDIA_FRAMES,
                stream.streamId(),
                new FrameRecord.Ended(stream, generation, account, 1, reason).toBytes());
    }

    void abandoned(StreamDescription stream) {
        long generation = generations.getOrDefault(stream.streamId(), 0L);
        send(Topics.MEDIA_FRAMES, stream.streamId(), new FrameRecord.Abandoned(generation).toBytes());
    }

    void track(StreamDescription stream, List<Frame> frames) {
        opened(stream);
        frames(stream, frames);
        ended(stream, frames.size(), "the call ended");
    }

    void call(CallEvent event) {
        send(Topics.CALLS, event.callId(), event.toBytes());
    }

    void artifact(Artifact artifact) {
        send(Topics.RECORDING_ARTIFACTS, artifact.callId(), artifact.toBytes());
    }

    /** A first transcript without words, in which these were found. */
    void transcribed(String callId, String streamId, Redaction... redactions) {
        artifact(new Artifact.TranscriptStored(
                "default",
                callId,
                1,
                streamId,
                0,
                0,
                new Artifact.StoredObject("t", "00", 1, "application/json"),
                List.of(redactions)));
    }

    void order(RecordingOrder order) {
        send(Topics.RECORDING_ORDERS, order.callId(), order.toBytes());
    }

    private void send(String topic, String key, byte[] value) {
        var unused = producer.send(new ProducerRecord<>(topic, key, value));
    }

    /** Reads a topic from its beginning until the records are as hoped; fails after a minute. */
    List<ConsumerRecord<String, byte[]>> await(String topic, Predicate<List<ConsumerRecord<String, byte[]>>> hoped) {
        List<ConsumerRecord<String, byte[]>> all = new ArrayList<>();
        try (var consumer =
                new KafkaConsumer<>(kafka.reader(), new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(p -> new TopicPartition(topic, p.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long until = System.nanoTime() + PATIENCE.toNanos();
            while (!hoped.test(all)) {
                assertTrue(faults.isEmpty(), () -> "the stage failed: " + faults);
                assertTrue(System.nanoTime() - until < 0, () -> topic + " has only " + all.size() + " records");
                consumer.poll(Duration.ofMillis(100)).forEach(all::add);
            }
        }
        return all;
    }

    List<Artifact> artifacts(String callId, Predicate<List<Artifact>> hoped) {
        return ofCall(callId, await(Topics.RECORDING_ARTIFACTS, records -> hoped.test(ofCall(callId, records))));
    }

    /** Those that are there already. */
    List<Artifact> artifacts(String callId) {
        return ofCall(callId, TopicContents.of(kafka, Topics.RECORDING_ARTIFACTS));
    }

    private static List<Artifact> ofCall(String callId, List<ConsumerRecord<String, byte[]>> records) {
        return records.stream()
                .filter(r -> r.key().equals(callId))
                .map(r -> Artifact.fromBytes(r.value()))
                .toList();
    }

    List<SpeechRecord> speech(String streamId, Predicate<List<SpeechRecord>> hoped) {
        return ofStream(streamId, await(Topics.MEDIA_SPEECH, records -> hoped.test(ofStream(streamId, records))));
    }

    private static List<SpeechRecord> ofStream(String streamId, List<ConsumerRecord<String, byte[]>> records) {
        return records.stream()
                .filter(r -> r.key().equals(streamId))
                .map(r -> SpeechRecord.fromBytes(r.value()))
                .toList();
    }

    static <T> List<T> only(List<?> some, Class<T> type) {
        return some.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Override
    public void close() {
        producer.close();
        vault.close();
        broker.close();
    }
}

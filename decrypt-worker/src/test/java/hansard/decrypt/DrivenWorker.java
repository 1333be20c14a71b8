package hansard.decrypt;

import hansard.keys.Envelopes;
import hansard.keys.KeyRef;
import hansard.keys.KeySealer;
import hansard.keys.Vault;
import hansard.store.DirectoryStore;
import hansard.store.SealedObjects;
import hansard.wire.AuditEvent;
import hansard.wire.Frame;
import hansard.wire.FrameRecord;
import hansard.wire.KeptFrames;
import hansard.wire.Observation;
import hansard.wire.Octets;
import hansard.wire.RejectReason;
import hansard.wire.Rejected;
import hansard.wire.SealedSessionKeys;
import hansard.wire.SrtpRecord;
import hansard.wire.StreamAccount;
import hansard.wire.StreamDescription;
import hansard.wire.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.test.TestRecord;

/** The worker's topology without a broker: records in, records out. */
final class DrivenWorker implements AutoCloseable {
    private static final List<String> STORES =
            List.of(DecryptProcessor.STREAMS, DecryptProcessor.KEYS, DecryptProcessor.PARKED, Reopenings.STORE);

    private final Path directory;
    private final Vault vault;
    private final long parkedBytes;
    private final Envelopes envelopes;
    private final SealedObjects objects;
    private final TopologyTestDriver driver;
    private final TestInputTopic<String, byte[]> keys;
    private final TestInputTopic<String, byte[]> media;
    private final TestOutputTopic<String, byte[]> frames;
    private final TestOutputTopic<String, byte[]> rejections;
    final RefusedStreams.Notice refusals = new RefusedStreams.Notice();
    final List<AuditEvent> audit;
    final List<FrameRecord> records = new ArrayList<>();
    final List<Rejected> rejected = new ArrayList<>();

    DrivenWorker(Path directory, Vault vault) {
        this(directory, vault, 64 << 20);
    }

    DrivenWorker(Path directory, Vault vault, long parkedBytes) {
        this(directory, vault, parkedBytes, new ArrayList<>());
    }

    private DrivenWorker(Path directory, Vault vault, long parkedBytes, List<AuditEvent> audit) {
        this.directory = directory;
        this.vault = vault;
        this.parkedBytes = parkedBytes;
        this.audit = audit;
        this.envelopes = new Envelopes(vault);
        this.objects = new SealedObjects(DirectoryStore.open(directory.resolve("store")), vault);
        DecryptTools tools = new DecryptTools(
                vault,
                envelopes,
                objects,
                new VaultPatience(100),
                refusals,
                new Auditor(audit::add, InstantSource.system(), "CN=test"),
                new DecryptMeters(new SimpleMeterRegistry()),
                Duration.ofMillis(250).toNanos() / 1_000,
                parkedBytes,
                "highest");
        Properties p = new Properties();
        p.put("application.id", "driven");
        p.put("bootstrap.servers", "none:9");
        p.put("state.dir", directory.toString());
        driver = new TopologyTestDriver(DecryptTopology.of(tools), p);
        keys = driver.createInputTopic(Topics.SESSION_KEYS, new StringSerializer(), new ByteArraySerializer());
        media = driver.createInputTopic(Topics.MEDIA_SRTP, new StringSerializer(), new ByteArraySerializer());
        frames = driver.createOutputTopic(Topics.MEDIA_FRAMES, new StringDeserializer(), new ByteArrayDeserializer());
        rejections =
                driver.createOutputTopic(Topics.MEDIA_REJECTED, new StringDeserializer(), new ByteArrayDeserializer());
    }

    void key(StreamDescription stream, byte[] keyAndSalt) {
        key(stream, keyAndSalt, vault.recipients());
    }

    void key(StreamDescription stream, byte[] keyAndSalt, List<X509Certificate> recipients) {
        keys.pipeInput(
                stream.streamId(),
                SealedSessionKeys.of(stream, KeySealer.seal(keyAndSalt, recipients))
                        .toBytes());
        collect();
    }

    /** Another master key for a stream: the record adds it to those that are known. */
    void key(StreamDescription stream, byte[] mki, Octets cms) {
        keys.pipeInput(
                stream.streamId(),
                new SealedSessionKeys(stream, List.of(new SealedSessionKeys.MasterKey(Octets.of(mki), cms)), List.of())
                        .toBytes());
        collect();
    }

    void key(StreamDescription stream, byte[] mki, byte[] keyAndSalt) {
        key(stream, mki, KeySealer.seal(keyAndSalt, vault.recipients()));
    }

    void send(String streamId, SrtpRecord record) {
        media.pipeInput(streamId, record.toBytes());
        collect();
    }

    void keys(SealedSessionKeys sealed) {
        keys.pipeInput(sealed.stream().streamId(), sealed.toBytes());
        collect();
    }

    void forgetKeys(String streamId) {
        keys.pipeInput(streamId, (byte[]) null);
        collect();
    }

    /** Puts a track's frames into the store, as transcode does for one of which some are still sealed. */
    void keepFrames(StreamDescription stream, long generation) {
        FrameRecord.Ended ended = ended(stream, generation);
        KeyRef ref = new KeyRef(stream.tenant(), stream.callId(), stream.streamId());
        try (SealedObjects.SealedUpload upload = objects.create(KeptFrames.objectKey(stream), vault.newDataKey(ref))) {
            new KeptFrames(stream, generation, ended.account(), ended.endedMicros(), ended.reason())
                    .writeTo(upload.channel());
            List<Frame> frames = opened(stream, generation);
            for (int at = 0; at < frames.size(); at += 10) {
                KeptFrames.write(upload.channel(), Frame.toBytes(frames.subList(at, Math.min(at + 10, frames.size()))));
            }
            upload.commit();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int reopeningsUnderWay() {
        int count = 0;
        try (KeyValueIterator<String, byte[]> all =
                driver.<String, byte[]>getKeyValueStore(Reopenings.STORE).all()) {
            while (all.hasNext()) {
                all.next();
                count++;
            }
        }
        return count;
    }

    /** So much time passes. */
    void pass(Duration time) {
        driver.advanceWallClockTime(time);
        collect();
    }

    private void collect() {
        for (TestRecord<String, byte[]> r : frames.readRecordsToList()) {
            records.add(FrameRecord.fromBytes(r.value()));
        }
        for (TestRecord<String, byte[]> r : rejections.readRecordsToList()) {
            rejected.add(Rejected.fromBytes(r.value()));
        }
    }

    /** A new process with what the changelogs hold; nothing else survives. */
    DrivenWorker restarted() {
        List<Map<String, byte[]>> kept = new ArrayList<>();
        for (String store : STORES) {
            Map<String, byte[]> entries = new LinkedHashMap<>();
            try (KeyValueIterator<String, byte[]> all =
                    driver.<String, byte[]>getKeyValueStore(store).all()) {
                while (all.hasNext()) {
                    KeyValue<String, byte[]> e = all.next();
                    entries.put(e.key, e.value);
                }
            }
            kept.add(entries);
        }
        driver.close();
        DrivenWorker next = new DrivenWorker(directory, vault, parkedBytes, audit);
        next.records.addAll(records);
        next.rejected.addAll(rejected);
        for (int i = 0; i < STORES.size(); i++) {
            var store = next.driver.<String, byte[]>getKeyValueStore(STORES.get(i));
            kept.get(i).forEach(store::put);
        }
        return next;
    }

    /** What arrives, a record for each packet, with a restart in the middle; then the end. @return the worker after the restart */
    DrivenWorker played(StreamDescription stream, byte[] keyAndSalt, List<SrtpRecord.Datagram> wire) {
        DrivenWorker worker = this;
        worker.key(stream, keyAndSalt);
        long ordinal = 0;
        for (SrtpRecord.Datagram datagram : wire) {
            worker.send(stream.streamId(), new SrtpRecord.Datagrams(ordinal, List.of(datagram)));
            if (++ordinal == wire.size() / 2) {
                worker = worker.restarted();
                worker.key(stream, keyAndSalt);
            }
        }
        worker.send(stream.streamId(), new SrtpRecord.Closed(wire.getLast().arrivalMicros() + 1_000_000, 0, "left"));
        return worker;
    }

    /** Where a stream's datagrams went, which must add up. */
    StreamAccount account(StreamDescription stream) {
        StreamAccount account = ended(stream).account();
        if (!account.addsUp() || account.inFlight() != 0) {
            throw new AssertionError(account.toString());
        }
        return account;
    }

    /** Everything that went to a topic which is not an output: the changelogs, end to end. */
    byte[] changelogs() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String topic : driver.producedTopicNames()) {
            if (topic.endsWith("-changelog")) {
                var out = driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
                for (TestRecord<byte[], byte[]> r : out.readRecordsToList()) {
                    if (r.value() != null) {
                        bytes.writeBytes(r.value());
                    }
                }
            }
        }
        return bytes.toByteArray();
    }

    byte[] storedState(String streamId) {
        return driver.<String, byte[]>getKeyValueStore(DecryptProcessor.STREAMS).get(streamId);
    }

    /** The frames of a stream as the call was held, opened, in the order they were written; ordinals are checked. */
    List<Frame> opened(StreamDescription stream) {
        return opened(stream, 0);
    }

    List<Frame> opened(StreamDescription stream, long generation) {
        KeyRef ref = new KeyRef(stream.tenant(), stream.callId(), stream.streamId());
        List<Frame> found = new ArrayList<>();
        long current = -1;
        for (FrameRecord record : recordsOf(stream)) {
            if (record instanceof FrameRecord.Opened begun) {
                current = begun.generation();
            }
            if (current == generation && record instanceof FrameRecord.Frames sealed) {
                if (sealed.ordinal() != found.size()) {
                    throw new AssertionError("ordinal " + sealed.ordinal() + " after " + found.size() + " frames");
                }
                found.addAll(Frame.fromBytes(envelopes.open(
                        ref,
                        Topics.MEDIA_FRAMES,
                        FrameRecord.subject(stream.streamId(), generation, sealed.ordinal()),
                        sealed.sealed())));
            }
        }
        return found;
    }

    /** What was said of a stream besides its frames. */
    List<Observation> observations(StreamDescription stream) {
        List<Observation> all = new ArrayList<>();
        for (FrameRecord record : recordsOf(stream)) {
            if (record instanceof FrameRecord.Observed observed) {
                all.addAll(observed.observations());
            }
        }
        return all;
    }

    /** One stream's records: they are not interleaved with another's in any test that calls this. */
    private List<FrameRecord> recordsOf(StreamDescription stream) {
        List<FrameRecord> own = new ArrayList<>();
        boolean current = false;
        for (FrameRecord record : records) {
            current = switch (record) {
                case FrameRecord.Opened opened -> opened.stream().equals(stream);
                case FrameRecord.Ended ended -> ended.stream().equals(stream);
                case FrameRecord.Frames frames -> current;
                case FrameRecord.Abandoned abandoned -> current;
                case FrameRecord.Observed observed -> current;
            };
            if (current) {
                own.add(record);
            }
        }
        return own;
    }

    FrameRecord.Ended ended(StreamDescription stream) {
        return ended(stream, 0);
    }

    /** Generations of the stream that are whole, in order. */
    List<Long> generations(StreamDescription stream) {
        return records.stream()
                .filter(r -> r instanceof FrameRecord.Ended e && e.stream().equals(stream))
                .map(r -> ((FrameRecord.Ended) r).generation())
                .toList();
    }

    FrameRecord.Ended ended(StreamDescription stream, long generation) {
        return records.stream()
                .filter(r ->
                        r instanceof FrameRecord.Ended e && e.stream().equals(stream) && e.generation() == generation)
                .map(FrameRecord.Ended.class::cast)
                .reduce((a, b) -> {
                    throw new AssertionError("ended twice");
                })
                .orElseThrow();
    }

    /** What the rejected topic says, summed by reason. */
    Map<RejectReason, Long> rejectedSums(String streamId) {
        Map<RejectReason, Long> sums = new EnumMap<>(RejectReason.class);
        rejected.stream()
                .filter(r -> r.streamId().equals(streamId))
                .forEach(r -> sums.merge(r.reason(), r.count(), Long::sum));
        return sums;
    }

    List<String> auditActions() {
        return audit.stream().map(AuditEvent::action).toList();
    }

    @Override
    public void close() {
        driver.close();
    }
}

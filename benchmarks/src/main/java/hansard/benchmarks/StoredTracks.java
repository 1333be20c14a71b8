package hansard.benchmarks;

import hansard.runtime.KafkaSettings;
import hansard.wire.Artifact;
import hansard.wire.StreamAccount;
import hansard.wire.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/** What became of the streams, as {@code recording.artifacts} tells it. Read after the load, so that reading costs the broker nothing. */
final class StoredTracks {
    private final Map<String, Artifact.TrackStored> tracks = new HashMap<>();
    private final Set<String> sealed = new HashSet<>();
    private final List<String> empty = new ArrayList<>();

    /** Reads until as many recordings are sealed. */
    static StoredTracks await(KafkaSettings kafka, int calls, int seconds) {
        StoredTracks found = new StoredTracks();
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(kafka.reader(), new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.RECORDING_ARTIFACTS).stream()
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            while (found.sealed.size() < calls) {
                consumer.poll(Duration.ofMillis(500)).forEach(record -> found.take(Artifact.fromBytes(record.value())));
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException(
                            found.sealed.size() + " of " + calls + " recordings were sealed within " + seconds + " s, "
                                    + found.tracks.size() + " tracks stored, " + found.empty.size() + " empty "
                                    + found.empty.stream().limit(3).toList());
                }
            }
        }
        return found;
    }

    private void take(Artifact artifact) {
        if (artifact instanceof Artifact.TrackStored track) {
            tracks.put(track.stream().streamId(), track);
        } else if (artifact instanceof Artifact.RecordingSealed call) {
            sealed.add(call.callId());
        } else if (artifact instanceof Artifact.TrackEmpty track) {
            empty.add(track.reason());
        }
    }

    Artifact.@Nullable TrackStored bySsrc(int ssrc) {
        return tracks.values().stream()
                .filter(track -> Long.valueOf(Integer.toUnsignedLong(ssrc))
                        .equals(track.stream().ssrc()))
                .findFirst()
                .orElse(null);
    }

    int count() {
        return tracks.size();
    }

    long received() {
        return tracks.values().stream().mapToLong(t -> t.account().received()).sum();
    }

    long framed() {
        return tracks.values().stream().mapToLong(t -> t.account().framed()).sum();
    }

    /** Streams whose account does not say that everything that came is in the file. */
    long incomplete() {
        return tracks.values().stream()
                .map(Artifact.TrackStored::account)
                .filter(account -> account.lost() != 0 || account.framed() != account.received() || !addsUp(account))
                .count();
    }

    private static boolean addsUp(StreamAccount account) {
        return account.addsUp() && account.inFlight() == 0;
    }

    /** How many objects are in a directory store at their full length. */
    long objectsIn(Path store) throws IOException {
        long there = 0;
        for (Artifact.TrackStored track : tracks.values()) {
            Path object = store.resolve(track.object().objectKey());
            if (Files.isRegularFile(object)
                    && Files.size(object) == track.object().length()) {
                there++;
            }
        }
        return there;
    }

    long bytes() {
        return tracks.values().stream().mapToLong(t -> t.object().length()).sum();
    }
}

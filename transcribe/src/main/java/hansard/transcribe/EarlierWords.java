package hansard.transcribe;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.KafkaSettings;
import hansard.wire.Topics;
import hansard.wire.Utterance;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * What was said on tracks that another process had before this one: it is durable on {@code transcripts}, sealed, and is read from there
 * when such a track ends. All tracks that this process found going on are read in one pass, the first time that one of them ends.
 * Thread-safe.
 */
final class EarlierWords {
    /** Clocks of machines differ; an utterance is written after it was spoken. */
    private static final long MARGIN_MILLIS = 60_000;

    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaSettings kafka;
    private final Collection<Track> tracks;
    private final Map<Track, Collection<Utterance>> found = new HashMap<>();

    /** @param tracks all there are at any time; may be asked by any thread */
    EarlierWords(KafkaSettings kafka, Collection<Track> tracks) {
        this.kafka = kafka;
        this.tracks = tracks;
    }

    /**
     * The final utterances of a track that are on the topic, each once, still sealed.
     *
     * @throws HansardException KAFKA_UNAVAILABLE
     */
    synchronized Collection<Utterance> of(Track track) {
        Collection<Track> going =
                tracks.stream().filter(each -> !each.isWhole()).toList();
        found.keySet().retainAll(going);
        if (!found.containsKey(track)) {
            read(track, going);
        }
        return List.copyOf(found.getOrDefault(track, List.of()));
    }

    private void read(Track track, Collection<Track> going) {
        Map<String, Map<String, Utterance>> byStream = new HashMap<>();
        going.forEach(each -> byStream.put(each.name(), new LinkedHashMap<>()));
        byStream.put(track.name(), new LinkedHashMap<>());
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(kafka.reader(), new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.TRANSCRIPTS).stream()
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            long first = going.stream()
                    .mapToLong(Track::startMicros)
                    .filter(micros -> micros > 0)
                    .reduce(track.startMicros(), Math::min);
            seek(consumer, partitions, first / 1_000 - MARGIN_MILLIS);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(POLL).forEach(record -> keep(record, byStream));
            }
        } catch (KafkaException e) {
            throw new HansardException(ErrorCode.KAFKA_UNAVAILABLE, "transcripts cannot be read back: " + e, e);
        }
        found.put(track, byStream.getOrDefault(track.name(), Map.of()).values());
        going.forEach(each -> found.putIfAbsent(
                each, byStream.getOrDefault(each.name(), Map.of()).values()));
    }

    private static void seek(KafkaConsumer<String, byte[]> consumer, List<TopicPartition> partitions, long fromMillis) {
        Map<TopicPartition, Long> when = new HashMap<>();
        partitions.forEach(p -> when.put(p, Math.max(0, fromMillis)));
        Map<TopicPartition, OffsetAndTimestamp> from = consumer.offsetsForTimes(when);
        from.forEach((partition, first) -> {
            if (first == null) {
                consumer.seekToEnd(Set.of(partition));
            } else {
                consumer.seek(partition, first.offset());
            }
        });
    }

    private static void keep(ConsumerRecord<String, byte[]> record, Map<String, Map<String, Utterance>> byStream) {
        if (record.value() == null) {
            return;
        }
        Utterance utterance;
        try {
            utterance = Utterance.fromBytes(record.value());
        } catch (HansardException e) {
            return; // whoever reads the topic for itself says so
        }
        if (!utterance.partial()) {
            Map<String, Utterance> ofStream =
                    byStream.get(Track.name(utterance.streamId(), utterance.generation(), utterance.hearing()));
            if (ofStream != null) {
                ofStream.put(utterance.utteranceId(), utterance);
            }
        }
    }
}

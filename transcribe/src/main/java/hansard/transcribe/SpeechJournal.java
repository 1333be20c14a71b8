package hansard.transcribe;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.KafkaSettings;
import hansard.wire.SpeechRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads stretches again that had to be let go while they waited. Thread-safe; one at a time. */
final class SpeechJournal implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final int EMPTY_POLLS = 20;

    private final KafkaConsumer<String, byte[]> consumer;

    SpeechJournal(KafkaSettings kafka) {
        consumer = new KafkaConsumer<>(kafka.reader(), new StringDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * All pieces of a stretch that is complete.
     *
     * @throws HansardException KAFKA_UNAVAILABLE
     */
    synchronized List<SpeechRecord.Speech> pieces(Stretch stretch) {
        List<SpeechRecord.Speech> pieces = new ArrayList<>();
        String streamId = stretch.track().stream().streamId();
        try {
            consumer.assign(Set.of(stretch.track().partition()));
            consumer.seek(stretch.track().partition(), stretch.offset());
            for (int empty = 0; empty < EMPTY_POLLS; ) {
                var records = consumer.poll(POLL);
                empty = records.isEmpty() ? empty + 1 : 0;
                for (ConsumerRecord<String, byte[]> record : records) {
                    if (record.offset() >= stretch.endOffset()) {
                        return pieces;
                    }
                    if (streamId.equals(record.key())) {
                        piece(record, pieces);
                    }
                }
                if (consumer.position(stretch.track().partition()) >= stretch.endOffset()) {
                    return pieces;
                }
            }
        } catch (KafkaException e) {
            throw new HansardException(ErrorCode.KAFKA_UNAVAILABLE, "media.speech cannot be read again: " + e, e);
        }
        throw new HansardException(
                ErrorCode.KAFKA_UNAVAILABLE, stretch.track().partition() + " gives nothing from " + stretch.offset());
    }

    private static void piece(ConsumerRecord<String, byte[]> record, List<SpeechRecord.Speech> pieces) {
        try {
            if (SpeechRecord.fromBytes(record.value()) instanceof SpeechRecord.Speech piece) {
                pieces.add(piece);
            }
        } catch (HansardException e) {
            // it was counted and left out when it was first read
        }
    }

    @Override
    public synchronized void close() {
        consumer.close();
    }
}

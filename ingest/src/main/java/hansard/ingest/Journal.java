package hansard.ingest;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.KafkaSettings;
import hansard.wire.CallEvent;
import hansard.wire.SealedSessionKeys;
import hansard.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes {@code calls} and {@code session.keys}; returns when it is durable. */
final class Journal implements AutoCloseable {
    /** Header of every call event: the {@code kafka.instance} of the ingest that has the call and takes it up again. */
    static final String OWNER_HEADER = "ingest";

    private static final long WAIT_SECONDS = 20;

    private final KafkaProducer<String, byte[]> producer;
    private final byte[] owner;

    Journal(KafkaSettings kafka) {
        Map<String, Object> p = kafka.producer();
        p.put("max.block.ms", 10_000);
        p.put("request.timeout.ms", 5_000);
        p.put("delivery.timeout.ms", 15_000);
        p.put("linger.ms", 0);
        p.put("metadata.max.idle.ms", Duration.ofDays(365).toMillis());
        this.producer = new KafkaProducer<>(p, new StringSerializer(), new ByteArraySerializer());
        this.owner = kafka.instance().getBytes(StandardCharsets.UTF_8);
    }

    void write(SealedSessionKeys keys) {
        await(
                List.of(producer.send(
                        new ProducerRecord<>(Topics.SESSION_KEYS, keys.stream().streamId(), keys.toBytes()))),
                "the session keys of stream " + keys.stream().streamId());
    }

    void write(CallEvent event) {
        write(List.of(event));
    }

    void write(List<? extends CallEvent> events) {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (CallEvent event : events) {
            sent.add(producer.send(new ProducerRecord<>(
                    Topics.CALLS,
                    null,
                    event.callId(),
                    event.toBytes(),
                    List.of(new RecordHeader(OWNER_HEADER, owner)))));
        }
        if (!events.isEmpty()) {
            CallEvent last = events.getLast();
            await(sent, last.getClass().getSimpleName() + " of call " + last.callId());
        }
    }

    private static void await(List<Future<RecordMetadata>> sent, String what) {
        try {
            for (Future<RecordMetadata> one : sent) {
                RecordMetadata ignored = one.get(WAIT_SECONDS, TimeUnit.SECONDS);
            }
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            throw new HansardException(
                    ErrorCode.KAFKA_UNAVAILABLE,
                    "Kafka did not take " + what + ", so it is not done; the same request may be sent again",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HansardException(ErrorCode.KAFKA_UNAVAILABLE, "interrupted while writing " + what, e);
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(10));
    }
}

package hansard.audit;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.KafkaSettings;
import hansard.wire.AuditEvent;
import hansard.wire.Topics;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The audit's writing end. */
public final class AuditLog implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AuditLog.class);

    private final KafkaProducer<String, byte[]> producer;
    private final InstantSource clock;

    public AuditLog(KafkaSettings kafka, InstantSource clock) {
        this.producer = new KafkaProducer<>(kafka.producer(), new StringSerializer(), new ByteArraySerializer());
        this.clock = clock;
    }

    /** Makes an event with an id of its own and the time of now. */
    public AuditEvent event(
            String tenant, String actor, String action, String callId, String outcome, Map<String, String> detail) {
        var now = clock.instant();
        long micros = now.getEpochSecond() * 1_000_000L + now.getNano() / 1_000;
        return new AuditEvent(UUID.randomUUID().toString(), tenant, micros, actor, action, callId, outcome, detail);
    }

    /** Writes without waiting; a failure is logged. For what has already happened. */
    public void note(AuditEvent event) {
        Future<RecordMetadata> ignored = send(event, true);
    }

    /** A worker that may not tried to use a key: the vault refused. Fits the vault's refusal sink. */
    public void keyRefused(String tenant, String actor, String callId, Map<String, String> detail) {
        note(event(tenant, actor, "key.refused", callId, "refused", detail));
    }

    /** Writes and waits until it is durable. For what must not happen unrecorded: throws KAFKA_UNAVAILABLE otherwise. */
    public void require(AuditEvent event) {
        try {
            send(event, false).get(30, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new HansardException(
                    ErrorCode.KAFKA_UNAVAILABLE,
                    "the audit cannot be written, so '" + event.action() + "' was not done",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HansardException(ErrorCode.KAFKA_UNAVAILABLE, "interrupted while writing the audit", e);
        }
    }

    private Future<RecordMetadata> send(AuditEvent event, boolean logFailure) {
        return producer.send(
                new ProducerRecord<>(Topics.AUDIT_EVENTS, event.tenant(), event.toBytes()), (metadata, failure) -> {
                    if (failure != null && logFailure) {
                        log.error("audit event {} ({}) was not written", event.eventId(), event.action(), failure);
                    }
                });
    }

    @Override
    public void close() {
        producer.close(KafkaSettings.CLOSE_WAIT);
    }
}

package hansard.transcode;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.KafkaSettings;
import hansard.wire.Artifact;
import hansard.wire.SpeechRecord;
import hansard.wire.Topics;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The writing end: speech goes out as it comes, an artifact is waited for together with everything before it. */
final class Output implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 130; // above the producer's own delivery timeout

    private final KafkaProducer<String, byte[]> producer;
    private final AtomicReference<Exception> failure = new AtomicReference<>();

    Output(KafkaSettings kafka) {
        var settings = kafka.producer();
        settings.put("linger.ms", 5);
        this.producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    }

    /** A failure is thrown by the next call of {@link #durable}. */
    void speech(String streamId, SpeechRecord record) {
        send(new ProducerRecord<>(Topics.MEDIA_SPEECH, streamId, record.toBytes()));
    }

    /** An artifact that nobody has to wait for; it goes out with the speech. */
    void early(Artifact artifact) {
        send(new ProducerRecord<>(Topics.RECORDING_ARTIFACTS, artifact.callId(), artifact.toBytes()));
    }

    private void send(ProducerRecord<String, byte[]> message) {
        var unused = producer.send(message, (metadata, e) -> {
            if (e != null) {
                failure.compareAndSet(null, e);
            }
        });
    }

    /** Writes an artifact; returns when it and all speech before it is durable. */
    void durable(Artifact artifact) {
        try {
            var sent = producer.send(
                    new ProducerRecord<>(Topics.RECORDING_ARTIFACTS, artifact.callId(), artifact.toBytes()));
            producer.flush();
            sent.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            failure.compareAndSet(null, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure.compareAndSet(null, e);
        }
        requireHealthy();
    }

    /** @throws HansardException KAFKA_UNAVAILABLE when something was not written: what was read must be read again */
    void requireHealthy() {
        Exception e = failure.get();
        if (e != null) {
            throw new HansardException(
                    ErrorCode.KAFKA_UNAVAILABLE, "Kafka did not take what was made: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        producer.close(KafkaSettings.CLOSE_WAIT);
    }
}

package hansard.retention;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.KafkaSettings;
import hansard.wire.Receipt;
import hansard.wire.RetentionOrder;
import hansard.wire.Topics;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes orders and receipts, and returns when they are durable. Thread-safe. */
final class DurableWriter implements AutoCloseable {
    private final KafkaProducer<String, byte[]> producer;

    DurableWriter(KafkaSettings kafka) {
        this.producer = new KafkaProducer<>(kafka.producer(), new StringSerializer(), new ByteArraySerializer());
    }

    /** @return the order's offset on its partition */
    long order(RetentionOrder order) {
        return write(Topics.RETENTION_ORDERS, order.callId(), order.toBytes());
    }

    void receipt(Receipt receipt) {
        write(Topics.RETENTION_RECEIPTS, receipt.callId(), receipt.toBytes());
    }

    private long write(String topic, String key, byte[] value) {
        try {
            return producer.send(new ProducerRecord<>(topic, key, value))
                    .get(30, TimeUnit.SECONDS)
                    .offset();
        } catch (ExecutionException | TimeoutException e) {
            throw new HansardException(
                    ErrorCode.KAFKA_UNAVAILABLE,
                    topic + " could not be written; it is not known whether it will be",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HansardException(ErrorCode.KAFKA_UNAVAILABLE, "interrupted while writing " + topic, e);
        }
    }

    @Override
    public void close() {
        producer.close(KafkaSettings.CLOSE_WAIT);
    }
}

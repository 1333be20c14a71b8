package hansard.index;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.KafkaSettings;
import hansard.wire.Receipt;
import hansard.wire.RecordingOrder;
import hansard.wire.Topics;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** What the index writes: receipts of what it erased, and what its callers order. One at a time, each awaited. */
final class OrdersAndReceipts implements Purges.Receipts, AutoCloseable {
    private final KafkaProducer<String, byte[]> producer;

    OrdersAndReceipts(KafkaSettings kafka) {
        this.producer = new KafkaProducer<>(kafka.producer(), new StringSerializer(), new ByteArraySerializer());
    }

    @Override
    public void send(Receipt receipt) {
        write(Topics.RETENTION_RECEIPTS, receipt.callId(), receipt.toBytes(), "the receipt of purging");
    }

    /** Returns when the order is durable. @throws HansardException KAFKA_UNAVAILABLE otherwise */
    void order(RecordingOrder order) {
        write(Topics.RECORDING_ORDERS, order.callId(), order.toBytes(), "the order for");
    }

    private void write(String topic, String callId, byte[] record, String what) {
        try {
            producer.send(new ProducerRecord<>(topic, callId, record)).get(30, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new HansardException(ErrorCode.KAFKA_UNAVAILABLE, what + " " + callId + " was not written", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HansardException(
                    ErrorCode.KAFKA_UNAVAILABLE, "interrupted while writing " + what + " " + callId, e);
        }
    }

    @Override
    public void close() {
        producer.close(KafkaSettings.CLOSE_WAIT);
    }
}

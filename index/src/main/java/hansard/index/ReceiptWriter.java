package hansard.index;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.KafkaSettings;
import hansard.wire.Receipt;
import hansard.wire.Topics;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Receipts, to their topic, one at a time. */
final class ReceiptWriter implements Purges.Receipts, AutoCloseable {
    private final KafkaProducer<String, byte[]> producer;

    ReceiptWriter(KafkaSettings kafka) {
        this.producer = new KafkaProducer<>(kafka.producer(), new StringSerializer(), new ByteArraySerializer());
    }

    @Override
    public void send(Receipt receipt) {
        try {
            producer.send(new ProducerRecord<>(Topics.RETENTION_RECEIPTS, receipt.callId(), receipt.toBytes()))
                    .get(30, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new HansardException(
                    ErrorCode.KAFKA_UNAVAILABLE, "the receipt of purging " + receipt.callId() + " was not written", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HansardException(ErrorCode.KAFKA_UNAVAILABLE, "interrupted while writing a receipt", e);
        }
    }

    @Override
    public void close() {
        producer.close(KafkaSettings.CLOSE_WAIT);
    }
}

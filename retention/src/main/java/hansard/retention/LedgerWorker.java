package hansard.retention;

import hansard.runtime.KafkaSettings;
import hansard.runtime.StageContext;
import hansard.wire.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes every audit event into the ledger. Where to read on is taken from the ledger itself, so that a crash between its line
 * and the commit repeats nothing; the commit only shows the lag to operators. One thread of its own.
 */
final class LedgerWorker implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LedgerWorker.class);
    private static final String GROUP = "hansard-retention-ledger";
    private static final Duration POLL = Duration.ofMillis(500);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Ledger ledger;
    private final StageContext context;
    private final Thread thread;
    private volatile boolean closing;

    private LedgerWorker(KafkaSettings kafka, Ledger ledger, StageContext context) {
        this.consumer =
                new KafkaConsumer<>(kafka.consumer(GROUP), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.ledger = ledger;
        this.context = context;
        this.thread = Thread.ofPlatform().name("retention-ledger").unstarted(this::run);
    }

    static LedgerWorker start(KafkaSettings kafka, Ledger ledger, StageContext context) {
        context.meters().gauge("hansard.retention.ledger.length", ledger, l -> l.standing()
                .length());
        LedgerWorker worker = new LedgerWorker(kafka, ledger, context);
        worker.thread.start();
        return worker;
    }

    private void run() {
        try {
            consumer.subscribe(List.of(Topics.AUDIT_EVENTS), new FromTheLedger());
            while (!closing) {
                append(consumer.poll(POLL));
            }
        } catch (RuntimeException | Error e) {
            context.faults().fatal("the ledger's worker", e);
        } finally {
            consumer.close(CloseOptions.timeout(KafkaSettings.CLOSE_WAIT));
        }
    }

    private void append(ConsumerRecords<byte[], byte[]> records) {
        List<Ledger.Entry> entries = new ArrayList<>(records.count());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            byte[] event = record.value() == null ? new byte[0] : record.value();
            entries.add(new Ledger.Entry(record.partition(), record.offset(), event));
        }
        if (entries.isEmpty()) {
            return;
        }
        ledger.append(entries);
        try {
            consumer.commitSync();
        } catch (CommitFailedException | RebalanceInProgressException | RetriableException e) {
            log.info("the ledger's commit waits for the next turn: {}", e.getMessage());
        }
    }

    private final class FromTheLedger implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
            for (TopicPartition partition : assigned) {
                OptionalLong last = ledger.lastOffset(partition.partition());
                if (last.isPresent()) {
                    consumer.seek(partition, last.getAsLong() + 1);
                } else {
                    consumer.seekToBeginning(List.of(partition));
                }
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            // what was read is in the ledger already
        }
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join(Duration.ofSeconds(20));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

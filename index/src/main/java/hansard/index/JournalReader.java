package hansard.index;

import hansard.keys.AwaitedLeave;
import hansard.keys.LeaveNotice;
import hansard.runtime.Faults;
import hansard.runtime.HansardException;
import hansard.runtime.KafkaSettings;
import hansard.wire.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal thread: reads all partitions of the index's topics from the offsets of the last Lucene commit on. While the
 * vault is away it stops at the utterance it cannot open and tries again every second; the other partitions read on. Utterances of a
 * tenant whose keys are refused are passed over until there is leave.
 */
final class JournalReader implements AutoCloseable {
    static final List<String> TOPICS = List.of(
            Topics.CALLS,
            Topics.RECORDING_ARTIFACTS,
            Topics.MEDIA_REJECTED,
            Topics.RETENTION_ORDERS,
            Topics.TRANSCRIPTS);

    private static final Logger log = LoggerFactory.getLogger(JournalReader.class);
    private static final long COMMIT_NANOS = Duration.ofSeconds(2).toNanos();
    private static final int COMMIT_RECORDS = 1_000;
    private static final long RETRY_NANOS = Duration.ofSeconds(1).toNanos();

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Indexer indexer;
    private final Purges.Receipts receipts;
    private final Duration refresh;
    private final Consumer<String> requireLeave;
    private final LeaveNotice leave;
    private final Faults faults;
    private final Map<TopicPartition, Long> waiting = new HashMap<>();
    private final Set<TopicPartition> stuck = new HashSet<>();
    private final AtomicLong lag;
    private final Thread thread;
    private volatile boolean running = true;
    private volatile String problem = "";
    private long flushedNanos;
    private long committedNanos;
    private long askedNanos;
    private boolean unflushed = true; // purges of the last life may be due

    /** @param requireLeave {@link hansard.keys.Vault#requireLeave} */
    JournalReader(
            KafkaSettings kafka,
            Indexer indexer,
            Purges.Receipts receipts,
            Duration refresh,
            Consumer<String> requireLeave,
            LeaveNotice leave,
            MeterRegistry meters,
            Faults faults) {
        Map<String, Object> properties = new HashMap<>(kafka.reader());
        properties.put("max.poll.records", COMMIT_RECORDS);
        this.consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.indexer = indexer;
        this.receipts = receipts;
        this.refresh = refresh;
        this.requireLeave = requireLeave;
        this.leave = leave;
        this.faults = faults;
        this.lag = meters.gauge("hansard.index.lag", new AtomicLong());
        this.thread = Thread.ofPlatform().name("index-journal").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** What keeps it from reading on; empty when nothing does. */
    String problem() {
        return problem;
    }

    private void run() {
        try {
            assign();
            long now = System.nanoTime();
            flushedNanos = now;
            committedNanos = now;
            askedNanos = now;
            while (running) {
                step();
            }
            indexer.flush(receipts);
            indexer.commit();
        } catch (RuntimeException e) {
            problem = "the journal stopped: " + e.getMessage();
            faults.fatal("index journal", e);
        } finally {
            consumer.close(CloseOptions.timeout(KafkaSettings.CLOSE_WAIT));
        }
    }

    private void assign() {
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : TOPICS) {
            for (PartitionInfo p : consumer.partitionsFor(topic)) {
                partitions.add(new TopicPartition(topic, p.partition()));
            }
        }
        consumer.assign(partitions);
        partitions.forEach(p -> consumer.seek(p, indexer.offset(p.topic(), p.partition())));
        log.info("reading {} partitions of {}", partitions.size(), TOPICS);
    }

    private void step() {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(refresh.dividedBy(2));
        for (TopicPartition partition : records.partitions()) {
            apply(partition, records.records(partition));
        }
        long now = System.nanoTime();
        resume(now);
        askForLeave(now);
        unflushed |= !records.isEmpty();
        boolean commit = indexer.uncommitted() >= COMMIT_RECORDS
                || indexer.uncommitted() > 0 && now - committedNanos >= COMMIT_NANOS;
        if (commit || unflushed && now - flushedNanos >= refresh.toNanos()) {
            unflushed = indexer.flush(receipts);
            flushedNanos = now;
            measureLag();
        }
        if (commit) {
            indexer.commit();
            committedNanos = now;
        }
    }

    private void apply(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
        for (ConsumerRecord<byte[], byte[]> r : records) {
            try {
                indexer.apply(r.topic(), r.partition(), r.offset(), r.timestamp() * 1_000, r.value());
            } catch (HansardException e) {
                if (stuck.add(partition)) {
                    log.warn("{} waits at {}: {}", partition, r.offset(), e.getMessage());
                }
                problem = partition + " waits at " + r.offset() + ": " + e.getMessage();
                consumer.seek(partition, r.offset());
                consumer.pause(List.of(partition));
                waiting.put(partition, System.nanoTime() + RETRY_NANOS);
                return;
            }
        }
        if (stuck.remove(partition) && stuck.isEmpty()) {
            problem = "";
            log.info("{} reads on", partition);
        }
    }

    private void resume(long now) {
        waiting.entrySet().removeIf(e -> {
            boolean due = e.getValue() <= now;
            if (due) {
                consumer.resume(List.of(e.getKey()));
            }
            return due;
        });
    }

    private void askForLeave(long now) {
        boolean due = now - askedNanos >= AwaitedLeave.ASK_NANOS;
        for (TopicPartition transcripts : consumer.assignment()) {
            if (transcripts.topic().equals(Topics.TRANSCRIPTS)) {
                indexer.settle(transcripts.partition(), consumer.position(transcripts));
                if (due) {
                    askForLeave(transcripts);
                }
            }
        }
        askedNanos = due ? now : askedNanos;
    }

    private void askForLeave(TopicPartition transcripts) {
        indexer.waiting()
                .ask(requireLeave, transcripts.partition(), consumer.position(transcripts))
                .ifPresent(offset -> {
                    log.info("{} is read again from {} on: leave has come", transcripts, offset);
                    consumer.seek(transcripts, offset);
                });
        leave.told(transcripts, indexer.waiting().in(transcripts.partition()).reasons());
    }

    private void measureLag() {
        lag.set(consumer.assignment().stream()
                .mapToLong(p -> consumer.currentLag(p).orElse(0L))
                .sum());
    }

    /** Finishes what is in hand and commits it. */
    @Override
    public void close() {
        running = false;
        try {
            thread.join(Duration.ofSeconds(60));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package hansard.transcribe;

import hansard.keys.AwaitedLeave;
import hansard.keys.LeaveNotice;
import hansard.runtime.Faults;
import hansard.runtime.KafkaSettings;
import hansard.wire.Topics;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads {@code media.speech} and hands it to the desk. When a worker is full the partition is paused and its records wait here
 * (at most what one poll gave), while polling goes on: slow recognition must not look like a dead consumer.
 */
final class SpeechReader implements AutoCloseable, ConsumerRebalanceListener {
    private static final Logger log = LoggerFactory.getLogger(SpeechReader.class);
    private static final Duration IDLE_POLL = Duration.ofMillis(200);
    private static final Duration BUSY_POLL = Duration.ofMillis(20);
    private static final long COMMIT_EVERY_NANOS = Duration.ofSeconds(1).toNanos();

    private final org.apache.kafka.clients.consumer.Consumer<String, byte[]> consumer;
    private final TrackDesk desk;
    private final ConcurrentLinkedQueue<LiveTrack> done;
    private final Consumer<String> requireLeave;
    private final LeaveNotice leave;
    private final Faults faults;
    private final Map<TopicPartition, ArrayDeque<ConsumerRecord<String, byte[]>>> waiting = new HashMap<>();
    private final Thread thread = Thread.ofPlatform().name("transcribe-reader").unstarted(this::run);
    private volatile boolean closing;
    private volatile long lastPollNanos = System.nanoTime();
    private long lastCommitNanos = System.nanoTime();
    private long askedNanos = System.nanoTime();

    /**
     * @param done where the workers put the tracks they are through with
     * @param requireLeave {@link hansard.keys.Vault#requireLeave}
     */
    SpeechReader(
            org.apache.kafka.clients.consumer.Consumer<String, byte[]> consumer,
            TrackDesk desk,
            ConcurrentLinkedQueue<LiveTrack> done,
            Consumer<String> requireLeave,
            LeaveNotice leave,
            Faults faults) {
        this.consumer = consumer;
        this.desk = desk;
        this.done = done;
        this.requireLeave = requireLeave;
        this.leave = leave;
        this.faults = faults;
    }

    void start() {
        thread.start();
    }

    /** What is wrong, in a sentence; empty when all is well. */
    String problem() {
        if (!thread.isAlive() && !closing) {
            return "the thread that reads media.speech has ended";
        }
        long seconds = Duration.ofNanos(System.nanoTime() - lastPollNanos).toSeconds();
        return seconds > 30 ? "media.speech was last polled " + seconds + " seconds ago" : "";
    }

    private void run() {
        try {
            consumer.subscribe(List.of(Topics.MEDIA_SPEECH), this);
            while (!closing) {
                turn();
            }
        } catch (WakeupException e) {
            if (!closing) {
                faults.fatal("transcribe reader", e);
            }
        } catch (RuntimeException | Error e) {
            faults.fatal("transcribe reader", e);
        } finally {
            consumer.close(CloseOptions.timeout(KafkaSettings.CLOSE_WAIT));
        }
    }

    private void turn() {
        lastPollNanos = System.nanoTime();
        consumer.poll(waiting.isEmpty() ? IDLE_POLL : BUSY_POLL)
                .forEach(record -> waiting.computeIfAbsent(partitionOf(record), p -> new ArrayDeque<>())
                        .add(record));
        settleDone();
        waiting.entrySet().removeIf(entry -> {
            handOn(entry.getValue());
            return entry.getValue().isEmpty();
        });
        consumer.assignment().forEach(partition -> desk.settle(partition, () -> next(partition)));
        askForLeave();
        consumer.pause(waiting.keySet());
        consumer.resume(
                consumer.paused().stream().filter(p -> !waiting.containsKey(p)).toList());
        if (System.nanoTime() - lastCommitNanos >= COMMIT_EVERY_NANOS) {
            lastCommitNanos = System.nanoTime();
            commit();
        }
    }

    private void askForLeave() {
        if (System.nanoTime() - askedNanos >= AwaitedLeave.ASK_NANOS) {
            askedNanos = System.nanoTime();
            for (TopicPartition partition : consumer.assignment()) {
                desk.askForLeave(requireLeave, partition, next(partition)).ifPresent(offset -> {
                    waiting.remove(partition);
                    consumer.seek(partition, offset);
                });
                leave.told(partition, desk.ledger().leave(partition).reasons());
            }
        }
    }

    /** Of the record that is handed on next. */
    private long next(TopicPartition partition) {
        ArrayDeque<ConsumerRecord<String, byte[]>> records = waiting.get(partition);
        return records == null || records.isEmpty()
                ? consumer.position(partition)
                : records.getFirst().offset();
    }

    private void handOn(ArrayDeque<ConsumerRecord<String, byte[]>> records) {
        while (!records.isEmpty() && desk.offer(records.getFirst())) {
            records.removeFirst();
        }
    }

    private void settleDone() {
        for (LiveTrack track = done.poll(); track != null; track = done.poll()) {
            desk.settle(track);
        }
    }

    private void commit() {
        Map<TopicPartition, AwaitedLeave.Commit> due = desk.ledger().due();
        if (due.isEmpty()) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        due.forEach(
                (partition, commit) -> offsets.put(partition, new OffsetAndMetadata(commit.offset(), commit.note())));
        try {
            consumer.commitSync(offsets);
            desk.ledger().committed(due);
        } catch (RebalanceInProgressException | RetriableException e) {
            log.info("offsets are committed later: {}", e.getMessage());
        }
    }

    private static TopicPartition partitionOf(ConsumerRecord<String, byte[]> record) {
        return new TopicPartition(record.topic(), record.partition());
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        consumer.committed(Set.copyOf(partitions))
                .forEach((partition, from) -> desk.ledger().begin(partition, from == null ? "" : from.metadata()));
        log.info("reads {}", partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        settleDone();
        commit();
        onPartitionsLost(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            waiting.remove(partition);
            desk.forget(partition);
            leave.told(partition, Map.of());
        }
    }

    @Override
    public void close() {
        closing = true;
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

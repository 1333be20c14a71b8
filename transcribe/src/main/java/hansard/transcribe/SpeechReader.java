package hansard.transcribe;

import hansard.keys.AwaitedLeave;
import hansard.keys.LeaveNotice;
import hansard.runtime.Faults;
import hansard.runtime.KafkaSettings;
import hansard.wire.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads {@code media.speech} to its end, always: what cannot be recognised at once waits in the {@link StretchQueue}, which knows how much
 * that is.
 */
final class SpeechReader implements AutoCloseable, ConsumerRebalanceListener {
    private static final Logger log = LoggerFactory.getLogger(SpeechReader.class);
    private static final Duration IDLE_POLL = Duration.ofMillis(200);
    /** While workers may report, who free a place for what waits. */
    private static final Duration BUSY_POLL = Duration.ofMillis(50);

    private static final long COMMIT_EVERY_NANOS = Duration.ofSeconds(1).toNanos();

    private final org.apache.kafka.clients.consumer.Consumer<String, byte[]> consumer;
    private final TrackDesk desk;
    private final ConcurrentLinkedQueue<Outcome> done;
    private final InstantSource clock;
    private final Consumer<String> requireLeave;
    private final LeaveNotice leave;
    private final Faults faults;
    private final Thread thread = Thread.ofPlatform().name("transcribe-reader").unstarted(this::run);
    private volatile boolean closing;
    private volatile long lastPollNanos = System.nanoTime();
    private long lastCommitNanos = System.nanoTime();
    private long askedNanos = System.nanoTime();

    /**
     * @param done where the workers put what they are through with
     * @param requireLeave {@link hansard.keys.Vault#requireLeave}
     */
    SpeechReader(
            org.apache.kafka.clients.consumer.Consumer<String, byte[]> consumer,
            TrackDesk desk,
            ConcurrentLinkedQueue<Outcome> done,
            InstantSource clock,
            Consumer<String> requireLeave,
            LeaveNotice leave,
            Faults faults) {
        this.consumer = consumer;
        this.desk = desk;
        this.done = done;
        this.clock = clock;
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
        consumer.poll(desk.queue().isIdle() ? IDLE_POLL : BUSY_POLL).forEach(desk::offer);
        settleDone();
        for (TopicPartition partition : consumer.assignment()) {
            if (desk.settle(partition, () -> consumer.position(partition))) {
                leave.told(partition, desk.ledger().leave(partition).reasons());
            }
        }
        askForLeave();
        desk.queue().startWhatMay(clock.millis());
        if (System.nanoTime() - lastCommitNanos >= COMMIT_EVERY_NANOS) {
            lastCommitNanos = System.nanoTime();
            commit();
        }
    }

    private void askForLeave() {
        if (System.nanoTime() - askedNanos >= AwaitedLeave.ASK_NANOS) {
            askedNanos = System.nanoTime();
            for (TopicPartition partition : consumer.assignment()) {
                desk.askForLeave(requireLeave, partition, consumer.position(partition))
                        .ifPresent(offset -> consumer.seek(partition, offset));
                leave.told(partition, desk.ledger().leave(partition).reasons());
            }
        }
    }

    private void settleDone() {
        for (Outcome outcome = done.poll(); outcome != null; outcome = done.poll()) {
            desk.settle(outcome);
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

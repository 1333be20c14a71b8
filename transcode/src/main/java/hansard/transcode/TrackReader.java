package hansard.transcode;

import hansard.keys.AwaitedLeave;
import hansard.keys.LeaveNotice;
import hansard.runtime.Faults;
import hansard.runtime.HansardException;
import hansard.runtime.KafkaSettings;
import hansard.wire.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads {@code media.frames} on a thread of its own. A partition whose records cannot be taken now is held back, not skipped. */
final class TrackReader implements AutoCloseable {
    static final String GROUP = "hansard-transcode";

    private static final Logger log = LoggerFactory.getLogger(TrackReader.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long COMMIT_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long HOLD_NANOS = Duration.ofSeconds(2).toNanos();

    private final KafkaConsumer<String, byte[]> consumer;
    private final Track.Tools tools;
    private final Consumer<String> requireLeave;
    private final Faults faults;
    private final Map<TopicPartition, TrackPartition> partitions = new HashMap<>();
    private final Map<TopicPartition, Long> heldUntil = new HashMap<>();
    private final Thread thread;
    private volatile boolean stopping;
    private final LeaveNotice waiting;
    private volatile String problem = "";
    private long committedNanos = System.nanoTime();
    private long askedNanos = System.nanoTime();

    /** @param requireLeave {@link hansard.keys.Vault#requireLeave} */
    TrackReader(
            KafkaSettings kafka, Track.Tools tools, Consumer<String> requireLeave, LeaveNotice waiting, Faults faults) {
        this.consumer =
                new KafkaConsumer<>(kafka.consumer(GROUP), new StringDeserializer(), new ByteArrayDeserializer());
        this.tools = tools;
        this.requireLeave = requireLeave;
        this.waiting = waiting;
        this.faults = faults;
        this.thread = Thread.ofPlatform().name("transcode-tracks").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** What a person should know, or empty. */
    String problem() {
        return thread.isAlive() || stopping ? problem : "the thread that makes tracks has ended";
    }

    private void run() {
        try {
            consumer.subscribe(List.of(Topics.MEDIA_FRAMES), new Rebalance());
            while (!stopping) {
                release();
                take(consumer.poll(POLL));
                partitions.forEach((tp, partition) -> partition.settle(() -> consumer.position(tp)));
                askForLeave();
                commit();
            }
        } catch (WakeupException e) {
            if (!stopping) {
                faults.fatal("transcode-tracks", e);
            }
        } catch (Throwable e) {
            faults.fatal("transcode-tracks", e);
        } finally {
            consumer.close(CloseOptions.timeout(KafkaSettings.CLOSE_WAIT));
            forget(Set.copyOf(partitions.keySet()));
        }
    }

    private void take(ConsumerRecords<String, byte[]> records) {
        for (TopicPartition tp : records.partitions()) {
            for (ConsumerRecord<String, byte[]> record : records.records(tp)) {
                TrackPartition partition = partitions.get(tp);
                if (partition == null || !taken(tp, partition, record)) {
                    break;
                }
            }
        }
    }

    private boolean taken(TopicPartition tp, TrackPartition partition, ConsumerRecord<String, byte[]> record) {
        try {
            partition.take(record.key(), record.value(), record.offset());
            return true;
        } catch (HansardException e) {
            tools.output().requireHealthy();
            if (!e.code().isRetriable()) {
                throw e;
            }
            if (problem.isEmpty()) {
                log.warn("{} is held back: {}", tp, e.getMessage());
            }
            problem = String.valueOf(e.getMessage());
            consumer.seek(tp, record.offset());
            consumer.pause(Set.of(tp));
            heldUntil.put(tp, System.nanoTime() + HOLD_NANOS);
            return false;
        }
    }

    private void askForLeave() {
        if (System.nanoTime() - askedNanos >= AwaitedLeave.ASK_NANOS) {
            askedNanos = System.nanoTime();
            partitions.forEach((tp, partition) -> {
                partition
                        .askForLeave(requireLeave, consumer.position(tp))
                        .ifPresent(offset -> consumer.seek(tp, offset));
                waiting.told(tp, partition.waiting());
            });
        }
    }

    /** Lets partitions go on that were held back long enough. */
    private void release() {
        heldUntil.entrySet().removeIf(held -> {
            boolean due = System.nanoTime() - held.getValue() >= 0;
            if (due) {
                problem = "";
                consumer.resume(Set.of(held.getKey()));
            }
            return due;
        });
    }

    private void commit() {
        boolean due = System.nanoTime() - committedNanos >= COMMIT_NANOS
                || partitions.values().stream().anyMatch(TrackPartition::finishedTrack);
        if (!due) {
            return;
        }
        tools.output().requireHealthy();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        partitions.forEach((tp, partition) -> {
            if (partition.moved()) {
                OffsetLedger.Commit commit = partition.commit();
                offsets.put(tp, new OffsetAndMetadata(commit.offset(), commit.note()));
            }
        });
        if (!offsets.isEmpty()) {
            try {
                consumer.commitSync(offsets);
            } catch (CommitFailedException | RebalanceInProgressException e) {
                log.info("not committed, the partitions are being moved: {}", e.getMessage());
                return; // the next poll tells which are still ours
            }
            offsets.keySet().forEach(tp -> {
                TrackPartition partition = partitions.get(tp);
                if (partition != null) {
                    partition.committed();
                }
            });
        }
        committedNanos = System.nanoTime();
    }

    private void forget(Collection<TopicPartition> gone) {
        for (TopicPartition tp : gone) {
            heldUntil.remove(tp);
            waiting.told(tp, Map.of());
            TrackPartition partition = partitions.remove(tp);
            if (partition != null) {
                if (partition.unfinished() > 0) {
                    log.info("{}: {} unfinished tracks are left to whoever reads on", tp, partition.unfinished());
                }
                partition.close();
            }
        }
    }

    private final class Rebalance implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
            Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.copyOf(assigned));
            for (TopicPartition tp : assigned) {
                OffsetAndMetadata from = committed.get(tp);
                partitions.put(tp, new TrackPartition(tools, from == null ? "" : from.metadata()));
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            forget(revoked);
        }
    }

    @Override
    public void close() {
        stopping = true;
        if (thread.getState() == Thread.State.NEW) {
            consumer.close(); // the stage failed before this was started
            return;
        }
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package hansard.transcode;

import hansard.runtime.Faults;
import hansard.runtime.HansardException;
import hansard.runtime.KafkaSettings;
import hansard.wire.Artifact;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes work that lasts from a topic, one piece at a time: mixes, composites. It is done on a second thread, for as long as it takes,
 * while this one goes on polling with everything paused and so stays a member of the group. What comes of it is durable before the next
 * is begun; after a kill it is done again.
 */
final class WorkReader implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WorkReader.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final KafkaConsumer<String, byte[]> consumer;
    private final String name;
    private final String topic;
    private final Kind kind;
    private final Output output;
    private final Faults faults;
    private final ExecutorService worker;
    private final Thread thread;
    private volatile boolean stopping;
    private boolean busy;

    /** A piece of work. */
    interface Work {
        /**
         * @param stopped true when it is to be left; throws INTERNAL then
         * @throws HansardException VAULT_UNAVAILABLE or STORE_UNAVAILABLE: it is tried again
         */
        Artifact done(BooleanSupplier stopped);
    }

    /** Which records are work. */
    interface Kind {
        /** @throws HansardException when the record is not what its topic says: it is passed over */
        Optional<Work> of(byte[] record);
    }

    /** @param name of the threads and, behind {@code hansard-}, of the consumer group: {@code transcode-mix} */
    WorkReader(String name, KafkaSettings kafka, String topic, Kind kind, Output output, Faults faults) {
        Map<String, Object> settings = kafka.consumer("hansard-" + name);
        settings.put("max.poll.records", 100);
        this.consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
        this.name = name;
        this.topic = topic;
        this.kind = kind;
        this.output = output;
        this.faults = faults;
        this.worker = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name(name + "-work").factory());
        this.thread = Thread.ofPlatform().name(name).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** What a person should know, or empty. */
    String problem() {
        return thread.isAlive() || stopping ? "" : "the thread " + name + " has ended";
    }

    private void run() {
        try {
            consumer.subscribe(List.of(topic), new PauseWhileBusy());
            while (!stopping) {
                var records = consumer.poll(POLL);
                for (TopicPartition tp : records.partitions()) {
                    for (ConsumerRecord<String, byte[]> record : records.records(tp)) {
                        if (consumer.assignment().contains(tp)) {
                            take(tp, record);
                        }
                    }
                }
            }
        } catch (WakeupException e) {
            if (!stopping) {
                faults.fatal(name, e);
            }
        } catch (Throwable e) {
            if (!stopping) {
                faults.fatal(name, e);
            }
        } finally {
            consumer.close(CloseOptions.timeout(KafkaSettings.CLOSE_WAIT));
        }
    }

    private void take(TopicPartition tp, ConsumerRecord<String, byte[]> record) {
        Optional<Work> work;
        try {
            work = kind.of(record.value());
        } catch (HansardException e) {
            log.warn("{} of call {} at {} passed over: {}", topic, record.key(), record.offset(), e.getMessage());
            return;
        }
        if (work.isPresent()) {
            Optional<Artifact> made = Optional.empty();
            while (made.isEmpty() && consumer.assignment().contains(tp)) {
                made = attempt(work.get(), tp);
            }
            made.ifPresent(output::durable);
            if (made.isPresent() && consumer.assignment().contains(tp)) {
                commit(tp, record.offset() + 1);
            }
        }
    }

    /** One try, polled through to its end; empty when it is to be tried again, or when the partition is no longer ours. */
    private Optional<Artifact> attempt(Work work, TopicPartition tp) {
        consumer.pause(consumer.assignment());
        busy = true;
        try {
            Future<@Nullable Artifact> result = worker.submit(() -> tried(work));
            while (!result.isDone()) {
                consumer.poll(POLL); // everything is paused: keeps the membership alive
            }
            Artifact made = result.get();
            for (long until = System.nanoTime() + RETRY.toNanos();
                    made == null && consumer.assignment().contains(tp) && System.nanoTime() - until < 0; ) {
                consumer.poll(POLL);
            }
            return Optional.ofNullable(made);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WakeupException();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } finally {
            busy = false;
            consumer.resume(consumer.assignment());
        }
    }

    /** Null when the vault or the store is down. */
    private @Nullable Artifact tried(Work work) {
        try {
            return work.done(() -> stopping);
        } catch (HansardException e) {
            if (!e.code().isRetriable()) {
                throw e;
            }
            log.warn("{}: it is tried again: {}", name, e.getMessage());
            return null;
        }
    }

    private void commit(TopicPartition tp, long offset) {
        try {
            consumer.commitSync(Map.of(tp, new OffsetAndMetadata(offset)));
        } catch (CommitFailedException | RebalanceInProgressException e) {
            log.info("not committed, {} is being moved: {}", tp, e.getMessage());
        }
    }

    /** What is assigned while work is done waits for its end. */
    private final class PauseWhileBusy implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
            if (busy) {
                consumer.pause(assigned);
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {}
    }

    @Override
    public void close() {
        stopping = true;
        if (thread.getState() == Thread.State.NEW) {
            consumer.close(); // the stage failed before this was started
            worker.close();
            return;
        }
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        worker.close();
    }
}

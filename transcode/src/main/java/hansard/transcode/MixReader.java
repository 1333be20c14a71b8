package hansard.transcode;

import hansard.runtime.Faults;
import hansard.runtime.HansardException;
import hansard.runtime.KafkaSettings;
import hansard.wire.Artifact;
import hansard.wire.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
 * Takes TracksComplete from {@code recording.artifacts}, one call at a time. The mix is made on a second thread, for as long as
 * it takes, while this one goes on polling with everything paused and so stays a member of the group.
 */
final class MixReader implements AutoCloseable {
    static final String GROUP = "hansard-transcode-mix";

    private static final Logger log = LoggerFactory.getLogger(MixReader.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final KafkaConsumer<String, byte[]> consumer;
    private final Mixer mixer;
    private final Output output;
    private final Faults faults;
    private final ExecutorService worker = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("transcode-mix-work").factory());
    private final Thread thread;
    private volatile boolean stopping;
    private boolean busy;

    MixReader(KafkaSettings kafka, Mixer mixer, Output output, Faults faults) {
        Map<String, Object> settings = kafka.consumer(GROUP);
        settings.put("max.poll.records", 100);
        this.consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
        this.mixer = mixer;
        this.output = output;
        this.faults = faults;
        this.thread = Thread.ofPlatform().name("transcode-mix").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** What a person should know, or empty. */
    String problem() {
        return thread.isAlive() || stopping ? "" : "the thread that makes mixes has ended";
    }

    private void run() {
        try {
            consumer.subscribe(List.of(Topics.RECORDING_ARTIFACTS), new PauseWhileBusy());
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
                faults.fatal("transcode-mix", e);
            }
        } catch (Throwable e) {
            if (!stopping) {
                faults.fatal("transcode-mix", e);
            }
        } finally {
            consumer.close(CloseOptions.timeout(KafkaSettings.CLOSE_WAIT));
        }
    }

    private void take(TopicPartition tp, ConsumerRecord<String, byte[]> record) {
        Artifact artifact;
        try {
            artifact = Artifact.fromBytes(record.value());
        } catch (HansardException e) {
            log.warn("artifact of call {} at {} passed over: {}", record.key(), record.offset(), e.getMessage());
            return;
        }
        if (artifact instanceof Artifact.TracksComplete call) {
            Optional<Artifact.MixStored> mix = Optional.empty();
            while (mix.isEmpty() && consumer.assignment().contains(tp)) {
                mix = attempt(call, tp);
            }
            mix.ifPresent(output::durable);
            if (mix.isPresent() && consumer.assignment().contains(tp)) {
                commit(tp, record.offset() + 1);
            }
        }
    }

    /** One try, polled through to its end; empty when it is to be tried again, or when the partition is no longer ours. */
    private Optional<Artifact.MixStored> attempt(Artifact.TracksComplete call, TopicPartition tp) {
        consumer.pause(consumer.assignment());
        busy = true;
        try {
            Future<Artifact.@Nullable MixStored> work = worker.submit(() -> tried(call));
            while (!work.isDone()) {
                consumer.poll(POLL); // everything is paused: keeps the membership alive
            }
            Artifact.MixStored made = work.get();
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
    private Artifact.@Nullable MixStored tried(Artifact.TracksComplete call) {
        try {
            return mixer.mix(call, () -> stopping);
        } catch (HansardException e) {
            if (!e.code().isRetriable()) {
                throw e;
            }
            log.warn("call {}: the mix is tried again: {}", call.callId(), e.getMessage());
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

    /** What is assigned while a mix is being made waits for its end. */
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

package hansard.transcode;

import hansard.keys.AwaitedLeave;
import hansard.keys.LeaveNotice;
import hansard.runtime.ErrorCode;
import hansard.runtime.Faults;
import hansard.runtime.HansardException;
import hansard.runtime.KafkaSettings;
import hansard.wire.Artifact;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
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
    private final Leave leave;
    private final Faults faults;
    private final Map<TopicPartition, AwaitedLeave> awaited = new HashMap<>();
    private final ExecutorService worker;
    private final Thread thread;
    private volatile boolean stopping;
    private boolean busy;
    private long askedNanos = System.nanoTime();

    /**
     * Leave to use keys.
     *
     * @param require {@link hansard.keys.Vault#requireLeave}
     * @param waiting told whose work waits for it
     */
    record Leave(Consumer<String> require, LeaveNotice waiting) {}

    /** A piece of work. @param tenant whose keys it needs */
    record Work(String tenant, Doing doing) {}

    /** What is to be done. */
    interface Doing {
        /**
         * @param stopped true when it is to be left; throws INTERNAL then
         * @throws HansardException VAULT_UNAVAILABLE or STORE_UNAVAILABLE: it is tried again; KEY_REFUSED: it waits, and others do not
         */
        Artifact done(BooleanSupplier stopped);
    }

    private sealed interface Outcome {
        record Made(Artifact artifact) implements Outcome {}

        /** The vault or the store is down, or the partition is no longer ours. */
        record NotNow() implements Outcome {}

        record Refused(String why) implements Outcome {}
    }

    /** Which records are work. */
    interface Kind {
        /** @throws HansardException when the record is not what its topic says: it is passed over */
        Optional<Work> of(byte[] record);
    }

    /** @param name of the threads and, behind {@code hansard-}, of the consumer group: {@code transcode-mix} */
    WorkReader(String name, KafkaSettings kafka, String topic, Kind kind, Output output, Leave leave, Faults faults) {
        Map<String, Object> settings = kafka.consumer("hansard-" + name);
        settings.put("max.poll.records", 100);
        this.consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
        this.name = name;
        this.topic = topic;
        this.kind = kind;
        this.output = output;
        this.leave = leave;
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
            consumer.subscribe(List.of(topic), new Rebalance());
            while (!stopping) {
                var records = consumer.poll(POLL);
                for (TopicPartition tp : records.partitions()) {
                    for (ConsumerRecord<String, byte[]> record : records.records(tp)) {
                        if (consumer.assignment().contains(tp)) {
                            take(tp, record);
                        }
                    }
                }
                settle();
                askForLeave();
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
            take(tp, record.offset(), work.get());
        }
    }

    private void take(TopicPartition tp, long offset, Work work) {
        AwaitedLeave ofPartition = awaited.computeIfAbsent(tp, p -> new AwaitedLeave(""));
        if (ofPartition.passesOver(work.tenant(), offset)) {
            return;
        }
        Outcome outcome = new Outcome.NotNow();
        while (outcome instanceof Outcome.NotNow && consumer.assignment().contains(tp)) {
            outcome = attempt(work, tp);
        }
        switch (outcome) {
            case Outcome.Made made -> output.durable(made.artifact());
            case Outcome.Refused refused -> {
                log.warn(
                        "{}: work of tenant {} waits from {} at {} on: {}",
                        name,
                        work.tenant(),
                        tp,
                        offset,
                        refused.why());
                ofPartition.refused(work.tenant(), offset, refused.why());
            }
            case Outcome.NotNow ignored -> {
                return;
            }
        }
        if (consumer.assignment().contains(tp)) {
            commit(tp, ofPartition.commit(ofPartition.after(offset)));
        }
    }

    private void settle() {
        awaited.forEach((tp, ofPartition) -> {
            if (!ofPartition.granted().isEmpty()) {
                long next = consumer.position(tp);
                if (!ofPartition.isReadAgain(next)) {
                    ofPartition.granted().forEach(ofPartition::settled);
                    commit(tp, ofPartition.commit(next));
                }
            }
        });
    }

    private void askForLeave() {
        if (System.nanoTime() - askedNanos >= AwaitedLeave.ASK_NANOS) {
            askedNanos = System.nanoTime();
            awaited.forEach((tp, ofPartition) -> {
                ofPartition.ask(leave.require(), consumer.position(tp)).ifPresent(offset -> consumer.seek(tp, offset));
                leave.waiting().told(name + " " + tp, ofPartition.reasons());
            });
        }
    }

    /** One try, polled through to its end. */
    private Outcome attempt(Work work, TopicPartition tp) {
        consumer.pause(consumer.assignment());
        busy = true;
        try {
            Future<Outcome> result = worker.submit(() -> tried(work));
            while (!result.isDone()) {
                consumer.poll(POLL); // everything is paused: keeps the membership alive
            }
            Outcome outcome = result.get();
            for (long until = System.nanoTime() + RETRY.toNanos();
                    outcome instanceof Outcome.NotNow
                            && consumer.assignment().contains(tp)
                            && System.nanoTime() - until < 0; ) {
                consumer.poll(POLL);
            }
            return outcome;
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

    private Outcome tried(Work work) {
        try {
            return new Outcome.Made(work.doing().done(() -> stopping));
        } catch (HansardException e) {
            if (!e.code().isRetriable()) {
                throw e;
            }
            if (e.code() == ErrorCode.KEY_REFUSED) {
                return new Outcome.Refused(String.valueOf(e.getMessage()));
            }
            log.warn("{}: it is tried again: {}", name, e.getMessage());
            return new Outcome.NotNow();
        }
    }

    private void commit(TopicPartition tp, AwaitedLeave.Commit commit) {
        try {
            consumer.commitSync(Map.of(tp, new OffsetAndMetadata(commit.offset(), commit.note())));
        } catch (CommitFailedException | RebalanceInProgressException e) {
            log.info("not committed, {} is being moved: {}", tp, e.getMessage());
        }
    }

    /** What is assigned while work is done waits for its end. */
    private final class Rebalance implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
            if (busy) {
                consumer.pause(assigned);
            }
            consumer.committed(Set.copyOf(assigned)).forEach((tp, from) -> {
                if (from != null) {
                    awaited.put(tp, new AwaitedLeave(from.metadata()));
                }
            });
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            revoked.forEach(tp -> {
                awaited.remove(tp);
                leave.waiting().told(name + " " + tp, Map.of());
            });
        }
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

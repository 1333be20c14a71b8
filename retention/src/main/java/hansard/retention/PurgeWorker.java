package hansard.retention;

import hansard.runtime.HansardException;
import hansard.runtime.KafkaSettings;
import hansard.runtime.StageContext;
import hansard.wire.CallOrders;
import hansard.wire.RetentionOrder;
import hansard.wire.RetentionOrder.DiscardOrdered;
import hansard.wire.RetentionOrder.HoldPlaced;
import hansard.wire.RetentionOrder.HoldReleased;
import hansard.wire.RetentionOrder.PurgeOrdered;
import hansard.wire.Topics;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the orders of its partitions from their beginning, so that it knows the holds, and carries out the purges and discards after its
 * group's commit. One thread of its own. Waits are measured by the system's clock.
 */
final class PurgeWorker implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PurgeWorker.class);
    private static final String GROUP = "hansard-retention-purge";
    private static final Duration POLL = Duration.ofMillis(250);

    private final KafkaConsumer<String, byte[]> consumer;
    private final Purge purge;
    private final Discard discard;
    private final StageContext context;
    private final UnreadableRecords unreadable;
    private final InstantSource waits = InstantSource.system();
    private final Map<TopicPartition, Partition> partitions = new HashMap<>();
    private final Counter done;
    private final Counter failures;
    private final Thread thread;
    private volatile boolean closing;
    private volatile String problem = "";

    /**
     * What is known of one partition.
     *
     * @param firstUndone what the group has committed: purges before it are done
     */
    private record Partition(long firstUndone, Map<String, CallOrders> calls, PendingErasures pending) {}

    private PurgeWorker(
            KafkaSettings kafka, Purge purge, Discard discard, UnreadableRecords unreadable, StageContext context) {
        Map<String, Object> settings = kafka.consumer(GROUP);
        settings.put("max.poll.interval.ms", 1_800_000); // a call of many objects on a slow store
        this.consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
        this.purge = purge;
        this.discard = discard;
        this.unreadable = unreadable;
        this.context = context;
        this.done = context.meters().counter("hansard.retention.purges.done");
        this.failures = context.meters().counter("hansard.retention.purges.failed");
        this.thread = Thread.ofPlatform().name("retention-purge").unstarted(this::run);
    }

    static PurgeWorker start(
            KafkaSettings kafka, Purge purge, Discard discard, UnreadableRecords unreadable, StageContext context) {
        PurgeWorker worker = new PurgeWorker(kafka, purge, discard, unreadable, context);
        worker.thread.start();
        return worker;
    }

    /** Empty when no purge is failing. */
    String problem() {
        return problem;
    }

    private void run() {
        try {
            consumer.subscribe(List.of(Topics.RETENTION_ORDERS), new Assignments());
            while (!closing) {
                consumer.poll(POLL).forEach(this::take);
                carryOutOneEach();
                commit();
            }
            commit();
        } catch (RuntimeException | Error e) {
            context.faults().fatal("the purge worker", e);
        } finally {
            consumer.close(CloseOptions.timeout(KafkaSettings.CLOSE_WAIT));
        }
    }

    private void take(ConsumerRecord<String, byte[]> record) {
        Partition partition = partitions.get(new TopicPartition(record.topic(), record.partition()));
        if (partition == null || record.key() == null || record.value() == null) {
            return;
        }
        try {
            RetentionOrder order = RetentionOrder.fromBytes(record.value());
            RecordKeys.requireCall(record.key(), order.callId());
            CallOrders orders = partition
                    .calls()
                    .getOrDefault(record.key(), CallOrders.NONE)
                    .after(order, record.offset());
            partition.calls().put(record.key(), orders);
            if (record.offset() >= partition.firstUndone()) {
                decide(partition, orders, order, record.offset());
            }
        } catch (HansardException e) {
            unreadable.add(record.topic(), record.partition(), record.offset(), e);
        }
    }

    private static void decide(Partition partition, CallOrders orders, RetentionOrder order, long offset) {
        switch (order) {
            case PurgeOrdered ordered -> {
                if (orders.purge() == null) {
                    log.info("the purge of call {} is void: a hold came first", ordered.callId());
                } else {
                    partition.pending().add(offset, orders.purge());
                }
            }
            case DiscardOrdered ordered -> {
                if (orders.discard(ordered.streamId()).filter(ordered::equals).isPresent()) {
                    partition.pending().add(offset, ordered);
                } else {
                    log.info("order {} is void: a hold, a purge or its like came first", ordered.orderId());
                }
            }
            case HoldPlaced ignored -> {}
            case HoldReleased ignored -> {}
        }
    }

    /** One of each partition between two polls, so that the group does not think us dead. */
    private void carryOutOneEach() {
        for (Partition partition : List.copyOf(partitions.values())) {
            Instant now = waits.instant();
            partition.pending().next(now).ifPresent(p -> carryOut(partition.pending(), p, now));
        }
        problem = partitions.values().stream()
                .map(p -> p.pending().problem())
                .filter(p -> !p.isEmpty())
                .collect(Collectors.joining("; "));
    }

    private void carryOut(PendingErasures pending, PendingErasures.Pending one, Instant now) {
        try {
            carryOut(one.order());
            pending.done(one);
            done.increment();
        } catch (RuntimeException e) {
            failures.increment();
            log.warn("order {} failed; it is tried again", one.order().orderId(), e);
            pending.failed(one, now, String.valueOf(e.getMessage()));
        }
    }

    private void carryOut(RetentionOrder order) {
        switch (order) {
            case PurgeOrdered ordered -> purge.run(ordered);
            case DiscardOrdered ordered -> discard.run(ordered);
            case HoldPlaced ignored -> throw new IllegalStateException("a hold is nothing to carry out");
            case HoldReleased ignored -> throw new IllegalStateException("a hold is nothing to carry out");
        }
    }

    private void commit() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        partitions.forEach((topicPartition, partition) -> {
            long committable = partition.pending().committable(consumer.position(topicPartition));
            if (committable > partition.firstUndone()) {
                offsets.put(topicPartition, new OffsetAndMetadata(committable));
            }
        });
        if (!offsets.isEmpty()) {
            try {
                consumer.commitSync(offsets);
                offsets.forEach((tp, o) ->
                        partitions.computeIfPresent(tp, (k, p) -> new Partition(o.offset(), p.calls(), p.pending())));
            } catch (CommitFailedException | RebalanceInProgressException | RetriableException e) {
                log.info("the commit waits for the next turn: {}", e.getMessage()); // what is repeated does no harm
            }
        }
    }

    private final class Assignments implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
            Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.copyOf(assigned));
            for (TopicPartition topicPartition : assigned) {
                OffsetAndMetadata commit = committed.get(topicPartition);
                partitions.put(
                        topicPartition,
                        new Partition(commit == null ? 0 : commit.offset(), new HashMap<>(), new PendingErasures()));
            }
            consumer.seekToBeginning(assigned);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            revoked.forEach(partitions::remove);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> lost) {
            lost.forEach(partitions::remove);
        }
    }

    /** Finishes the purge in hand. */
    @Override
    public void close() {
        closing = true;
        try {
            thread.join(Duration.ofSeconds(60));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

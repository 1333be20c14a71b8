package hansard.retention;

import hansard.runtime.HansardException;
import hansard.wire.Artifact;
import hansard.wire.Artifact.RedactionStored;
import hansard.wire.CallEvent;
import hansard.wire.Receipt;
import hansard.wire.RetentionOrder;
import hansard.wire.RetentionOrder.DiscardOrdered;
import hansard.wire.RetentionOrder.PurgeOrdered;
import hansard.wire.Topics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the state of the calls of one partition, orders the purges that are due, and gives the receipts of its own. */
final class CallProcessor implements Processor<String, byte[], String, byte[]> {
    private static final Logger log = LoggerFactory.getLogger(CallProcessor.class);

    private final RetentionTopology.Parts parts;

    /** Discards that were written to the orders and not yet read back; to order one again does no harm. */
    private final Set<String> asked = new HashSet<>();

    private @Nullable ProcessorContext<String, byte[]> context;
    private @Nullable KeyValueStore<String, CallState> calls;

    CallProcessor(RetentionTopology.Parts parts) {
        this.parts = parts;
    }

    @Override
    public void init(ProcessorContext<String, byte[]> context) {
        this.context = context;
        this.calls = context.getStateStore(RetentionTopology.CALLS_STORE);
        context.schedule(parts.checkInterval(), PunctuationType.WALL_CLOCK_TIME, systemTimeMillis -> orderWhatIsDue());
    }

    @Override
    public void process(Record<String, byte[]> record) {
        RecordMetadata at = context().recordMetadata().orElseThrow();
        if (record.key() == null || record.value() == null) {
            return; // a tombstone has nothing to tell
        }
        CallState before = read(record.key());
        try {
            CallState after = apply(before, record, at);
            calls().put(record.key(), after);
            parts.changes().signal();
        } catch (HansardException e) {
            parts.unreadable().add(at.topic(), at.partition(), at.offset(), e);
        }
    }

    private CallState apply(CallState before, Record<String, byte[]> record, RecordMetadata at) {
        return switch (at.topic()) {
            case Topics.CALLS -> {
                CallEvent event = CallEvent.fromBytes(record.value());
                RecordKeys.requireCall(record.key(), event.callId());
                yield before.after(event);
            }
            case Topics.RECORDING_ARTIFACTS -> {
                Artifact artifact = Artifact.fromBytes(record.value());
                RecordKeys.requireCall(record.key(), artifact.callId());
                yield artifact(before, artifact);
            }
            case Topics.RETENTION_ORDERS -> {
                RetentionOrder order = RetentionOrder.fromBytes(record.value());
                RecordKeys.requireCall(record.key(), order.callId());
                yield order(before, order, at.offset());
            }
            case Topics.RETENTION_RECEIPTS -> {
                Receipt receipt = Receipt.fromBytes(record.value());
                RecordKeys.requireCall(record.key(), receipt.callId());
                yield receipt(before, receipt);
            }
            default -> throw new IllegalStateException("no such source: " + at.topic());
        };
    }

    private CallState artifact(CallState before, Artifact artifact) {
        CallState after = before.after(artifact);
        PurgeOrdered purge = after.orders().purge();
        if (purge != null && CallFacts.objectOf(artifact) != null) {
            log.warn("call {} got an object after its purge was ordered; it is purged again", purge.callId());
            forward(purge.callId(), purge.toBytes(), RetentionTopology.ORDERS_SINK);
        }
        return after;
    }

    private CallState order(CallState before, RetentionOrder order, long offset) {
        CallState after = before.after(order, offset);
        asked.remove(order.orderId());
        PurgeOrdered purge = after.orders().purge();
        if (purge != null && before.orders().purge() == null) {
            forgetSessionKeys(after, purge);
        }
        return after;
    }

    /** The tombstones and their receipt go out in one transaction, so the receipt cannot be there without them. */
    private void forgetSessionKeys(CallState call, PurgeOrdered purge) {
        for (String streamId : call.facts().streams()) {
            forward(streamId, null, RetentionTopology.SESSION_KEYS_SINK);
        }
        Receipt receipt = Receipts.of(
                purge, parts.nowMicros(), Receipts.SESSION_KEYS, call.facts().streams());
        forward(purge.callId(), receipt.toBytes(), RetentionTopology.RECEIPTS_SINK);
    }

    private CallState receipt(CallState before, Receipt receipt) {
        CallState after = before.after(receipt);
        if (after.finished()) {
            return after;
        }
        return Receipts.whole(after, parts.expectedIndexReplicas(), parts.nowMicros())
                .map(whole -> {
                    forward(whole.callId(), whole.toBytes(), RetentionTopology.RECEIPTS_SINK);
                    log.info("call {} is purged ({})", whole.callId(), whole.evidence());
                    return after.withFinished();
                })
                .orElse(after);
    }

    private void orderWhatIsDue() {
        Instant now = parts.clock().instant();
        List<KeyValue<String, CallState>> due = new ArrayList<>();
        List<KeyValue<String, CallState>> originals = new ArrayList<>();
        long held = 0;
        try (KeyValueIterator<String, CallState> all = calls().all()) {
            while (all.hasNext()) {
                KeyValue<String, CallState> call = all.next();
                held += call.value.orders().holds().isEmpty() ? 0 : 1;
                if (parts.disposition().isDue(call.value, now)) {
                    due.add(call);
                } else if (!parts.disposition().originalsDue(call.value, now).isEmpty()) {
                    originals.add(call);
                }
            }
        }
        parts.heldCalls().put(context().taskId().partition(), held);
        originals.forEach(call -> orderDiscards(call.key, call.value, now));
        for (KeyValue<String, CallState> call : due) {
            CallIdentity identity = call.value.identity();
            String policy = parts.disposition().policies().of(identity).inWords();
            PurgeOrdered order =
                    new PurgeOrdered(call.key + "-purge", identity.tenant(), call.key, parts.nowMicros(), policy);
            log.info("call {} is due: {}", call.key, policy);
            forward(call.key, order.toBytes(), RetentionTopology.ORDERS_SINK);
            calls().put(call.key, call.value.withRequested());
            parts.purgesOrdered().increment();
        }
    }

    private void orderDiscards(String callId, CallState call, Instant now) {
        for (String streamId : parts.disposition().originalsDue(call, now)) {
            DiscardOrdered order = new DiscardOrdered(
                    callId + "-discard-" + streamId,
                    call.identity().tenant(),
                    callId,
                    parts.nowMicros(),
                    streamId,
                    RedactionStored.DISCARD_ORIGINAL,
                    List.copyOf(call.facts().originals().getOrDefault(streamId, new TreeSet<>())));
            if (asked.add(order.orderId())) {
                log.info("call {} stream {}: the sound as it came is not kept", callId, streamId);
                forward(callId, order.toBytes(), RetentionTopology.ORDERS_SINK);
            }
        }
    }

    // record times come from the system's clock: the broker refuses what is far ahead of its own
    private void forward(String key, byte @Nullable [] value, String sink) {
        context().forward(new Record<>(key, value, context().currentSystemTimeMs()), sink);
    }

    private CallState read(String callId) {
        CallState state = calls().get(callId);
        return state == null ? CallState.NONE : state;
    }

    private ProcessorContext<String, byte[]> context() {
        if (context == null) {
            throw new IllegalStateException("not initialised by Kafka Streams");
        }
        return context;
    }

    private KeyValueStore<String, CallState> calls() {
        if (calls == null) {
            throw new IllegalStateException("not initialised by Kafka Streams");
        }
        return calls;
    }
}

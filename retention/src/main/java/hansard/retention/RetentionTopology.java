package hansard.retention;

import hansard.runtime.Json;
import hansard.wire.Topics;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.Stores;

/** The Streams application: four topics keyed by call, one store, three sinks. */
final class RetentionTopology {
    static final String CALLS_STORE = "calls";
    static final String ORDERS_SINK = "orders-sink";
    static final String RECEIPTS_SINK = "receipts-sink";
    static final String SESSION_KEYS_SINK = "session-keys-sink";
    private static final String SOURCE = "source";
    private static final String PROCESSOR = "calls-processor";

    private RetentionTopology() {}

    /**
     * What the processors of all partitions share.
     *
     * @param heldCalls by partition, for the gauge
     */
    record Parts(
            Disposition disposition,
            Duration checkInterval,
            int expectedIndexReplicas,
            InstantSource clock,
            StateChanges changes,
            UnreadableRecords unreadable,
            Map<Integer, Long> heldCalls,
            Counter purgesOrdered) {
        long nowMicros() {
            return ChronoUnit.MICROS.between(java.time.Instant.EPOCH, clock.instant());
        }
    }

    static Topology build(Parts parts) {
        var string = Serdes.String();
        var bytes = Serdes.ByteArray();
        Topology topology = new Topology();
        topology.addSource(
                SOURCE,
                string.deserializer(),
                bytes.deserializer(),
                Topics.CALLS,
                Topics.RECORDING_ARTIFACTS,
                Topics.RETENTION_ORDERS,
                Topics.RETENTION_RECEIPTS);
        topology.addProcessor(PROCESSOR, () -> new CallProcessor(parts), SOURCE);
        topology.addStateStore(
                Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(CALLS_STORE), string, callStates()),
                PROCESSOR);
        topology.addSink(ORDERS_SINK, Topics.RETENTION_ORDERS, string.serializer(), bytes.serializer(), PROCESSOR);
        topology.addSink(RECEIPTS_SINK, Topics.RETENTION_RECEIPTS, string.serializer(), bytes.serializer(), PROCESSOR);
        topology.addSink(SESSION_KEYS_SINK, Topics.SESSION_KEYS, string.serializer(), bytes.serializer(), PROCESSOR);
        return topology;
    }

    private static Serde<CallState> callStates() {
        return Serdes.serdeFrom(
                (topic, state) -> state == null ? null : Json.bytes(state),
                (topic, bytes) -> bytes == null ? null : Json.read(bytes, CallState.class));
    }
}

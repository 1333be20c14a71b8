package hansard.transcode;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Json;
import hansard.wire.Artifact;
import hansard.wire.CallEvent;
import hansard.wire.Topics;
import java.util.function.LongSupplier;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link Assembly} per call, over {@code calls} and {@code recording.artifacts}, exactly once. */
final class AssemblyTopology {
    static final String APPLICATION = "hansard-transcode-assembly";

    private static final Logger log = LoggerFactory.getLogger(AssemblyTopology.class);
    private static final String STORE = "assemblies";
    private static final String ASSEMBLE = "assemble";
    private static final String SAY = "say";
    private static final String FORGET_SESSION_KEYS = "forget-session-keys";

    private AssemblyTopology() {}

    /** @param awaited what a recording waits for beside its tracks */
    static Topology of(Assembly.Awaited awaited, LongSupplier nowMicros) {
        var strings = Serdes.String();
        var bytes = Serdes.ByteArray();
        Topology topology = new Topology();
        topology.addSource("calls", strings.deserializer(), bytes.deserializer(), Topics.CALLS);
        topology.addSource("artifacts", strings.deserializer(), bytes.deserializer(), Topics.RECORDING_ARTIFACTS);
        topology.addProcessor(ASSEMBLE, () -> new Assembler(awaited, nowMicros), "calls", "artifacts");
        topology.addStateStore(
                Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(STORE), strings, bytes), ASSEMBLE);
        topology.addSink(SAY, Topics.RECORDING_ARTIFACTS, strings.serializer(), bytes.serializer(), ASSEMBLE);
        topology.addSink(FORGET_SESSION_KEYS, Topics.SESSION_KEYS, strings.serializer(), bytes.serializer(), ASSEMBLE);
        return topology;
    }

    private static final class Assembler implements Processor<String, byte[], String, byte[]> {
        private final Assembly.Awaited awaited;
        private final LongSupplier nowMicros;
        private @Nullable ProcessorContext<String, byte[]> context;
        private @Nullable KeyValueStore<String, byte[]> store;

        Assembler(Assembly.Awaited awaited, LongSupplier nowMicros) {
            this.awaited = awaited;
            this.nowMicros = nowMicros;
        }

        @Override
        public void init(ProcessorContext<String, byte[]> context) {
            this.context = context;
            this.store = context.getStateStore(STORE);
        }

        @Override
        public void process(Record<String, byte[]> record) {
            ProcessorContext<String, byte[]> to = context;
            KeyValueStore<String, byte[]> assemblies = store;
            if (to == null || assemblies == null || record.key() == null || record.value() == null) {
                return;
            }
            byte[] kept = assemblies.get(record.key());
            Assembly before = kept == null ? Assembly.NEW : Json.read(kept, Assembly.class);
            String topic = to.recordMetadata().map(m -> m.topic()).orElse("");
            String tenant;
            Assembly known;
            try {
                if (topic.equals(Topics.CALLS)) {
                    CallEvent event = CallEvent.fromBytes(record.value());
                    requireFiledUnder(record.key(), event.callId());
                    tenant = event.tenant();
                    known = before.with(event);
                } else {
                    Artifact artifact = Artifact.fromBytes(record.value());
                    requireFiledUnder(record.key(), artifact.callId());
                    tenant = artifact.tenant();
                    known = before.with(artifact);
                }
            } catch (HansardException e) {
                log.warn("a record of call {} on {} passed over: {}", record.key(), topic, e.getMessage());
                return;
            }
            Assembly.Step step = known.step(tenant, record.key(), awaited, nowMicros.getAsLong());
            for (Artifact artifact : step.says()) {
                log.info("call {}: {}", record.key(), artifact.getClass().getSimpleName());
                to.forward(record.withValue(artifact.toBytes()), SAY);
            }
            for (String streamId : step.sessionKeysDone()) {
                to.forward(record.withKey(streamId).withValue((byte[]) null), FORGET_SESSION_KEYS);
            }
            if (!step.next().equals(before)) {
                assemblies.put(record.key(), Json.bytes(step.next()));
            }
        }

        private static void requireFiledUnder(String key, String callId) {
            if (!key.equals(callId)) {
                throw new HansardException(ErrorCode.MALFORMED, "it is of another call than the one it is filed under");
            }
        }
    }
}

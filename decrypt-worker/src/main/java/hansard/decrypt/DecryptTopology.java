package hansard.decrypt;

import hansard.wire.Topics;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The worker as Kafka Streams sees it.
 *
 * <pre>
 * session.keys ─┐                 ┌─► media.frames
 *               ├─► decrypt ──────┤
 * media.srtp ───┘   streams,      └─► media.rejected
 *                   keys, parked,
 *                   reopenings
 * </pre>
 */
final class DecryptTopology {
    private static final String DECRYPT = "decrypt";

    private DecryptTopology() {}

    static Topology of(DecryptTools tools) {
        return new Topology()
                .addSource(
                        "in",
                        new StringDeserializer(),
                        new ByteArrayDeserializer(),
                        Topics.SESSION_KEYS,
                        Topics.MEDIA_SRTP)
                .addProcessor(DECRYPT, () -> new DecryptProcessor(tools), "in")
                .addStateStore(
                        // written for each record, but to the changelog only once a commit
                        store(Stores.inMemoryKeyValueStore(DecryptProcessor.STREAMS))
                                .withCachingEnabled(),
                        DECRYPT)
                .addStateStore(store(Stores.inMemoryKeyValueStore(DecryptProcessor.KEYS)), DECRYPT)
                .addStateStore(store(Stores.persistentKeyValueStore(DecryptProcessor.PARKED)), DECRYPT)
                .addStateStore(store(Stores.inMemoryKeyValueStore(Reopenings.STORE)), DECRYPT)
                .addSink(Output.FRAMES, Topics.MEDIA_FRAMES, new StringSerializer(), new ByteArraySerializer(), DECRYPT)
                .addSink(
                        Output.REJECTED,
                        Topics.MEDIA_REJECTED,
                        new StringSerializer(),
                        new ByteArraySerializer(),
                        DECRYPT);
    }

    private static StoreBuilder<KeyValueStore<String, byte[]>> store(KeyValueBytesStoreSupplier supplier) {
        return Stores.keyValueStoreBuilder(supplier, Serdes.String(), Serdes.ByteArray())
                .withLoggingEnabled(Map.of("max.message.bytes", "4194304"));
    }
}

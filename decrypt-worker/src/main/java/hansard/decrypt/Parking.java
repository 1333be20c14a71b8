package hansard.decrypt;

import hansard.wire.SrtpRecord;
import java.util.Locale;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Records that cannot be opened yet, as they came: ciphertext, one store entry each, on disk and not in memory. A stream's entries are
 * numbered without a gap.
 */
final class Parking {
    private final KeyValueStore<String, byte[]> store;

    Parking(KeyValueStore<String, byte[]> store) {
        this.store = store;
    }

    void put(String streamId, long ordinal, byte[] record) {
        store.put(key(streamId, ordinal), record);
    }

    SrtpRecord get(String streamId, long ordinal) {
        byte[] parked = store.get(key(streamId, ordinal));
        if (parked == null) {
            throw new IllegalStateException(
                    "record " + ordinal + " of stream " + streamId + " should wait and is not there");
        }
        return SrtpRecord.fromBytes(parked);
    }

    /** Takes one out. */
    SrtpRecord take(String streamId, long ordinal) {
        SrtpRecord record = get(streamId, ordinal);
        store.delete(key(streamId, ordinal));
        return record;
    }

    private static String key(String streamId, long ordinal) {
        return streamId + "/" + String.format(Locale.ROOT, "%08d", ordinal);
    }
}

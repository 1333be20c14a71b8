package hansard.decrypt;

import hansard.wire.SrtpRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.streams.state.KeyValueStore;

/** Records of streams whose session key has not come yet, as they came: ciphertext, one store entry each. */
final class Parking {
    private final KeyValueStore<String, byte[]> store;

    Parking(KeyValueStore<String, byte[]> store) {
        this.store = store;
    }

    void park(String streamId, StreamState.Waiting waiting, SrtpRecord record) {
        store.put(key(streamId, waiting.records()), record.toBytes());
    }

    /** Takes out what waits for a stream, in order. */
    List<SrtpRecord> takeAll(String streamId, StreamState.Waiting waiting) {
        List<SrtpRecord> records = new ArrayList<>();
        for (long i = 0; i < waiting.records(); i++) {
            byte[] parked = store.delete(key(streamId, i));
            if (parked != null) {
                records.add(SrtpRecord.fromBytes(parked));
            }
        }
        return records;
    }

    private static String key(String streamId, long ordinal) {
        return streamId + "/" + String.format(Locale.ROOT, "%08d", ordinal);
    }
}

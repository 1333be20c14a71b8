package hansard.ingest;

import hansard.wire.SrtpRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A sink that keeps everything at once. */
final class RecordingSink implements MediaSink {
    final List<SrtpRecord> records = new ArrayList<>();

    @Override
    public void bundle(String streamId, StreamCounters counters, byte[] record, int datagrams) {
        counters.recordSent();
        records.add(SrtpRecord.fromBytes(record));
        counters.recordSettled(datagrams, true);
    }

    @Override
    public CompletableFuture<Void> mark(String streamId, StreamCounters counters, byte[] record) {
        records.add(SrtpRecord.fromBytes(record));
        return CompletableFuture.completedFuture(null);
    }

    List<SrtpRecord.Datagrams> bundles() {
        return records.stream()
                .filter(SrtpRecord.Datagrams.class::isInstance)
                .map(SrtpRecord.Datagrams.class::cast)
                .toList();
    }
}

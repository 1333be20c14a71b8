package hansard.ingest;

import java.util.concurrent.CompletableFuture;

/** Where a stream's records go, in order. */
interface MediaSink {
    /** Writes a bundle, or counts its datagrams as not durable when too much waits already. Never blocks. */
    void bundle(String streamId, StreamCounters counters, byte[] record, int datagrams);

    /** Writes a mark. The future is done when it is durable, and fails when it will not be. */
    CompletableFuture<Void> mark(String streamId, StreamCounters counters, byte[] record);
}

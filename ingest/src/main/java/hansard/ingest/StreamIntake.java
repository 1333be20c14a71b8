package hansard.ingest;

import hansard.wire.DatagramBundle;
import hansard.wire.SrtpRecord;
import hansard.wire.StreamDescription;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What is done with each datagram of one stream: kept in a bundle, or counted and not kept. Time is given, so that it can be
 * tested. Belongs to the receiver's thread; when the receiver has let go of it, to whoever ends the stream.
 *
 * <p>Ordinals count the datagrams that were to be kept, so a gap in them on the topic is what was not durable.
 */
final class StreamIntake {
    private static final int FIRST_BUFFER_BYTES = 2 << 10; // 100 ms of an Opus stream take about 700 bytes

    /** What was done with a datagram. */
    enum Outcome {
        KEPT,
        DISCARDED,
        /** Of a stream with capture times, and too short to have one and a datagram. */
        MALFORMED
    }

    private final StreamDescription description;
    private final StreamCounters counters;
    private final MediaSink sink;
    private final int maxBytes;
    private final long maxAgeNanos;
    private final DatagramBundle bundle = new DatagramBundle(FIRST_BUFFER_BYTES);
    private final SequenceWraps wraps;
    private long nextOrdinal;
    private long bundleSinceNanos;
    private long lastArrivalMicros;
    private boolean paused;
    private long discardedInPause;
    private long wrapsBeforePause;
    private @Nullable CompletableFuture<Void> closeMark;
    private CompletableFuture<Void> lastMark = CompletableFuture.completedFuture(null);

    StreamIntake(
            StreamDescription description,
            StreamCounters counters,
            MediaSink sink,
            IngestConfig config,
            StreamMemory memory) {
        this.description = description;
        this.counters = counters;
        this.sink = sink;
        this.maxBytes = config.bundleMaxBytes();
        this.maxAgeNanos = config.bundleMaxAge().toNanos();
        this.wraps = new SequenceWraps(description.ssrc());
        this.nextOrdinal = memory.nextOrdinal();
        this.lastArrivalMicros = memory.lastArrivalMicros();
        this.paused = memory.paused();
    }

    StreamDescription description() {
        return description;
    }

    StreamCounters counters() {
        return counters;
    }

    boolean paused() {
        return paused;
    }

    /** Takes what remains in the buffer; at least one byte. */
    Outcome accept(ByteBuffer datagram, long nowMicros, long nowNanos) {
        long arrivalMicros = nowMicros;
        if (description.captureTimes()) {
            if (datagram.remaining() <= Long.BYTES) {
                return Outcome.MALFORMED;
            }
            arrivalMicros = datagram.getLong();
        }
        counters.arrived(nowMicros);
        lastArrivalMicros = arrivalMicros;
        wraps.observe(datagram);
        if (paused) {
            counters.discard();
            discardedInPause++;
            return Outcome.DISCARDED;
        }
        if (!bundle.fits(arrivalMicros)) {
            flush();
        }
        if (bundle.isEmpty()) {
            bundleSinceNanos = nowNanos;
        }
        bundle.add(arrivalMicros, datagram);
        if (bundle.length() >= maxBytes) {
            flush();
        }
        return Outcome.KEPT;
    }

    void flushIfDue(long nowNanos) {
        if (!bundle.isEmpty() && nowNanos - bundleSinceNanos >= maxAgeNanos) {
            flush();
        }
    }

    void flush() {
        if (!bundle.isEmpty()) {
            int count = bundle.count();
            sink.bundle(description.streamId(), counters, bundle.take(nextOrdinal), count);
            nextOrdinal += count;
        }
    }

    /** From here on nothing is kept. A second pause changes nothing. */
    CompletableFuture<Void> pause(long nowMicros) {
        if (!paused) {
            flush();
            paused = true;
            discardedInPause = 0;
            wrapsBeforePause = wraps.total();
            lastMark = mark(new SrtpRecord.Paused(mediaTime(nowMicros)));
        }
        return lastMark;
    }

    CompletableFuture<Void> resume(long nowMicros) {
        if (paused) {
            paused = false;
            int wrapped = (int) (wraps.total() - wrapsBeforePause);
            lastMark = mark(new SrtpRecord.Resumed(mediaTime(nowMicros), discardedInPause, wrapped));
        }
        return lastMark;
    }

    /**
     * The last record of the stream. Only when the receiver has let go of it and all its bundles are settled. A repeat waits
     * for the same record.
     */
    CompletableFuture<Void> close(long nowMicros, String reason) {
        CompletableFuture<Void> mark = closeMark;
        if (mark == null || mark.isCompletedExceptionally()) {
            if (paused) { // a pause ends with the stream; what it let go is counted like that of any other
                CompletableFuture<Void> ignored = resume(nowMicros);
            }
            mark = mark(new SrtpRecord.Closed(mediaTime(nowMicros), counters.notDurable(), reason));
            closeMark = mark;
        }
        return mark;
    }

    private CompletableFuture<Void> mark(SrtpRecord record) {
        return sink.mark(description.streamId(), counters, record.toBytes());
    }

    /** A replayed stream's clock is the capture's. */
    private long mediaTime(long nowMicros) {
        return description.captureTimes() && lastArrivalMicros != 0 ? lastArrivalMicros : nowMicros;
    }
}

package hansard.decrypt;

import hansard.wire.RejectReason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/** What the worker counts. A record that is processed again after a crash counts again; the accounts on the topics do not. */
final class DecryptMeters {
    private final Counter framed;
    private final Counter frames;
    private final Counter incompleteFrames;
    private final Map<RejectReason, Counter> rejected = new EnumMap<>(RejectReason.class);

    DecryptMeters(MeterRegistry meters) {
        framed = Counter.builder("hansard.decrypt-worker.framed")
                .description("datagrams authenticated and used")
                .register(meters);
        frames = Counter.builder("hansard.decrypt-worker.frames")
                .description("codec frames written")
                .register(meters);
        incompleteFrames = Counter.builder("hansard.decrypt-worker.frames.incomplete")
                .description("video frames dropped because a packet of them is missing")
                .register(meters);
        for (RejectReason reason : RejectReason.values()) {
            rejected.put(
                    reason,
                    Counter.builder("hansard.decrypt-worker.rejected")
                            .description("datagrams that did not become media")
                            .tag("reason", reason.name())
                            .register(meters));
        }
    }

    void framed(long datagrams) {
        framed.increment(datagrams);
    }

    void frames(long count) {
        frames.increment(count);
    }

    void incompleteFrames(long count) {
        incompleteFrames.increment(count);
    }

    void rejected(RejectReason reason, long datagrams) {
        Counter counter = rejected.get(reason);
        if (counter != null) {
            counter.increment(datagrams);
        }
    }
}

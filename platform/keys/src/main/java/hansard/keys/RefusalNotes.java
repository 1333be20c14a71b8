package hansard.keys;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** A worker that waits asks again every second: the same refusal is told once a minute. Thread-safe. */
final class RefusalNotes {
    private static final Duration QUIET = Duration.ofMinutes(1);
    private static final int CAPACITY = 1_000;

    private record Same(String tenant, String callId, Map<String, String> detail) {}

    private final RefusalSink sink;
    private final InstantSource clock;
    private final LinkedHashMap<Same, Instant> told = new LinkedHashMap<>();

    RefusalNotes(RefusalSink sink, InstantSource clock) {
        this.sink = sink;
        this.clock = clock;
    }

    void note(String tenant, String actor, String callId, Map<String, String> detail) {
        Same same = new Same(tenant, callId, detail);
        Instant now = clock.instant();
        synchronized (told) {
            Instant before = told.get(same);
            if (before != null && Duration.between(before, now).compareTo(QUIET) < 0) {
                return;
            }
            told.putLast(same, now);
            if (told.size() > CAPACITY) {
                told.pollFirstEntry();
            }
        }
        sink.refused(tenant, actor, callId, detail);
    }
}

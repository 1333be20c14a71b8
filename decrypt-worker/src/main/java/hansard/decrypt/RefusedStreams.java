package hansard.decrypt;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Streams whose keys the vault refuses this worker: their records wait, and nobody else's. Belongs to one stream task; what all tasks of
 * the process have is in {@link Notice}.
 */
final class RefusedStreams {
    /** How long a refusal is taken for granted: a certificate is not put right in less. */
    private static final long ASK_AGAIN_MILLIS = 1_000;

    private final Notice notice;
    private final Map<String, Long> askedMillis = new HashMap<>();

    RefusedStreams(Notice notice) {
        this.notice = notice;
    }

    /** For the health check. Thread-safe. */
    static final class Notice {
        private final Map<String, String> reasons = new ConcurrentHashMap<>();

        /** Empty when nothing waits for leave. */
        String problem() {
            List<String> why = new ArrayList<>(reasons.values());
            return why.isEmpty()
                    ? ""
                    : "media of " + why.size() + (why.size() == 1 ? " stream waits" : " streams wait")
                            + " as ciphertext for leave: " + why.getFirst();
        }
    }

    void refused(String streamId, String why, long nowMillis) {
        askedMillis.put(streamId, nowMillis);
        notice.reasons.put(streamId, why);
    }

    /** True while asking again is not worth it. */
    boolean isFresh(String streamId, long nowMillis) {
        Long asked = askedMillis.get(streamId);
        return asked != null && nowMillis - asked < ASK_AGAIN_MILLIS;
    }

    /** Why it was refused last. */
    String why(String streamId) {
        return notice.reasons.getOrDefault(streamId, "");
    }

    /** Something of it waits since before this process began: it is to be asked for. */
    void waits(String streamId) {
        askedMillis.putIfAbsent(streamId, 0L);
    }

    void granted(String streamId) {
        askedMillis.remove(streamId);
        notice.reasons.remove(streamId);
    }

    List<String> all() {
        return List.copyOf(askedMillis.keySet());
    }

    /** The task moves to another process. */
    void forgetAll() {
        all().forEach(this::granted);
    }
}

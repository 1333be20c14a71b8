package hansard.index;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is being said now: to those who watch a call, and as the unfinished end of its transcript. Kept in memory only: one
 * unfinished utterance for each stream, for the most recent calls. A watcher who does not keep up is let go; they connect
 * again and read the transcript. Thread-safe.
 */
final class LiveFeed {
    private static final int CALLS = 2_000;
    private static final int WATCHERS = 1_000;
    private static final int BEHIND = 256;

    private final Map<String, Map<String, Spoken>> partials = new LinkedHashMap<>();
    private final ConcurrentHashMap<String, List<Watcher>> watchers = new ConcurrentHashMap<>();

    /** @param name {@code utterance} or {@code state} */
    record Event(String name, Object json) {}

    /** One watcher's queue. */
    static final class Watcher {
        private final BlockingQueue<Event> queue = new ArrayBlockingQueue<>(BEHIND);
        private volatile boolean over;

        /** The next event, or null when none came in the time. */
        @Nullable
        Event next(long timeout, TimeUnit unit) throws InterruptedException {
            return queue.poll(timeout, unit);
        }

        /** True when no event will come any more: it fell behind, the call was purged, or the service stops. */
        boolean over() {
            return over && queue.isEmpty();
        }

        private void offer(Event event) {
            if (!queue.offer(event)) {
                end();
            }
        }

        private void end() {
            over = true;
        }
    }

    /** @return null when there are too many watchers already */
    @Nullable
    Watcher watch(String callId) {
        if (watchers.values().stream().mapToInt(List::size).sum() >= WATCHERS) {
            return null;
        }
        Watcher watcher = new Watcher();
        watchers.computeIfAbsent(callId, c -> new CopyOnWriteArrayList<>()).add(watcher);
        return watcher;
    }

    void leave(String callId, Watcher watcher) {
        watchers.computeIfPresent(callId, (c, all) -> {
            all.remove(watcher);
            return all.isEmpty() ? null : all;
        });
    }

    boolean isWatched(String callId) {
        return watchers.containsKey(callId);
    }

    void publish(String callId, Event event) {
        for (Watcher watcher : watchers.getOrDefault(callId, List.of())) {
            watcher.offer(event);
        }
    }

    void partial(String streamId, Spoken unfinished) {
        synchronized (partials) {
            Map<String, Spoken> ofCall = partials.remove(unfinished.callId());
            if (ofCall == null) {
                ofCall = new LinkedHashMap<>();
            }
            ofCall.put(streamId, unfinished);
            partials.put(unfinished.callId(), ofCall);
            if (partials.size() > CALLS) {
                partials.remove(partials.keySet().iterator().next());
            }
        }
    }

    /** The utterance is finished: what was heard of it before is not needed any more. */
    void finished(String callId, String streamId) {
        synchronized (partials) {
            Map<String, Spoken> ofCall = partials.get(callId);
            if (ofCall != null) {
                ofCall.remove(streamId);
            }
        }
    }

    List<Spoken> partials(String callId) {
        synchronized (partials) {
            return List.copyOf(partials.getOrDefault(callId, Map.of()).values());
        }
    }

    void forget(String callId) {
        synchronized (partials) {
            partials.remove(callId);
        }
    }

    /** Lets a call's watchers go. */
    void end(String callId) {
        watchers.getOrDefault(callId, List.of()).forEach(Watcher::end);
    }

    void endAll() {
        watchers.values().forEach(all -> all.forEach(Watcher::end));
    }
}

package hansard.transcribe;

import hansard.wire.SpeechRecord;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The stretches that wait for a recogniser, and those that have one. What is spoken now is begun at once, as long as there
 * are recognisers; what waits is begun when a core is free for it: first those of tracks that go on, and of them the oldest.
 * A track's stretches are begun in order, one at a time. What waits is kept in memory up to a limit, and beyond it on Kafka alone.
 *
 * <p>Belongs to the reader's thread.
 */
final class StretchQueue {
    /** A stretch that was written longer ago is behind. */
    private static final long LIVE_MILLIS = 10_000;
    /** Half an hour of speech. */
    private static final long KEPT_BYTES = 64L << 20;

    private static final Comparator<Stretch> NEXT = Comparator.<Stretch, Boolean>comparing(
                    stretch -> !stretch.track().isLive())
            .thenComparingLong(Stretch::producedMillis);

    /** Begins the work on a stretch. */
    interface Starter {
        /** @param live whether it is being spoken now */
        void start(Stretch stretch, boolean live);
    }

    private final Set<Stretch> waiting = new LinkedHashSet<>();
    /** And whether each is live. */
    private final Map<Stretch, Boolean> inHand = new HashMap<>();

    private final int recognisers;
    private final int cores;
    private final Starter starter;
    private final SpeechBacklog backlog;
    private long keptBytes;

    /**
     * @param recognisers how many stretches may be in hand at once
     * @param cores how many of them may be behind: each keeps a core busy
     */
    StretchQueue(int recognisers, int cores, Starter starter, SpeechBacklog backlog) {
        this.recognisers = recognisers;
        this.cores = cores;
        this.starter = starter;
        this.backlog = backlog;
    }

    void add(Stretch stretch) {
        waiting.add(stretch);
    }

    /** The next piece of a stretch that goes on. */
    void add(Stretch stretch, SpeechRecord.Speech piece) {
        backlog.came(Stretch.samplesOf(piece));
        keptBytes += stretch.add(piece);
        if (keptBytes > KEPT_BYTES && waiting.contains(stretch)) {
            keptBytes -= stretch.drop();
        }
    }

    /** It is done, or nobody wants it any more. */
    void remove(Stretch stretch) {
        if (waiting.remove(stretch) | inHand.remove(stretch) != null) {
            keptBytes -= stretch.release();
        }
    }

    /** True when nothing waits and nothing is in hand. */
    boolean isIdle() {
        return waiting.isEmpty() && inHand.isEmpty();
    }

    /** Begins what there is room for. */
    void startWhatMay(long nowMillis) {
        while (inHand.size() < recognisers && !waiting.isEmpty()) {
            boolean coreFree = inHand.values().stream().filter(live -> !live).count() < cores;
            var next = waiting.stream()
                    .filter(stretch -> mayStart(stretch, coreFree, nowMillis))
                    .min(NEXT);
            if (next.isEmpty()) {
                break;
            }
            Stretch stretch = next.get();
            boolean live = isLive(stretch, nowMillis);
            waiting.remove(stretch);
            inHand.put(stretch, live);
            starter.start(stretch, live);
        }
        backlog.look(waiting, inHand.keySet(), nowMillis);
    }

    private static boolean mayStart(Stretch stretch, boolean coreFree, long nowMillis) {
        return stretch.track().unfinished().peekFirst() == stretch
                && (isLive(stretch, nowMillis) || coreFree)
                && (!stretch.isDropped() || stretch.isComplete());
    }

    private static boolean isLive(Stretch stretch, long nowMillis) {
        return stretch.track().isLive() && !stretch.isDropped() && nowMillis - stretch.producedMillis() < LIVE_MILLIS;
    }
}

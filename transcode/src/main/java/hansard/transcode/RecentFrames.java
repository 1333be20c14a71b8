package hansard.transcode;

import java.util.TreeSet;

/** When the last pictures of a track were, as far back as news of a missing packet may be late. */
final class RecentFrames {
    private static final long WINDOW_MICROS = 10_000_000;

    private final TreeSet<Long> times = new TreeSet<>();

    void add(long mediaMicros) {
        times.add(mediaMicros);
        while (times.first() < mediaMicros - WINDOW_MICROS) {
            times.remove(times.first());
        }
    }

    /** The first picture after a moment, or -1. */
    long after(long micros) {
        Long next = times.higher(micros);
        return next == null ? -1 : next;
    }

    /** The last picture at a moment or before; {@code otherwise} when there is none. */
    long atOrBefore(long micros, long otherwise) {
        Long before = times.floor(micros);
        return before == null ? otherwise : before;
    }
}

package hansard.decrypt;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * What came after a gap in a source's arrivals and is late: held up on the way, or sent by somebody whose media clock stood still. A queue
 * runs empty, so what was held up comes faster than it was sent and is less and less late; a clock that stood still leaves everything as
 * late as the first, for good. A way that is blocked may let some through and be blocked again: then the watch begins again.
 */
final class Afterwards {
    /** What a gap must add to the lateness to be one of the way; a silence adds nothing, its timestamps go on. */
    private static final long LATER_MICROS = 100_000;
    /** A sender that sends six frames at once is no queue that runs empty. */
    private static final long BURST_MICROS = 150_000;
    /** At the pace of speech for so long, with so many packets, nothing is let through that was held up. */
    private static final long PACE_MICROS = 300_000;

    private static final int PACE_PACKETS = 8;
    /** Nothing is held up for longer on a way that opens again. */
    private static final long LONGEST_HOLD_UP_MICROS = 5_000_000;

    private final List<MediaClock.Stamp> arrived;
    private final ToLongFunction<MediaClock.Stamp> lateness;
    private final long nowMicros;
    /** Where the last part begins, after the way was blocked last. */
    private final int last;

    /**
     * @param following the first after the gap, and what came after it
     * @param nowMicros arrival of the stream's newest packet
     */
    Afterwards(List<MediaClock.Stamp> following, ToLongFunction<MediaClock.Stamp> lateness, long nowMicros) {
        this.lateness = lateness;
        this.nowMicros = nowMicros;
        this.arrived = following.stream()
                .sorted(Comparator.comparingLong(MediaClock.Stamp::arrivalMicros))
                .toList();
        int from = arrived.size() - 1;
        while (from > 0 && !isBlockedBefore(from)) {
            from--;
        }
        this.last = from;
    }

    private boolean isBlockedBefore(int at) {
        MediaClock.Stamp before = arrived.get(at - 1);
        MediaClock.Stamp stamp = arrived.get(at);
        return stamp.arrivalMicros() - before.arrivalMicros() > MediaClock.STEP_MICROS
                && lateness.applyAsLong(stamp) - lateness.applyAsLong(before) > LATER_MICROS;
    }

    /** They come as late as the first of them, for long enough to be sure. */
    boolean stayLate() {
        return isWatchedLongEnough()
                && arrived.size() - last >= MediaClock.FEW
                && isLevel(last, nowMicros, MediaClock.LOOK_AHEAD_AFTER_GAP_MICROS);
    }

    /** The way was blocked again, or is running empty: what is late now may not be soon. */
    boolean speakOfHoldUp() {
        if (last > 0) {
            return true;
        }
        long watched = MediaClock.LOOK_AHEAD_AFTER_GAP_MICROS;
        long before = least(0, nowMicros - watched, nowMicros - watched / 2);
        long after = least(0, nowMicros - watched / 2, nowMicros);
        return isWatchedLongEnough() && after != Long.MAX_VALUE
                ? before != Long.MAX_VALUE && before - after > MediaClock.OFF_MICROS
                : lateness.applyAsLong(arrived.getFirst()) - least(0, Long.MIN_VALUE, nowMicros) > BURST_MICROS;
    }

    /** For when no more can be waited for: once they came as late as those before at the pace of speech, or some still came long after. */
    boolean stayedLate() {
        long lasted = arrived.getLast().arrivalMicros() - arrived.getFirst().arrivalMicros();
        if (lasted >= LONGEST_HOLD_UP_MICROS) {
            return true;
        }
        int from = 0;
        for (int to = 1; to <= arrived.size(); to++) {
            boolean ends = to == arrived.size()
                    || arrived.get(to).arrivalMicros() - arrived.get(to - 1).arrivalMicros() > MediaClock.STEP_MICROS;
            if (ends) {
                long end = arrived.get(to - 1).arrivalMicros();
                long recent = arrived.subList(from, to).stream()
                        .filter(stamp -> stamp.arrivalMicros() > end - PACE_MICROS)
                        .count();
                if (recent >= PACE_PACKETS && isLevel(from, end, PACE_MICROS)) {
                    return true;
                }
                from = to;
            }
        }
        return false;
    }

    private boolean isWatchedLongEnough() {
        return nowMicros - arrived.get(last).arrivalMicros() >= MediaClock.LOOK_AHEAD_AFTER_GAP_MICROS;
    }

    /** In the second half of so long before a time they were as late as in the first. */
    private boolean isLevel(int from, long atMicros, long forMicros) {
        long before = least(from, atMicros - forMicros, atMicros - forMicros / 2);
        long after = least(from, atMicros - forMicros / 2, atMicros);
        return before != Long.MAX_VALUE && after != Long.MAX_VALUE && Math.abs(before - after) <= MediaClock.OFF_MICROS;
    }

    /** @return the least lateness of what arrived after one time, up to another; {@link Long#MAX_VALUE} when nothing did */
    private long least(int from, long afterMicros, long toMicros) {
        return arrived.subList(from, arrived.size()).stream()
                .filter(stamp -> stamp.arrivalMicros() > afterMicros && stamp.arrivalMicros() <= toMicros)
                .mapToLong(lateness)
                .min()
                .orElse(Long.MAX_VALUE);
    }
}

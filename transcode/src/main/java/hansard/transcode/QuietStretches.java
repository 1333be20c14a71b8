package hansard.transcode;

import hansard.wire.TrackCoverage;
import hansard.wire.TrackCoverage.Quiet;
import java.util.ArrayList;
import java.util.List;

/** Collects where hardly anything is heard of a track, from how loud its packets were when they were decoded. */
final class QuietStretches {
    /** Leaving out what is shorter saves nothing: at its ends it is decoded ({@link QuietGate}). */
    private static final long SHORTEST_MICROS = 600_000;
    /** A longer stretch is told as several: what is placed behind one fits into an int of samples. */
    private static final long LONGEST_MICROS = 3_600_000_000L;

    private static final int MOST = 100_000;
    private static final long NONE = Long.MIN_VALUE;

    private final List<Quiet> all = new ArrayList<>();
    private long fromMicros = NONE;
    private long toMicros;

    /** The next packet, in order. @param level in dB below full scale */
    void add(long mediaMicros, long durationMicros, int level) {
        if (fromMicros != NONE && mediaMicros - fromMicros > LONGEST_MICROS) {
            end(toMicros);
        }
        if (level <= -TrackCoverage.QUIET_DECIBELS) {
            end(mediaMicros);
        } else {
            fromMicros = fromMicros == NONE ? mediaMicros : fromMicros;
            toMicros = mediaMicros + durationMicros;
        }
    }

    private void end(long atMicros) {
        if (isWorthTelling(atMicros)) {
            all.add(new Quiet(fromMicros, atMicros));
        }
        fromMicros = NONE;
    }

    private boolean isWorthTelling(long atMicros) {
        return fromMicros != NONE && atMicros - fromMicros >= SHORTEST_MICROS && all.size() < MOST;
    }

    /** What is known so far, in order of time. */
    List<Quiet> all() {
        List<Quiet> known = new ArrayList<>(all);
        if (isWorthTelling(toMicros)) {
            known.add(new Quiet(fromMicros, toMicros));
        }
        return known;
    }
}

package hansard.decrypt;

import hansard.rtp.SequenceUnwrapper;
import java.util.List;

/**
 * Where a stream's RTP timestamps belong on the timeline: the first packet at its arrival, the others at their distance from
 * it. Sync between streams comes from arrival, because SFUs forward no sender reports.
 *
 * <p>A sender whose media clock stood still (a browser that replaced its microphone by nothing) goes on with the next
 * timestamp seconds later. That is told from packets that were merely held up on the way: those are followed at once by
 * packets that are less late. Drift below a second is left alone.
 */
final class MediaClock {
    /** Both the silence before a packet and its lateness must exceed this for the clock to have stood still. */
    static final long STANDSTILL_MICROS = 1_000_000;
    /** Arrival time to watch after such a packet before deciding. */
    static final long LOOK_AHEAD_MICROS = 200_000;

    private final int clockRate;
    private boolean started;
    private long firstTimestamp;
    private long lastTimestamp;
    private long anchorMicros;
    private long lastArrivalMicros;

    /** @param clockRate timestamp units a second, over 0 */
    MediaClock(int clockRate) {
        this.clockRate = clockRate;
    }

    /** A timestamp's place. */
    record Placement(long rtpTimestamp, long mediaMicros) {}

    /** A packet's two times. */
    record Stamp(long rtpTimestamp, long arrivalMicros) {}

    /** True when the packets after this one must be looked at before it can be placed. */
    boolean mayHaveStoodStill(Stamp stamp) {
        return started
                && stamp.arrivalMicros - lastArrivalMicros > STANDSTILL_MICROS
                && lateness(stamp) > STANDSTILL_MICROS;
    }

    /** Decides whether the clock stood still before the first of these, and moves the anchor if so. */
    void settle(List<Stamp> following) {
        long least = Long.MAX_VALUE;
        for (Stamp stamp : following) {
            least = Math.min(least, lateness(stamp));
        }
        if (least != Long.MAX_VALUE && least > STANDSTILL_MICROS) {
            anchorMicros += least;
        }
    }

    Placement place(Stamp stamp) {
        if (!started) {
            started = true;
            firstTimestamp = stamp.rtpTimestamp;
            lastTimestamp = stamp.rtpTimestamp;
            anchorMicros = stamp.arrivalMicros;
            lastArrivalMicros = stamp.arrivalMicros;
        }
        long extended = extend(stamp.rtpTimestamp);
        lastTimestamp = Math.max(lastTimestamp, extended);
        lastArrivalMicros = Math.max(lastArrivalMicros, stamp.arrivalMicros);
        return new Placement(extended, map(extended));
    }

    private long lateness(Stamp stamp) {
        return stamp.arrivalMicros - map(extend(stamp.rtpTimestamp));
    }

    private long extend(long timestamp) {
        return new SequenceUnwrapper(32, lastTimestamp).unwrap(timestamp);
    }

    private long map(long extended) {
        long distance = extended - firstTimestamp;
        // whole seconds first: a hostile sender's timestamps must not overflow
        long seconds = Math.floorDiv(distance, clockRate);
        return anchorMicros + seconds * 1_000_000L + (distance - seconds * clockRate) * 1_000_000L / clockRate;
    }

    void write(StateWriter out) {
        out.i32(clockRate);
        out.flag(started);
        out.i64(firstTimestamp);
        out.i64(lastTimestamp);
        out.i64(anchorMicros);
        out.i64(lastArrivalMicros);
    }

    static MediaClock read(StateReader in) {
        int clockRate = in.i32();
        if (clockRate <= 0) {
            throw in.malformed("a clock rate of " + clockRate);
        }
        MediaClock clock = new MediaClock(clockRate);
        clock.started = in.flag();
        clock.firstTimestamp = in.i64();
        clock.lastTimestamp = in.i64();
        clock.anchorMicros = in.i64();
        clock.lastArrivalMicros = in.i64();
        return clock;
    }
}

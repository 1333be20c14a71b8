package hansard.decrypt;

import hansard.rtp.SequenceUnwrapper;
import java.util.List;

/**
 * Where a source's RTP timestamps belong on the call's clock. That clock is the one of the arrival times: a packet cannot arrive
 * before it was spoken, and seldom arrives at once, so of many packets the least late ones tell where the media belongs. What they
 * tell is followed slowly (the sender's clock runs fast or slow by some hundred ppm, and the queues of a network come and go), and
 * at once only where that is certain: when the stream begins, and when the sender's clock stood still or was set.
 *
 * <p>A sender whose media clock stood still (a browser that replaced its microphone by nothing) goes on with the next timestamp
 * seconds later. That is told from packets that were merely held up on the way by what follows ({@link Afterwards}): after a hold-up packets
 * come faster than they were sent and catch up, after a clock that stood still they never do. While neither is certain a packet is
 * waited for, and in the end its place is the old one: what turns out to be too early can be followed by a step, what is too late cannot.
 * Below {@link #STEP_MICROS} nobody can tell a sender that stood still from a way that became longer, and either is followed slowly.
 *
 * <p>Whose packets run ahead of the call's time, each where the one before ends, sends faster than anybody speaks: a file, an announcement.
 * Its arrivals tell nothing of when they are to be heard, its timestamps do, and they are kept.
 *
 * <p>Sender reports, where an SFU forwards them, tell what the sender's own clock said at a timestamp: then queues are not followed at
 * all ({@link SenderReports}).
 *
 * <p>Times are microseconds. The same packets in the same order give the same places.
 */
final class MediaClock {
    /** From here on it is a step of the sender's clock, when nothing that follows is less late. */
    static final long STEP_MICROS = 200_000;
    /** More than the noise of the way: earlier than that is certain, since nothing arrives before it was spoken. */
    static final long OFF_MICROS = 40_000;
    /** Without a gap before it, only this much off is looked into: a sender that set its clock. */
    static final long ODD_MICROS = 1_000_000;
    /** Later than this is no hold-up. */
    static final long HOPELESS_MICROS = 60_000_000;
    /** So far ahead of its arrival may sound be: an announcement of ten minutes that is given at once. */
    static final long MOST_AHEAD_MICROS = 600_000_000;
    /** Arrival time to watch before the first packet is placed. */
    static final long START_MICROS = 500_000;
    /** Arrival time to watch before a step is believed that no gap in the arrivals came before: nothing was held up. */
    static final long LOOK_AHEAD_MICROS = 200_000;
    /** The same after a gap, and again after each further one: a way that is blocked lets packets through now and then. */
    static final long LOOK_AHEAD_AFTER_GAP_MICROS = 500_000;
    /** The same when few packets come, or when they come faster than they were sent. */
    static final long LONGEST_LOOK_AHEAD_MICROS = 1_200_000;

    /** What {@link #write} writes at the least. */
    static final int LEAST_BYTES = 64;

    static final int FEW = 3;
    /** What was placed last lasts about so long. */
    private static final long FRAME_MICROS = 20_000;

    /** The least late packet of so long a time says where the clock should be. */
    private static final long WINDOW_MICROS = 10_000_000;
    /** A silence that is longer begins a new window. */
    private static final long SILENCE_MICROS = 1_000_000;

    private static final long PPB = 1_000_000_000;
    /** What a quartz may be off at the very most, and a window may change of what we believe of it. */
    private static final long MAX_SKEW_PPB = 1_000_000;

    private static final long MAX_SKEW_STEP_PPB = 10_000;
    /** What may be corrected during a window, forward and backward: not to be heard. */
    private static final long FORWARD_MICROS = 5_000;

    private static final long BACKWARD_MICROS = 10_000;
    /** The same when it is off by more than the noise, for two windows; earlier than possible needs no second look. */
    private static final long FAR_FORWARD_MICROS = 100_000;

    private static final long FAR_BACKWARD_MICROS = 200_000;

    private final int clockRate;
    private final SenderReports reports;
    private boolean started;
    private long lastTimestamp;
    private long lastArrivalMicros;
    private long lastMediaMicros;

    // the map: timestamp -> time
    private long anchorTimestamp;
    private long anchorMicros;
    private long skewPpb;
    /** Spread over the window after the anchor. */
    private long correctionMicros;

    private long windowStartMicros;
    private long windowLeast;
    private boolean windowEmpty = true;
    private int windowsOff;

    /** It may have stood still or packets may be held up: the next one that is late is in doubt too. */
    private boolean undecided;
    /** The last step forward. Packets that come early by no more than that, say that it was none. */
    private long lastStepMicros;

    private long steps;
    private long steppedMicros;

    /** @param clockRate timestamp units a second, over 0 */
    MediaClock(int clockRate) {
        this(clockRate, new SenderReports());
    }

    private MediaClock(int clockRate, SenderReports reports) {
        this.clockRate = clockRate;
        this.reports = reports;
    }

    /** One of another rate that begins where this one is left. */
    static MediaClock following(MediaClock before, int clockRate) {
        MediaClock next = new MediaClock(clockRate);
        next.lastMediaMicros = before.lastMediaMicros;
        return next;
    }

    /** What was placed by other clocks stays before what this one begins with. */
    void notBefore(long mediaMicros) {
        if (!started) {
            lastMediaMicros = Math.max(lastMediaMicros, mediaMicros);
        }
    }

    int clockRate() {
        return clockRate;
    }

    /** A timestamp's place. */
    record Placement(long rtpTimestamp, long mediaMicros) {}

    /** A packet's two times. */
    record Stamp(long rtpTimestamp, long arrivalMicros) {}

    /** True when the packets after this one must be looked at before it can be placed: see {@link #settle}. */
    boolean isDoubtful(Stamp stamp) {
        if (!started) {
            return true;
        }
        long late = lateness(stamp);
        boolean gap = comesAfterGap(stamp);
        if (late > 0) {
            return late > STEP_MICROS && (gap || undecided) || late > ODD_MICROS && late - lateBefore() > STEP_MICROS;
        }
        boolean runsAhead = isAhead(late) && !isOdd(late);
        return !runsAhead && (late < -OFF_MICROS && gap || late < -ODD_MICROS);
    }

    private boolean comesAfterGap(Stamp stamp) {
        return stamp.arrivalMicros - lastArrivalMicros > STEP_MICROS;
    }

    /** Its sender sends ahead of time: earlier than anybody who speaks, and than a step that was none explains. */
    private boolean isAhead(long late) {
        return late < -ODD_MICROS - lastStepMicros;
    }

    /** It is early, and what came before it was not: its sender's clock was set, or it alone is nonsense. */
    private boolean isOdd(long late) {
        return late < -ODD_MICROS && late - lateBefore() <= -ODD_MICROS;
    }

    private long lateBefore() {
        return lastArrivalMicros - map(lastTimestamp);
    }

    /**
     * Decides where the clock is, and moves it if it has to.
     *
     * @param following the doubtful packet and what came after it
     * @param nowMicros arrival of the newest packet of the stream
     * @return false when more packets are needed; always true when {@code mayWait} is not
     */
    boolean settle(List<Stamp> following, long nowMicros, boolean mayWait) {
        Stamp first = following.getFirst();
        long waited = nowMicros - first.arrivalMicros;
        if (!started) {
            if (mayWait && waited < START_MICROS) {
                return false;
            }
            begin(following);
            return true;
        }
        boolean early = lateness(first) < 0;
        if (early ? most(following) > -OFF_MICROS : least(following) < STEP_MICROS) {
            return true; // held up on the way, or one odd packet
        }
        Afterwards afterwards = new Afterwards(following, this::lateness, nowMicros);
        boolean nothingWasHeldUp = early || !comesAfterGap(first) && !undecided;
        boolean certain =
                nothingWasHeldUp ? waited >= LOOK_AHEAD_MICROS && following.size() >= FEW : afterwards.stayLate();
        if (mayWait && !certain && waited < LONGEST_LOOK_AHEAD_MICROS) {
            return false;
        }
        boolean heldUp = waited >= LONGEST_LOOK_AHEAD_MICROS || afterwards.speakOfHoldUp();
        undecided = !certain && !early && heldUp && !afterwards.stayedLate();
        if (!undecided) {
            step(first, least(following));
        }
        return true;
    }

    Placement place(Stamp stamp) {
        if (!started) {
            begin(List.of(stamp));
        }
        long extended = extend(stamp.rtpTimestamp);
        long media = map(extended);
        long late = stamp.arrivalMicros - media;
        boolean nonsense = isOdd(late) || late > HOPELESS_MICROS || late < -MOST_AHEAD_MICROS;
        if (nonsense) { // its own place, nobody else's
            return new Placement(extended, stamp.arrivalMicros);
        }
        undecided = late > ODD_MICROS || undecided && late >= STEP_MICROS;
        boolean silence = stamp.arrivalMicros - lastArrivalMicros > SILENCE_MICROS;
        lastTimestamp = Math.max(lastTimestamp, extended);
        lastArrivalMicros = Math.max(lastArrivalMicros, stamp.arrivalMicros);
        lastMediaMicros = Math.max(lastMediaMicros, media);
        Long reported = reports.at(extended, clockRate, stamp.arrivalMicros);
        if (reported == null && isAhead(late)) {
            windowEmpty = true; // when it arrives says nothing
        } else {
            observe(stamp.arrivalMicros, reported == null ? late : reported - media, silence, reported != null);
        }
        return new Placement(extended, media);
    }

    /** The place of a timestamp whose packet says nothing of the time at which it is sent: one sent again, or an event that goes on. */
    Placement placeUntimely(Stamp stamp) {
        if (!started) {
            return place(stamp);
        }
        long extended = extend(stamp.rtpTimestamp);
        long media = map(extended);
        long late = stamp.arrivalMicros - media;
        boolean nonsense = late > HOPELESS_MICROS || late < -MOST_AHEAD_MICROS;
        return new Placement(extended, nonsense ? stamp.arrivalMicros : media);
    }

    /** What an authentic sender report says (RFC 3550 section 6.4.1): the sender's clock at a timestamp. */
    void report(long senderMicros, long rtpTimestamp, long arrivalMicros) {
        if (started) {
            reports.take(senderMicros, extend(rtpTimestamp), arrivalMicros);
        }
    }

    /** How the source's clock ran. */
    record Finding(long skewPpb, long steps, long steppedMicros) {}

    Finding finding() {
        return new Finding(skewPpb, steps, steppedMicros);
    }

    private void begin(List<Stamp> following) {
        Stamp first = following.getFirst();
        started = true;
        anchorTimestamp = first.rtpTimestamp;
        lastTimestamp = first.rtpTimestamp;
        anchorMicros = first.arrivalMicros;
        long least = least(following);
        if (!isAhead(least)) { // what is sent ahead of time does not tell when the first of it was spoken
            anchorMicros += Math.min(least, 0);
        }
        if (lastMediaMicros > 0) {
            anchorMicros =
                    Math.max(anchorMicros, lastMediaMicros + FRAME_MICROS); // what another clock placed stays before
        }
        lastArrivalMicros = first.arrivalMicros;
        lastMediaMicros = anchorMicros;
    }

    /** The media clock was somewhere else while nothing came: from this packet on, everything is later by that much. */
    private void step(Stamp first, long byMicros) {
        long extended = extend(first.rtpTimestamp);
        long before = map(extended);
        anchorMicros = Math.max(before + byMicros, lastMediaMicros + FRAME_MICROS); // what is placed stays where it is
        lastStepMicros = Math.max(0, anchorMicros - before);
        undecided = false;
        steps++;
        steppedMicros += anchorMicros - before;
        anchorTimestamp = extended;
        lastTimestamp = extended;
        correctionMicros = 0;
        windowEmpty = true;
        windowsOff = 0;
        reports.forget();
    }

    private void observe(long arrivalMicros, long off, boolean afterSilence, boolean certain) {
        if (windowEmpty || afterSilence) {
            windowEmpty = false;
            windowStartMicros = arrivalMicros;
            windowLeast = off;
        }
        windowLeast = Math.min(windowLeast, off);
        if (arrivalMicros - windowStartMicros >= WINDOW_MICROS) {
            steer(windowLeast, certain);
            windowEmpty = true;
        }
    }

    /** Half of what it is off is corrected in the next window; a sixteenth is taken for the clock's own rate. */
    private void steer(long off, boolean certain) {
        anchorMicros = map(lastTimestamp);
        anchorTimestamp = lastTimestamp;
        windowsOff = Math.abs(off) > OFF_MICROS ? windowsOff + 1 : 0;
        boolean far = windowsOff > (certain || off < 0 ? 0 : 1);
        correctionMicros = Math.clamp(
                off / 2, far ? -FAR_BACKWARD_MICROS : -BACKWARD_MICROS, far ? FAR_FORWARD_MICROS : FORWARD_MICROS);
        if (windowsOff == 0) {
            long rate = off * (PPB / WINDOW_MICROS) / 16;
            skewPpb = Math.clamp(
                    skewPpb + Math.clamp(rate, -MAX_SKEW_STEP_PPB, MAX_SKEW_STEP_PPB), -MAX_SKEW_PPB, MAX_SKEW_PPB);
        }
    }

    private long least(List<Stamp> stamps) {
        return stamps.stream().mapToLong(this::lateness).min().orElse(0);
    }

    private long most(List<Stamp> stamps) {
        return stamps.stream().mapToLong(this::lateness).max().orElse(0);
    }

    private long lateness(Stamp stamp) {
        return stamp.arrivalMicros - map(extend(stamp.rtpTimestamp));
    }

    private long extend(long timestamp) {
        return new SequenceUnwrapper(32, lastTimestamp).unwrap(timestamp);
    }

    private long map(long extended) {
        long distance = micros(extended - anchorTimestamp, clockRate);
        long drift = distance / 1_000 * skewPpb / 1_000_000;
        long correction = correctionMicros * Math.clamp(distance, 0, WINDOW_MICROS) / WINDOW_MICROS;
        return anchorMicros + distance + drift + correction;
    }

    /** Whole seconds first: a hostile sender's timestamps must not overflow. */
    static long micros(long units, int clockRate) {
        long seconds = Math.floorDiv(units, clockRate);
        return seconds * 1_000_000L + (units - seconds * clockRate) * 1_000_000L / clockRate;
    }

    void write(StateWriter out) {
        out.i32(clockRate);
        out.flag(started);
        out.i64(lastTimestamp);
        out.i64(lastArrivalMicros);
        out.i64(lastMediaMicros);
        out.i64(anchorTimestamp);
        out.i64(anchorMicros);
        out.i64(skewPpb);
        out.i64(correctionMicros);
        out.i64(windowStartMicros);
        out.i64(windowLeast);
        out.flag(windowEmpty);
        out.i32(windowsOff);
        out.flag(undecided);
        out.i64(lastStepMicros);
        out.i64(steps);
        out.i64(steppedMicros);
        reports.write(out);
    }

    static MediaClock read(StateReader in) {
        int clockRate = in.i32();
        if (clockRate <= 0) {
            throw in.malformed("a clock rate of " + clockRate);
        }
        boolean started = in.flag();
        long lastTimestamp = in.i64();
        long lastArrivalMicros = in.i64();
        long lastMediaMicros = in.i64();
        long anchorTimestamp = in.i64();
        long anchorMicros = in.i64();
        long skewPpb = in.i64();
        long correctionMicros = in.i64();
        long windowStartMicros = in.i64();
        long windowLeast = in.i64();
        boolean windowEmpty = in.flag();
        int windowsOff = in.i32();
        boolean undecided = in.flag();
        long lastStepMicros = in.i64();
        long steps = in.i64();
        long steppedMicros = in.i64();
        MediaClock clock = new MediaClock(clockRate, SenderReports.read(in));
        clock.started = started;
        clock.lastTimestamp = lastTimestamp;
        clock.lastArrivalMicros = lastArrivalMicros;
        clock.lastMediaMicros = lastMediaMicros;
        clock.anchorTimestamp = anchorTimestamp;
        clock.anchorMicros = anchorMicros;
        clock.skewPpb = skewPpb;
        clock.correctionMicros = correctionMicros;
        clock.windowStartMicros = windowStartMicros;
        clock.windowLeast = windowLeast;
        clock.windowEmpty = windowEmpty;
        clock.windowsOff = windowsOff;
        clock.undecided = undecided;
        clock.lastStepMicros = lastStepMicros;
        clock.steps = steps;
        clock.steppedMicros = steppedMicros;
        return clock;
    }
}

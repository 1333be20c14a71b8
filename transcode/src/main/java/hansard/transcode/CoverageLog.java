package hansard.transcode;

import hansard.wire.Frame;
import hansard.wire.MediaKind;
import hansard.wire.Observation;
import hansard.wire.StreamDescription;
import hansard.wire.TrackCoverage;
import hansard.wire.TrackCoverage.Content;
import hansard.wire.TrackCoverage.Loss;
import hansard.wire.TrackCoverage.Stretch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a track's frames and the worker's observations tell of its time, while the track is made. Memory grows with what changes
 * (from speech to silence, a gap), not with frames; beyond {@value #MOST} of either, changes are no longer told apart.
 */
final class CoverageLog {
    /** Louder than this, in dB below full scale, somebody speaks. */
    static final int SPEECH_LEVEL = 45;
    /** Speech goes on for so long after its last loud packet: the pause between two words is part of it. */
    static final long HANGOVER_MICROS = 500_000;
    /** Frames that are this close follow one another: their times are rounded, and a clock is corrected in small steps. */
    static final long TOUCH_MICROS = 5_000;
    /** A picture stands still for so long before it counts as none. */
    static final long STILL_PICTURE_MICROS = 2_000_000;
    /** How far a sender's clock may fall behind by the way's own delays. */
    static final long HELD_MICROS = 500_000;

    /** What a frame of sound lasts for when nobody can look into it, and the longest that one can (RFC 6716 section 2.1.4). */
    private static final long SOUND_MICROS = 20_000;

    private static final long LONGEST_SOUND_MICROS = 120_000;
    private static final int MOST = 100_000;
    private static final long SAME_REFUSAL_MICROS = 2_000_000;

    private final int clockRate;
    private final boolean picture;
    private final List<Stretch> stretches = new ArrayList<>();
    private final MissingPackets missing = new MissingPackets();
    private final List<Observation.Paused> pauses = new ArrayList<>();
    private final List<Observation.Refused> refusals = new ArrayList<>();
    /** Pictures between which something is missing: where the one that was there last begins, and the next. */
    private final List<long[]> damaged = new ArrayList<>();

    /** Where the holes begin, among the stretches. */
    private final Set<Long> holes = new HashSet<>();

    private final QuietStretches quiet = new QuietStretches();
    private final SteadyNoise noise = new SteadyNoise();
    private final RecentFrames recent = new RecentFrames();
    private final List<Observation.Missing> undamaging = new ArrayList<>();
    private final List<TrackCoverage.Unplaced> unplaced = new ArrayList<>();
    private long trimmedMicros;
    private long lastTimestamp;
    private long lastMediaMicros;
    private long quietFromMicros = Long.MIN_VALUE;

    CoverageLog(StreamDescription stream) {
        this.clockRate = Math.max(1, stream.clockRate());
        this.picture = stream.kind() == MediaKind.VIDEO;
    }

    /** Sound, in order of media time. @param level in dB below full scale, 0 (loudest) to 127 */
    void sound(Frame frame, long durationMicros, int level) {
        if (level <= SPEECH_LEVEL) {
            quietFromMicros = frame.mediaMicros() + durationMicros + HANGOVER_MICROS;
        }
        Content content = frame.mediaMicros() < quietFromMicros ? Content.SPEECH : Content.SILENCE;
        add(frame, content, durationMicros);
    }

    /** The same of sound that was decoded here, whose level is not only its sender's word. */
    void heard(Frame frame, long durationMicros, int level) {
        sound(frame, durationMicros, level);
        quiet.add(frame.mediaMicros(), durationMicros, level);
        noise.add(frame.mediaMicros(), durationMicros, level);
    }

    /** A picture that is shown until the next. */
    void picture(Frame frame) {
        add(frame, Content.PICTURE, 0);
    }

    /** A frame that arrived and cannot be shown or heard. @param content SEALED or UNUSABLE */
    void kept(Frame frame, Content content) {
        add(frame, content, picture ? 0 : SOUND_MICROS);
    }

    /** A frame that came when frames after it had been placed. */
    void late(Frame frame) {
        unplaced(frame, picture ? 0 : SOUND_MICROS);
    }

    /** A frame that came and of which nothing is heard, because other sound is there or its time is over. */
    void unplaced(Frame frame, long durationMicros) {
        TrackCoverage.Unplaced last = unplaced.isEmpty() ? null : unplaced.getLast();
        long after = last == null ? 0 : frame.mediaMicros() - last.atMicros() - last.micros();
        if (last != null && (unplaced.size() >= MOST || Math.abs(after) <= TOUCH_MICROS)) {
            unplaced.set(
                    unplaced.size() - 1,
                    new TrackCoverage.Unplaced(last.atMicros(), last.micros() + durationMicros, last.frames() + 1));
        } else {
            unplaced.add(new TrackCoverage.Unplaced(frame.mediaMicros(), durationMicros, 1));
        }
    }

    /** So much of a frame was left out. */
    void trimmed(long micros) {
        trimmedMicros += micros;
    }

    TrackCoverage.Mended mended(long recoveredMicros, long concealedMicros) {
        return new TrackCoverage.Mended(recoveredMicros, concealedMicros, trimmedMicros);
    }

    void observed(List<Observation> observations) {
        for (Observation observation : observations) {
            switch (observation) {
                case Observation.Missing m -> {
                    missing.add(m);
                    if (picture && !damages(m)) {
                        undamaging.add(m);
                    }
                }
                case Observation.Found found -> missing.remove(found);
                case Observation.Paused paused -> paused(paused);
                case Observation.Refused refused -> refused(refused);
            }
        }
    }

    private boolean damages(Observation.Missing m) {
        long next = recent.after(m.afterMicros());
        if (next < 0) {
            return false;
        }
        damaged.add(new long[] {recent.atOrBefore(m.afterMicros(), next), next});
        return true;
    }

    private void paused(Observation.Paused paused) {
        Observation.Paused last = pauses.isEmpty() ? null : pauses.getLast();
        if (last != null && last.fromMicros() == paused.fromMicros() && last.toMicros() == paused.toMicros()) {
            pauses.set(
                    pauses.size() - 1,
                    new Observation.Paused(last.fromMicros(), last.toMicros(), last.packets() + paused.packets()));
        } else {
            pauses.add(paused);
        }
    }

    private void refused(Observation.Refused refused) {
        for (int i = refusals.size() - 1; i >= 0 && i > refusals.size() - 8; i--) {
            Observation.Refused earlier = refusals.get(i);
            boolean follows = refused.firstArrivalMicros() - earlier.lastArrivalMicros() < SAME_REFUSAL_MICROS;
            if (earlier.reason() == refused.reason() && (follows || refusals.size() >= MOST)) {
                refusals.set(
                        i,
                        new Observation.Refused(
                                earlier.reason(),
                                earlier.count() + refused.count(),
                                Math.min(earlier.firstArrivalMicros(), refused.firstArrivalMicros()),
                                Math.max(earlier.lastArrivalMicros(), refused.lastArrivalMicros())));
                return;
            }
        }
        refusals.add(refused);
    }

    private void add(Frame frame, Content content, long durationMicros) {
        long start = frame.mediaMicros();
        Stretch last = stretches.isEmpty() ? null : stretches.getLast();
        if (last != null && start > last.endMicros()) {
            hole(last, frame);
            last = stretches.getLast();
        }
        if (picture) {
            recent.add(start);
            undamaging.removeIf(m -> start > m.afterMicros() && damages(m));
        }
        long from = last == null ? start : Math.max(start, last.endMicros());
        long to = Math.max(start + durationMicros, from);
        if (last != null
                && (last.content() == content || stretches.size() >= MOST)
                && !holes.contains(last.startMicros())) {
            extend(last, to);
        } else if (to > from || picture) {
            stretches.add(new Stretch(content, from, to));
        }
        lastTimestamp = frame.rtpTimestamp();
        lastMediaMicros = start;
    }

    /** Between two frames there is time without any: it is the earlier one's, or a stretch of its own. */
    private void hole(Stretch last, Frame next) {
        long holeMicros = next.mediaMicros() - last.endMicros();
        boolean unknownLength = last.content() == Content.SEALED && !holes.contains(last.startMicros());
        long touches = picture ? STILL_PICTURE_MICROS : unknownLength ? LONGEST_SOUND_MICROS : TOUCH_MICROS;
        if (holeMicros <= touches) {
            extend(last, next.mediaMicros());
            return;
        }
        long sent = (next.rtpTimestamp() - lastTimestamp) * 1_000_000 / clockRate;
        long held = next.mediaMicros() - lastMediaMicros - sent;
        Content content = picture || held > HELD_MICROS ? Content.HELD : Content.SILENCE;
        stretches.add(new Stretch(content, last.endMicros(), next.mediaMicros()));
        holes.add(last.endMicros());
    }

    private void extend(Stretch last, long toMicros) {
        stretches.set(stretches.size() - 1, new Stretch(last.content(), last.startMicros(), toMicros));
    }

    /** What is known in the end. May be called again. */
    TrackCoverage finish(
            String streamId,
            long generation,
            long endedMicros,
            Map<Integer, Long> wholePackets,
            TrackCoverage.Mended mended) {
        return new TrackCoverage(
                streamId,
                generation,
                divided(),
                losses(),
                pauses,
                refusals,
                endedMicros,
                wholePackets,
                quiet.all(),
                noise.all(),
                unplaced,
                mended);
    }

    /** Only the stretches, beside what was seen of the track when it was first made. */
    TrackCoverage finish(TrackCoverage first, long generation, TrackCoverage.Mended mended) {
        return new TrackCoverage(
                first.streamId(),
                generation,
                divided(),
                first.losses(),
                first.pauses(),
                first.refusals(),
                first.endedMicros(),
                first.wholePackets(),
                quiet.all(),
                noise.all(),
                unplaced,
                mended);
    }

    private List<Stretch> divided() {
        if (stretches.isEmpty()) {
            return List.of();
        }
        long start = stretches.getFirst().startMicros();
        TimeSlices<Content> time =
                new TimeSlices<>(start, Math.max(start, stretches.getLast().endMicros()), Content.SILENCE);
        stretches.forEach(s -> time.paint(s.startMicros(), s.endMicros(), before -> s.content()));
        unplaced.forEach(u -> time.paint(u.atMicros(), u.atMicros() + u.micros(), CoverageLog::orUnplaced));
        damaged.forEach(between -> time.paint(between[0], between[1], before -> Content.LOST));
        if (!picture) {
            lostSound(time);
        }
        return time.slices().stream()
                .map(s -> new Stretch(s.value(), s.startMicros(), s.endMicros()))
                .toList();
    }

    /** In a hole it is what is missing; elsewhere other sound is there. */
    private static Content orUnplaced(Content before) {
        return before == Content.SILENCE || before == Content.HELD ? Content.UNPLACED : before;
    }

    /** A hole in the sound belongs to the packets that are missing there. */
    private void lostSound(TimeSlices<Content> time) {
        for (Observation.Missing m : missing.inOrder()) {
            Stretch hole = holeOf(m);
            if (hole != null) {
                time.paint(hole.startMicros(), hole.endMicros(), before -> Content.LOST);
            }
        }
    }

    private @Nullable Stretch holeOf(Observation.Missing m) {
        int low = 0;
        int high = stretches.size();
        while (low < high) { // the first stretch that ends after what was there before the missing ones
            int middle = (low + high) >>> 1;
            if (stretches.get(middle).endMicros() > m.afterMicros()) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        for (int i = low; i < stretches.size() && stretches.get(i).startMicros() <= m.beforeMicros(); i++) {
            if (holes.contains(stretches.get(i).startMicros())) {
                return stretches.get(i);
            }
        }
        return null;
    }

    private List<Loss> losses() {
        List<Loss> losses = new ArrayList<>();
        for (Observation.Missing m : missing.inOrder()) {
            Stretch hole = picture ? null : holeOf(m);
            long at = hole != null ? hole.startMicros() : m.afterMicros() == 0 ? m.beforeMicros() : m.afterMicros();
            losses.add(new Loss(at, m.fromSequence(), m.toSequence()));
        }
        return losses;
    }
}

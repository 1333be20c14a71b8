package hansard.transcode;

import hansard.wire.Artifact;
import hansard.wire.Completeness;
import hansard.wire.Completeness.Reason;
import hansard.wire.Completeness.Span;
import hansard.wire.MediaKind;
import hansard.wire.Observation;
import hansard.wire.RejectReason;
import hansard.wire.TrackCoverage;
import hansard.wire.TrackCoverage.Content;
import hansard.wire.TrackCoverage.Loss;
import hansard.wire.TrackCoverage.Stretch;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Divides one track's time into spans: what its packets tell, corrected by what the connector said. Each step paints over the one before, so
 * whatever is said there is exactly one reason for every moment.
 */
final class TrackTimeline {
    /** What refused packets in a gap may be away from its ends. */
    private static final long NEAR_MICROS = 60_000;
    /** Between a pause and media on either side of it lies what was on its way. */
    private static final long PAUSE_EDGE_MICROS = 500_000;
    /** A gap in the numbers that is as long as this, while the same person's other media came, is a mute by the media server. */
    static final long MUTE_MICROS = 1_000_000;

    private static final Set<RejectReason> NO_LOSS = EnumSet.of(
            RejectReason.REPLAYED,
            RejectReason.RTCP,
            RejectReason.LAYER_LEFT_OUT,
            RejectReason.FOREIGN_SSRC,
            RejectReason.PAUSED,
            RejectReason.NOT_DURABLE);
    private static final Set<Reason> HEARD = EnumSet.of(Reason.SPEECH, Reason.SILENCE);
    private static final Set<Reason> WITHOUT_MEDIA = EnumSet.of(Reason.NOTHING, Reason.LOST, Reason.MUTED);

    private record Cell(Reason reason, String detail) {}

    private final CallWindow window;
    private final CallHistory history;
    private final TrackParts track;
    private final List<TrackParts> sameParticipant;
    private final boolean replay;
    private final TimeSlices<Cell> time;

    /** @param sameParticipant the other tracks of who this one is of */
    TrackTimeline(
            CallWindow window,
            CallHistory history,
            TrackParts track,
            List<TrackParts> sameParticipant,
            boolean replay) {
        this.window = window;
        this.history = history;
        this.track = track;
        this.sameParticipant = sameParticipant;
        this.replay = replay;
        this.time = new TimeSlices<>(
                window.startMicros(), window.endMicros(), new Cell(Reason.NOTHING, "announced, and no packet came"));
    }

    List<Span> spans() {
        refusals(EnumSet.of(Reason.NOTHING), 0);
        track.stretches().forEach(this::stretch);
        refusals(EnumSet.of(Reason.LOST, Reason.MUTED), NEAR_MICROS);
        mutesOfTheServer();
        absence();
        announcedMutes();
        pauses();
        redactions();
        return counted();
    }

    private void over(Set<Reason> only, long from, long to, Reason reason, String detail) {
        time.paint(from, to, before -> only.contains(before.reason) ? new Cell(reason, detail) : before);
    }

    private void stretch(Stretch stretch) {
        Cell cell =
                switch (stretch.content()) {
                    case SPEECH -> new Cell(Reason.SPEECH, "");
                    case SILENCE -> new Cell(Reason.SILENCE, "");
                    case PICTURE -> new Cell(Reason.PICTURE, "");
                    case SEALED -> new Cell(Reason.SEALED, "sealed end to end, and the key was not released");
                    case UNUSABLE ->
                        new Cell(Reason.REJECTED, "arrived and cannot be shown, such as before the first key frame");
                    case LOST -> new Cell(Reason.LOST, "");
                    case UNPLACED -> new Cell(Reason.UNPLACED, "arrived when its time was over");
                    case HELD ->
                        new Cell(Reason.MUTED, "recognised: no packet is missing, the sender had nothing to send");
                };
        time.paint(stretch.startMicros(), stretch.endMicros(), before -> cell);
    }

    private void refusals(Set<Reason> only, long nearMicros) {
        TrackCoverage coverage = track.coverage();
        if (coverage == null) {
            return;
        }
        for (Observation.Refused refused : coverage.refusals()) {
            if (!NO_LOSS.contains(refused.reason())) {
                over(
                        only,
                        refused.firstArrivalMicros() - nearMicros,
                        refused.lastArrivalMicros() + Math.max(1, nearMicros),
                        Reason.REJECTED,
                        Sentences.of(refused.reason()));
            }
        }
    }

    /**
     * Janus lets sequence numbers run on while it mutes somebody: on the wire that is a loss. That nothing else of the same person was lost
     * in so long a time tells the two apart.
     */
    private void mutesOfTheServer() {
        if (track.stream().kind() != MediaKind.AUDIO) {
            return;
        }
        for (Stretch gap : track.stretches()) {
            if (gap.content() == Content.LOST
                    && gap.endMicros() - gap.startMicros() >= MUTE_MICROS
                    && sameParticipant.stream().anyMatch(other -> isWhole(other, gap))) {
                over(
                        EnumSet.of(Reason.LOST),
                        gap.startMicros(),
                        gap.endMicros(),
                        Reason.MUTED,
                        "recognised: the numbers of its packets ran on, and the same person's other media came meanwhile");
            }
        }
    }

    private static boolean isWhole(TrackParts other, Stretch gap) {
        long media = 0;
        for (Stretch stretch : other.stretches()) {
            if (stretch.content() != Content.LOST && stretch.content() != Content.HELD) {
                media += Math.max(
                        0,
                        Math.min(stretch.endMicros(), gap.endMicros())
                                - Math.max(stretch.startMicros(), gap.startMicros()));
            }
        }
        return media >= (gap.endMicros() - gap.startMicros()) * 9 / 10;
    }

    private void absence() {
        Set<Reason> nothing = EnumSet.of(Reason.NOTHING);
        if (replay) {
            over(nothing, window.startMicros(), track.firstSeenMicros(), Reason.ABSENT, "not begun yet");
        } else {
            long announced = history.announcedMicros(track.stream().streamId());
            over(nothing, window.startMicros(), announced, Reason.ABSENT, "not announced yet");
        }
        over(nothing, endedMicros(), window.endMicros(), Reason.ABSENT, "ended");
        if (!replay) {
            long before = window.startMicros();
            for (CallHistory.Stay stay : history.stays(track.stream().participantId())) {
                over(nothing, before, stay.fromMicros(), Reason.ABSENT, "not in the call");
                before = stay.toMicros();
            }
            if (before != window.startMicros()) {
                over(nothing, before, window.endMicros(), Reason.ABSENT, "not in the call any more");
            }
        }
    }

    private long endedMicros() {
        TrackCoverage coverage = track.coverage();
        Long said = replay ? null : history.endedMicros(track.stream().streamId());
        return said != null ? said : coverage != null ? coverage.endedMicros() : window.endMicros();
    }

    private void announcedMutes() {
        for (CallHistory.Stay mute :
                history.mutes(track.stream().participantId(), track.stream().kind())) {
            over(
                    EnumSet.of(Reason.NOTHING, Reason.LOST, Reason.SILENCE, Reason.MUTED),
                    mute.fromMicros(),
                    mute.toMicros(),
                    Reason.MUTED,
                    "announced by the media server");
        }
    }

    private void pauses() {
        String participant = track.stream().participantId();
        TrackCoverage coverage = track.coverage();
        if (!replay) { // of a stream of which nothing was ever opened
            history.pauses().stream()
                    .filter(p -> p.isOf(participant))
                    .forEach(p ->
                            over(EnumSet.of(Reason.NOTHING), p.fromMicros(), p.toMicros(), Reason.PAUSED, detail(p)));
        }
        if (coverage == null) {
            return;
        }
        for (Observation.Paused pause : coverage.pauses()) {
            String detail = policyOf(participant, pause);
            over(WITHOUT_MEDIA, pause.fromMicros() - PAUSE_EDGE_MICROS, pause.fromMicros(), Reason.PAUSED, detail);
            time.paint(pause.fromMicros(), pause.toMicros(), before -> new Cell(Reason.PAUSED, detail));
            over(WITHOUT_MEDIA, pause.toMicros(), pause.toMicros() + PAUSE_EDGE_MICROS, Reason.PAUSED, detail);
        }
    }

    /** What was recorded, and is not given to people. */
    private void redactions() {
        Artifact.RedactionStored redaction = track.redaction();
        if (redaction != null) {
            redaction
                    .silent()
                    .forEach(s -> over(
                            HEARD,
                            s.startMicros(),
                            s.endMicros(),
                            Reason.REDACTED,
                            Sentences.of(s.kind()) + ", by policy " + redaction.policy()));
        }
    }

    /** Who paused and why: in a replay the clocks differ, and the order tells. */
    private String policyOf(String participant, Observation.Paused pause) {
        List<CallHistory.Pause> policies =
                history.pauses().stream().filter(p -> p.isOf(participant)).toList();
        TrackCoverage coverage = track.coverage();
        if (replay && coverage != null) {
            int at = coverage.pauses().indexOf(pause);
            return at >= 0 && at < policies.size() ? detail(policies.get(at)) : "by policy";
        }
        return policies.stream()
                .filter(p -> p.fromMicros() - CallWindow.GRACE_MICROS < pause.toMicros()
                        && pause.fromMicros() < Math.max(p.toMicros(), p.toMicros() + CallWindow.GRACE_MICROS))
                .findFirst()
                .map(TrackTimeline::detail)
                .orElse("by policy");
    }

    private static String detail(CallHistory.Pause pause) {
        return (pause.reason().isEmpty() ? "by policy" : pause.reason()) + ", by " + pause.by();
    }

    /** The slices, with what was lost, rejected and let go counted where it was. */
    private List<Span> counted() {
        List<TimeSlices.Slice<Cell>> slices = time.slices();
        List<SpanCounts> counts = new ArrayList<>();
        slices.forEach(s -> counts.add(new SpanCounts()));
        TrackCoverage coverage = track.coverage();
        if (coverage != null && !slices.isEmpty()) {
            for (Loss loss : coverage.losses()) {
                counts.get(indexOf(slices, loss.atMicros())).lost(loss);
            }
            for (Observation.Refused refused : coverage.refusals()) {
                if (!NO_LOSS.contains(refused.reason())) {
                    long middle = (refused.firstArrivalMicros() + refused.lastArrivalMicros()) / 2;
                    counts.get(indexOf(slices, middle)).packets(refused.count());
                }
            }
            for (TrackCoverage.Unplaced unplaced : coverage.unplaced()) {
                counts.get(indexOf(slices, unplaced.atMicros())).unplaced(unplaced);
            }
            for (Observation.Paused pause : coverage.pauses()) {
                counts.get(indexOf(slices, pause.fromMicros())).packets(pause.packets());
            }
        }
        List<Span> spans = new ArrayList<>();
        for (int i = 0; i < slices.size(); i++) {
            TimeSlices.Slice<Cell> slice = slices.get(i);
            spans.add(counts.get(i)
                    .span(slice.value().reason, slice.startMicros(), slice.endMicros(), slice.value().detail));
        }
        return spans;
    }

    /** The slice that holds a moment; the nearest when none does. */
    private static int indexOf(List<TimeSlices.Slice<Cell>> slices, long atMicros) {
        int low = 0;
        int high = slices.size() - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (slices.get(middle).endMicros() > atMicros) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** What befell in one span. */
    private static final class SpanCounts {
        private long lost;
        private long packets;
        private long unplaced;
        private long unplacedMicros;
        private long from = Long.MAX_VALUE;
        private long to = -1;

        void lost(Loss loss) {
            lost += loss.packets();
            from = Math.min(from, loss.fromSequence());
            to = Math.max(to, loss.toSequence());
        }

        void unplaced(TrackCoverage.Unplaced more) {
            unplaced += more.frames();
            unplacedMicros += more.micros();
        }

        void packets(long more) {
            packets += more;
        }

        Span span(Reason reason, long start, long end, String detail) {
            return new Completeness.Span(
                    reason,
                    start,
                    end,
                    lost,
                    packets,
                    lost == 0 ? null : from,
                    lost == 0 ? null : to,
                    unplaced,
                    unplacedMicros,
                    detail);
        }
    }
}

package hansard.transcode;

import hansard.wire.Artifact;
import hansard.wire.CallEvent;
import hansard.wire.Completeness;
import hansard.wire.Completeness.Reason;
import hansard.wire.Completeness.Span;
import hansard.wire.RejectReason;
import hansard.wire.TrackCoverage;
import hansard.wire.TrackCoverage.Content;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Holds what arrived of a call against what was said of it. Pure: the same call gives the same completeness. */
final class Reconciliation {
    /** Until a mute that was announced is heard, and after one that was lifted. */
    private static final long MUTE_SETTLES_MICROS = 1_000_000;
    /** Speech that is shorter than this during a mute is the hangover of what was said before. */
    private static final long SPOKE_MICROS = 700_000;
    /** What may still be on its way when the connector says that something ended. */
    private static final long TRAILING_MICROS = 1_000_000;

    private final Artifact.PartsComplete call;
    private final CallHistory history;
    private final List<TrackParts> tracks;
    private final CallWindow window;
    private final boolean replay;

    /** @param coverages by stream */
    Reconciliation(Artifact.PartsComplete call, Map<String, TrackCoverage> coverages) {
        this.call = call;
        this.history = new CallHistory(call.history());
        this.tracks = TrackParts.of(call.parts(), coverages);
        this.window = CallWindow.of(history, tracks);
        this.replay = CallWindow.isReplay(tracks);
    }

    Completeness completeness(long madeMicros) {
        List<Completeness.TrackTime> times = tracks.stream().map(this::time).toList();
        return new Completeness(
                call.tenant(),
                call.callId(),
                call.round(),
                madeMicros,
                window.startMicros(),
                window.endMicros(),
                Verdicts.ofCall(times),
                times,
                findings());
    }

    private Completeness.TrackTime time(TrackParts track) {
        String participant = track.stream().participantId();
        List<TrackParts> others = tracks.stream()
                .filter(t -> t != track && t.stream().participantId().equals(participant))
                .toList();
        List<Span> spans = new TrackTimeline(window, history, track, others, replay).spans();
        return new Completeness.TrackTime(
                track.stream().streamId(),
                participant,
                history.nameOf(participant),
                track.stream().kind(),
                track.stream().codec(),
                Verdicts.ofTrack(track, spans),
                track.account(),
                track.mended(),
                spans,
                findings(track, spans));
    }

    private List<String> findings(TrackParts track, List<Span> spans) {
        List<String> findings = new ArrayList<>();
        if (track.account().received() == 0) {
            findings.add("announced, and never a packet");
        }
        Artifact.RedactionStored redaction = track.redaction();
        if (redaction != null && !redaction.failure().isEmpty()) {
            findings.add("withheld: " + redaction.failure());
        }
        spokeThoughMuted(track, spans, findings);
        cameAfterTheEnd(track, findings);
        if (spans.stream()
                .anyMatch(s -> s.reason() == Reason.MUTED && s.detail().startsWith("recognised"))) {
            findings.add("muted without the media server saying so");
        }
        Map<Integer, Long> kept = track.wholePackets();
        new TreeMap<>(kept).forEach((type, count) -> findings.add(Sentences.kept(track.stream(), type, count)));
        track.account().rejected().forEach((reason, count) -> {
            boolean named = reason == RejectReason.UNSUPPORTED || reason == RejectReason.UNANNOUNCED;
            if (named && !kept.isEmpty()) {
                return;
            }
            if (reason != RejectReason.RTCP && reason != RejectReason.REPLAYED && count > 0) {
                findings.add(Sentences.counted(count, "packet") + " not recorded: " + Sentences.of(reason));
            }
        });
        return findings;
    }

    private void spokeThoughMuted(TrackParts track, List<Span> spans, List<String> findings) {
        for (CallHistory.Stay mute :
                history.mutes(track.stream().participantId(), track.stream().kind())) {
            long from = mute.fromMicros() + MUTE_SETTLES_MICROS;
            long spoken = spans.stream()
                    .filter(s -> s.reason() == Reason.SPEECH)
                    .mapToLong(s ->
                            Math.max(0, Math.min(s.endMicros(), mute.toMicros()) - Math.max(s.startMicros(), from)))
                    .sum();
            if (spoken >= SPOKE_MICROS) {
                findings.add("announced as muted, but spoke for " + Sentences.duration(spoken));
            }
        }
    }

    private void cameAfterTheEnd(TrackParts track, List<String> findings) {
        if (replay) {
            return;
        }
        List<CallHistory.Stay> stays = history.stays(track.stream().participantId());
        long left = stays.isEmpty() ? CallHistory.EVER : stays.getLast().toMicros();
        long after = left == CallHistory.EVER ? left : left + TRAILING_MICROS;
        long came = track.stretches().stream()
                .filter(s -> s.content() != Content.LOST && s.content() != Content.HELD)
                .mapToLong(s -> Math.max(0, s.endMicros() - Math.max(s.startMicros(), after)))
                .sum();
        if (came > 0) {
            findings.add(
                    "packets came for " + Sentences.duration(came) + " after the participant was said to have left");
        }
    }

    private List<String> findings() {
        List<String> findings = new ArrayList<>();
        for (String name : history.withoutStream()) {
            findings.add(name + " joined, and no stream of theirs was ever announced");
        }
        for (CallHistory.Pause pause : history.pauses()) {
            if (pause.toMicros() == CallHistory.EVER) {
                findings.add("paused by " + pause.by() + " and not resumed before the call ended");
            }
        }
        call.history().stream()
                .filter(CallEvent.CallClosed.class::isInstance)
                .map(e -> ((CallEvent.CallClosed) e).reason())
                .filter("abandoned"::equals)
                .findFirst()
                .ifPresent(reason -> findings.add("nobody ended the call: its connector was silent for too long"));
        if (call.history().size() >= Assembly.MOST_EVENTS) {
            findings.add(
                    "more than " + Assembly.MOST_EVENTS + " events were reported; later mutes are not in this account");
        }
        return findings;
    }
}

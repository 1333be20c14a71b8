package hansard.transcode;

import hansard.wire.Artifact;
import hansard.wire.CallEvent;
import hansard.wire.MediaKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is known of one recording, and what follows from it. Kept as JSON between records. A repeat of a fact replaces it and
 * announces nothing twice.
 *
 * @param announced streams that the call is known to have
 * @param closedMicros when the call was closed, or 0
 * @param stored by stream
 * @param empty streams without media
 * @param transcribed streams with a complete transcript
 * @param mixed the mix is there, or known to be silent
 * @param complete TracksComplete was said
 * @param sealed RecordingSealed was said; everything else is forgotten then
 */
record Assembly(
        Set<String> announced,
        long closedMicros,
        Map<String, Artifact.TrackStored> stored,
        Set<String> empty,
        Set<String> transcribed,
        boolean mixed,
        boolean complete,
        boolean sealed) {
    static final Assembly NEW = new Assembly(Set.of(), 0, Map.of(), Set.of(), Set.of(), false, false, false);

    /** @param says what is to be announced now, in order */
    record Step(Assembly next, List<Artifact> says, Set<String> sessionKeysDone) {}

    Assembly {
        announced = Set.copyOf(announced);
        stored = Map.copyOf(stored);
        empty = Set.copyOf(empty);
        transcribed = Set.copyOf(transcribed);
    }

    Assembly with(CallEvent event) {
        return switch (event) {
            case CallEvent.StreamAnnounced e -> announced(Set.of(e.stream().streamId()));
            case CallEvent.CallClosed e ->
                announced(Set.copyOf(e.streamIds())).closed(closedMicros == 0 ? e.atMicros() : closedMicros);
            case CallEvent.CallOpened ignored -> this;
            case CallEvent.ParticipantJoined ignored -> this;
            case CallEvent.ParticipantLeft ignored -> this;
            case CallEvent.StreamRekeyed ignored -> this;
            case CallEvent.StreamEnded ignored -> this;
            case CallEvent.RecordingPaused ignored -> this;
            case CallEvent.RecordingResumed ignored -> this;
            case CallEvent.NoticePlayed ignored -> this;
        };
    }

    Assembly with(Artifact artifact) {
        return switch (artifact) {
            case Artifact.TrackStored a -> stored(a);
            case Artifact.TrackEmpty a -> empty(a.stream().streamId());
            case Artifact.TranscriptStored a ->
                new Assembly(
                        announced,
                        closedMicros,
                        stored,
                        empty,
                        plus(transcribed, Set.of(a.streamId())),
                        mixed,
                        complete,
                        sealed);
            case Artifact.MixStored ignored ->
                new Assembly(announced, closedMicros, stored, empty, transcribed, true, complete, sealed);
            case Artifact.TrackBegun ignored -> this;
            case Artifact.TracksComplete ignored -> this; // our own words, which come by again
            case Artifact.RecordingSealed ignored -> this;
        };
    }

    /** What follows now. */
    Step step(String tenant, String callId, long nowMicros) {
        if (sealed || closedMicros == 0) {
            return new Step(this, List.of(), Set.of());
        }
        List<Artifact> says = new ArrayList<>();
        Assembly next = this;
        if (!next.complete && next.everyStreamIsKnown()) {
            says.add(new Artifact.TracksComplete(tenant, callId, nowMicros, next.tracksInOrder()));
            next = new Assembly(announced, closedMicros, stored, empty, transcribed, mixed, true, false);
        }
        if (next.complete && next.mixed && next.everyVoiceIsTranscribed()) {
            says.add(new Artifact.RecordingSealed(
                    tenant, callId, nowMicros, closedMicros, firstMediaMicros(), lastMediaMicros()));
            return new Step(forgotten(), says, announced);
        }
        return new Step(next, says, Set.of());
    }

    private boolean everyStreamIsKnown() {
        return announced.stream().allMatch(id -> stored.containsKey(id) || empty.contains(id));
    }

    private boolean everyVoiceIsTranscribed() {
        return stored.values().stream()
                .filter(t -> t.stream().kind() == MediaKind.AUDIO)
                .allMatch(t -> transcribed.contains(t.stream().streamId()));
    }

    private List<Artifact.TrackStored> tracksInOrder() {
        return List.copyOf(new TreeMap<>(stored).values());
    }

    private long firstMediaMicros() {
        return stored.values().stream()
                .mapToLong(Artifact.TrackStored::startMicros)
                .min()
                .orElse(0);
    }

    private long lastMediaMicros() {
        return stored.values().stream()
                .mapToLong(t -> t.startMicros() + t.durationMicros())
                .max()
                .orElse(0);
    }

    /** All that is kept of a sealed recording: that it is. */
    private Assembly forgotten() {
        return new Assembly(Set.of(), closedMicros, Map.of(), Set.of(), Set.of(), true, true, true);
    }

    private Assembly announced(Set<String> streams) {
        return sealed
                ? this
                : new Assembly(
                        plus(announced, streams), closedMicros, stored, empty, transcribed, mixed, complete, false);
    }

    private Assembly closed(long atMicros) {
        return new Assembly(announced, atMicros, stored, empty, transcribed, mixed, complete, sealed);
    }

    private Assembly stored(Artifact.TrackStored track) {
        if (sealed) {
            return this;
        }
        Map<String, Artifact.TrackStored> more = new TreeMap<>(stored);
        more.put(track.stream().streamId(), track);
        Set<String> stillEmpty = new TreeSet<>(empty);
        stillEmpty.remove(track.stream().streamId());
        return new Assembly(announced, closedMicros, more, stillEmpty, transcribed, mixed, complete, false);
    }

    private Assembly empty(String streamId) {
        if (sealed) {
            return this;
        }
        Map<String, Artifact.TrackStored> fewer = new TreeMap<>(stored);
        fewer.remove(streamId);
        return new Assembly(
                announced, closedMicros, fewer, plus(empty, Set.of(streamId)), transcribed, mixed, complete, false);
    }

    private static Set<String> plus(Set<String> some, Set<String> more) {
        Set<String> all = new TreeSet<>(some);
        all.addAll(more);
        return all;
    }
}

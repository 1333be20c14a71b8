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
import java.util.function.Consumer;
import java.util.stream.LongStream;

/**
 * What is known of one recording, and what follows from it. Kept as JSON between records. A repeat of a fact replaces it and
 * announces nothing twice. A track of a later generation takes the place of the earlier and begins another round: mix, transcript and
 * seal are made again.
 *
 * @param announced streams that the call is known to have
 * @param closedMicros when the call was closed, or 0
 * @param stored by stream
 * @param unopened tracks that are sealed end to end, by stream
 * @param empty streams without media, and the generation that had none
 * @param transcribed tracks with a complete transcript, as {@link #name} has them
 * @param round how often tracks were made anew
 * @param mixed the mix of the round is there, or known to be silent
 * @param complete TracksComplete was said in the round
 * @param sealed RecordingSealed was said in the round; everything else is forgotten then, unless some of it may be opened later
 */
record Assembly(
        Set<String> announced,
        long closedMicros,
        Map<String, Artifact.TrackStored> stored,
        Map<String, Artifact.TrackUnopened> unopened,
        Map<String, Long> empty,
        Set<String> transcribed,
        int round,
        boolean mixed,
        boolean complete,
        boolean sealed) {
    static final Assembly NEW =
            new Assembly(Set.of(), 0, Map.of(), Map.of(), Map.of(), Set.of(), 0, false, false, false);

    /** @param says what is to be announced now, in order */
    record Step(Assembly next, List<Artifact> says, Set<String> sessionKeysDone) {}

    Assembly {
        announced = Set.copyOf(announced);
        stored = Map.copyOf(stored);
        unopened = Map.copyOf(unopened);
        empty = Map.copyOf(empty);
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
            case Artifact.TrackStored a ->
                track(
                        a.stream().streamId(),
                        a.generation(),
                        draft -> draft.stored.put(a.stream().streamId(), a));
            case Artifact.TrackUnopened a ->
                track(
                        a.stream().streamId(),
                        a.generation(),
                        draft -> draft.unopened.put(a.stream().streamId(), a));
            case Artifact.TrackEmpty a ->
                track(
                        a.stream().streamId(),
                        a.generation(),
                        draft -> draft.empty.put(a.stream().streamId(), a.generation()));
            case Artifact.TranscriptStored a ->
                isForgotten() ? this : with(draft -> draft.transcribed.add(name(a.streamId(), a.generation())));
            case Artifact.MixStored a -> a.round() == round ? with(draft -> draft.mixed = true) : this;
            case Artifact.TrackBegun ignored -> this;
            case Artifact.FramesStored ignored -> this;
            case Artifact.CompositeProgress ignored -> this;
            case Artifact.CompositeStored ignored -> this;
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
            says.add(new Artifact.TracksComplete(tenant, callId, nowMicros, round, next.tracksInOrder()));
            next = with(draft -> draft.complete = true);
        }
        if (next.complete && next.mixed && next.everyVoiceIsTranscribed()) {
            says.add(new Artifact.RecordingSealed(
                    tenant, callId, nowMicros, closedMicros, firstMediaMicros(), lastMediaMicros()));
            return new Step(next.sealedNow(), says, announced);
        }
        return new Step(next, says, Set.of());
    }

    private boolean everyStreamIsKnown() {
        return announced.stream().allMatch(id -> generationOf(id) >= 0);
    }

    private boolean everyVoiceIsTranscribed() {
        return stored.values().stream()
                .filter(t -> t.stream().kind() == MediaKind.AUDIO)
                .allMatch(t -> transcribed.contains(name(t.stream().streamId(), t.generation())));
    }

    private List<Artifact.TrackStored> tracksInOrder() {
        return List.copyOf(new TreeMap<>(stored).values());
    }

    private long firstMediaMicros() {
        return LongStream.concat(
                        stored.values().stream().mapToLong(Artifact.TrackStored::startMicros),
                        unopened.values().stream().mapToLong(Artifact.TrackUnopened::startMicros))
                .min()
                .orElse(0);
    }

    private long lastMediaMicros() {
        return LongStream.concat(
                        stored.values().stream().mapToLong(t -> t.startMicros() + t.durationMicros()),
                        unopened.values().stream().mapToLong(t -> t.startMicros() + t.durationMicros()))
                .max()
                .orElse(0);
    }

    /** Of a sealed recording only that it is sealed is kept, unless a key may still be released for some of it. */
    private Assembly sealedNow() {
        boolean mayBeOpenedLater =
                !unopened.isEmpty() || stored.values().stream().anyMatch(t -> t.unopened() > 0);
        return mayBeOpenedLater
                ? with(draft -> draft.sealed = true)
                : new Assembly(Set.of(), closedMicros, Map.of(), Map.of(), Map.of(), Set.of(), round, true, true, true);
    }

    /** Sealed, and nothing of it can ever be opened that is not. */
    private boolean isForgotten() {
        return sealed && stored.isEmpty() && unopened.isEmpty();
    }

    private Assembly announced(Set<String> streams) {
        return sealed ? this : with(draft -> draft.announced.addAll(streams));
    }

    private Assembly closed(long atMicros) {
        return with(draft -> draft.closedMicros = atMicros);
    }

    private Assembly track(String streamId, long generation, Consumer<Draft> put) {
        long known = generationOf(streamId);
        if (isForgotten() || generation < known || sealed && generation == known) {
            return this;
        }
        return with(draft -> {
            draft.stored.remove(streamId);
            draft.unopened.remove(streamId);
            draft.empty.remove(streamId);
            put.accept(draft);
            if (complete && generation > known) {
                draft.round++;
                draft.mixed = false;
                draft.complete = false;
                draft.sealed = false;
            }
        });
    }

    /** The generation of what is known of a stream's track; -1 when nothing is. */
    private long generationOf(String streamId) {
        Artifact.TrackStored track = stored.get(streamId);
        Artifact.TrackUnopened sealedTrack = unopened.get(streamId);
        return track != null
                ? track.generation()
                : sealedTrack != null ? sealedTrack.generation() : empty.getOrDefault(streamId, -1L);
    }

    private static String name(String streamId, long generation) {
        return generation == 0 ? streamId : streamId + "/" + generation;
    }

    /** The next state in the making. What is not set stays as it is. */
    private static final class Draft {
        private final Set<String> announced;
        private long closedMicros;
        private final Map<String, Artifact.TrackStored> stored;
        private final Map<String, Artifact.TrackUnopened> unopened;
        private final Map<String, Long> empty;
        private final Set<String> transcribed;
        private int round;
        private boolean mixed;
        private boolean complete;
        private boolean sealed;

        Draft(Assembly before) {
            announced = new TreeSet<>(before.announced);
            closedMicros = before.closedMicros;
            stored = new TreeMap<>(before.stored);
            unopened = new TreeMap<>(before.unopened);
            empty = new TreeMap<>(before.empty);
            transcribed = new TreeSet<>(before.transcribed);
            round = before.round;
            mixed = before.mixed;
            complete = before.complete;
            sealed = before.sealed;
        }

        Assembly done() {
            return new Assembly(
                    announced, closedMicros, stored, unopened, empty, transcribed, round, mixed, complete, sealed);
        }
    }

    private Assembly with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.done();
    }
}

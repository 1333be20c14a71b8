package hansard.transcode;

import hansard.wire.Artifact;
import hansard.wire.CallEvent;
import hansard.wire.MediaKind;
import hansard.wire.Redaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one recording, and what follows from it. Kept as JSON between records. A repeat of a fact replaces it and
 * announces nothing twice. A track of a later generation takes the place of the earlier and begins another round: mix, transcript and
 * seal are made again.
 *
 * @param history what the connector said, in the order in which it was read; of what it said of participants while they were in the
 *     call, the first {@value #MOST_EVENTS} only
 * @param announced streams that the call is known to have
 * @param closedMicros when the call was closed, or 0
 * @param stored by stream
 * @param unopened tracks that are sealed end to end, by stream
 * @param empty streams without media
 * @param frames of tracks that are sealed end to end, by stream
 * @param companions what goes with tracks, by stream and part
 * @param coverage by stream, of the last generation
 * @param transcripts complete ones, as {@link #name} has their tracks
 * @param due what is being made silent, as {@link #name} has their tracks
 * @param redactions what people may hear of tracks that were withheld, likewise
 * @param round how often tracks were made anew
 * @param mix of the round; null until it is there, or known to be silent
 * @param complete TracksComplete was said in the round
 * @param stated PartsComplete was said in the round
 * @param accounted the completeness of the round is written
 * @param sealed RecordingSealed was said in the round; everything else is forgotten then, unless some of it may be opened later
 */
record Assembly(
        List<CallEvent> history,
        Set<String> announced,
        long closedMicros,
        Map<String, Artifact.TrackStored> stored,
        Map<String, Artifact.TrackUnopened> unopened,
        Map<String, Artifact.TrackEmpty> empty,
        Map<String, Artifact.FramesStored> frames,
        Map<String, Artifact.PartStored> companions,
        Map<String, Artifact.CoverageStored> coverage,
        Map<String, Artifact.TranscriptStored> transcripts,
        Map<String, List<Redaction>> due,
        Map<String, Artifact.RedactionStored> redactions,
        int round,
        Artifact.@Nullable MixStored mix,
        boolean complete,
        boolean stated,
        boolean accounted,
        boolean sealed) {
    static final int MOST_EVENTS = 2_000;

    static final Assembly NEW = new Assembly(
            List.of(), Set.of(), 0, Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(),
            Map.of(), 0, null, false, false, false, false);

    /** @param says what is to be announced now, in order */
    record Step(Assembly next, List<Artifact> says, Set<String> sessionKeysDone) {}

    Assembly {
        history = List.copyOf(history);
        announced = Set.copyOf(announced);
        stored = Map.copyOf(stored);
        unopened = Map.copyOf(unopened);
        empty = Map.copyOf(empty);
        frames = Map.copyOf(frames);
        companions = Map.copyOf(companions);
        coverage = Map.copyOf(coverage);
        transcripts = Map.copyOf(transcripts);
        due = due == null ? Map.of() : Map.copyOf(due); // absent in what earlier releases kept
        redactions = redactions == null ? Map.of() : Map.copyOf(redactions);
    }

    Assembly with(CallEvent event) {
        Assembly known = remembering(event);
        return switch (event) {
            case CallEvent.StreamAnnounced e ->
                known.announced(Set.of(e.stream().streamId()));
            case CallEvent.CallClosed e ->
                known.announced(Set.copyOf(e.streamIds())).closed(closedMicros == 0 ? e.atMicros() : closedMicros);
            case CallEvent.CallOpened ignored -> known;
            case CallEvent.ParticipantJoined ignored -> known;
            case CallEvent.ParticipantLeft ignored -> known;
            case CallEvent.StreamRekeyed ignored -> known;
            case CallEvent.StreamEnded ignored -> known;
            case CallEvent.RecordingPaused ignored -> known;
            case CallEvent.RecordingResumed ignored -> known;
            case CallEvent.NoticePlayed ignored -> known;
            case CallEvent.ParticipantChanged ignored -> known;
        };
    }

    private Assembly remembering(CallEvent event) {
        if (sealed
                || event instanceof CallEvent.ParticipantChanged && history.size() >= MOST_EVENTS
                || history.stream().anyMatch(e -> e.eventId().equals(event.eventId()))) {
            return this;
        }
        return with(draft -> draft.history.add(event));
    }

    Assembly with(Artifact artifact) {
        Assembly next = taken(artifact);
        // made a second time after a kill, a part may have another digest than the one that was stated
        return next.stated && !next.sealed && !next.parts().equals(parts())
                ? next.with(draft -> draft.stated = false)
                : next;
    }

    private Assembly taken(Artifact artifact) {
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
                        draft -> draft.empty.put(a.stream().streamId(), a));
            case Artifact.TranscriptStored a -> transcribed(a);
            case Artifact.RedactionStored a -> redacted(a);
            case Artifact.MixStored a -> a.round() == round && !sealed ? with(draft -> draft.mix = a) : this;
            case Artifact.FramesStored a -> isForgotten() ? this : with(draft -> draft.frames.put(a.streamId(), a));
            case Artifact.PartStored a ->
                isForgotten() ? this : with(draft -> draft.companions.put(a.streamId() + "/" + a.part(), a));
            case Artifact.CoverageStored a -> covered(a);
            case Artifact.CompletenessStored a ->
                a.round() == round && stated ? with(draft -> draft.accounted = true) : this;
            case Artifact.TrackBegun ignored -> this;
            case Artifact.CompositeProgress ignored -> this;
            case Artifact.CompositeStored ignored -> this;
            case Artifact.PartsComplete ignored -> this;
            case Artifact.HeardAgain ignored -> this;
            case Artifact.RedactionDue ignored -> this;
            case Artifact.TracksComplete ignored -> this; // our own words, which come by again
            case Artifact.RecordingSealed ignored -> this;
        };
    }

    /**
     * What a recording is not whole without, beside its tracks: what this stage is set to make, or to have made.
     *
     * @param sound what is taken out of tracks that are withheld
     */
    record Awaited(boolean mix, boolean transcripts, SoundPolicy sound) {}

    /** What follows now. */
    Step step(String tenant, String callId, Awaited awaited, long nowMicros) {
        if (sealed) {
            return new Step(this, List.of(), Set.of());
        }
        List<Artifact> says = new ArrayList<>();
        Assembly next = heeding(awaited.sound(), nowMicros, says);
        if (closedMicros == 0) {
            return new Step(next, says, Set.of());
        }
        if (!next.complete && next.everyStreamIsKnown() && next.everySoundIsLookedAt()) {
            says.add(new Artifact.TracksComplete(
                    tenant, callId, nowMicros, next.round, next.tracksInOrder(), next.redactionsInOrder()));
            next = next.with(draft -> draft.complete = true);
        }
        boolean isWhole = next.complete
                && next.everySoundIsLookedAt()
                && (next.mix != null || !awaited.mix())
                && (!awaited.transcripts() || next.everyVoiceIsTranscribed());
        if (isWhole && !next.stated) {
            says.add(new Artifact.PartsComplete(tenant, callId, nowMicros, next.round, history, next.parts()));
            next = next.with(draft -> draft.stated = true);
        }
        if (next.accounted) {
            says.add(new Artifact.RecordingSealed(
                    tenant, callId, nowMicros, closedMicros, firstMediaMicros(), lastMediaMicros()));
            return new Step(next.sealedNow(), says, announced);
        }
        return new Step(next, says, Set.of());
    }

    /** Has what people may not hear taken out of tracks whose words are known. */
    private Assembly heeding(SoundPolicy policy, long nowMicros, List<Artifact> says) {
        Assembly next = this;
        for (Artifact.TrackStored track : tracksInOrder()) {
            String name = name(track.stream().streamId(), track.generation());
            Artifact.TranscriptStored transcript = transcripts.get(name);
            if (!track.withheld() || transcript == null) {
                continue;
            }
            List<Redaction> silent = policy.silent(track.tenant(), transcript.redactions());
            String why = policy.name(track.tenant());
            Artifact.RedactionStored known = redactions.get(name);
            if (silent.equals(due.get(name)) || known != null && known.silent().equals(silent)) {
                continue;
            }
            if (silent.isEmpty()) {
                Artifact.RedactionStored nothing = new Artifact.RedactionStored(
                        track.tenant(),
                        track.callId(),
                        nowMicros,
                        track.stream().streamId(),
                        track.generation(),
                        why,
                        silent,
                        List.of(),
                        "");
                says.add(nothing);
                next = next.redacted(nothing);
            } else {
                says.add(new Artifact.RedactionDue(track.tenant(), track.callId(), nowMicros, track, why, silent));
                next = next.with(draft -> draft.due.put(name, silent));
            }
        }
        return next;
    }

    private Assembly redacted(Artifact.RedactionStored made) {
        String name = name(made.streamId(), made.generation());
        List<Redaction> wanted = due.get(name);
        boolean overtaken = wanted != null && !wanted.equals(made.silent());
        if (isForgotten() || overtaken) {
            return this;
        }
        Artifact.RedactionStored known = redactions.get(name);
        return with(draft -> {
            draft.due.remove(name);
            draft.redactions.put(name, made);
            if (complete && known != null && !known.silent().equals(made.silent())) {
                draft.anotherRound();
            }
        });
    }

    private boolean everySoundIsLookedAt() {
        return stored.values().stream()
                .filter(Artifact.TrackStored::withheld)
                .map(t -> name(t.stream().streamId(), t.generation()))
                .allMatch(name -> redactions.containsKey(name) && !due.containsKey(name));
    }

    private List<Artifact.RedactionStored> redactionsInOrder() {
        return tracksInOrder().stream()
                .flatMap(t -> Stream.ofNullable(redactions.get(name(t.stream().streamId(), t.generation()))))
                .toList();
    }

    private boolean everyStreamIsKnown() {
        return announced.stream().allMatch(id -> generationOf(id) >= 0);
    }

    private boolean everyVoiceIsTranscribed() {
        return stored.values().stream()
                .filter(t -> t.stream().kind() == MediaKind.AUDIO)
                .allMatch(t -> transcripts.containsKey(name(t.stream().streamId(), t.generation())));
    }

    /** What the recording consists of: of each stream what was made of it last, then the mix. */
    private List<Artifact> parts() {
        List<Artifact> parts = new ArrayList<>();
        for (String streamId : new TreeSet<>(announced)) {
            List<@Nullable Artifact> ofStream = new ArrayList<>();
            ofStream.add(stored.get(streamId));
            ofStream.add(unopened.get(streamId));
            ofStream.add(empty.get(streamId));
            ofStream.add(frames.get(streamId));
            for (Artifact.Part part : Artifact.Part.values()) {
                Artifact.PartStored companion = companions.get(streamId + "/" + part);
                boolean ofTrack = companion != null && companion.generation() == generationOf(streamId);
                ofStream.add(ofTrack ? companion : null);
            }
            ofStream.add(coverage.get(streamId));
            ofStream.add(transcripts.get(name(streamId, generationOf(streamId))));
            ofStream.add(redactions.get(name(streamId, generationOf(streamId))));
            ofStream.stream().filter(Objects::nonNull).forEach(parts::add);
        }
        if (mix != null) {
            parts.add(mix);
        }
        return parts;
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
                : new Assembly(
                        List.of(),
                        Set.of(),
                        closedMicros,
                        Map.of(),
                        Map.of(),
                        Map.of(),
                        Map.of(),
                        Map.of(),
                        Map.of(),
                        Map.of(),
                        Map.of(),
                        Map.of(),
                        round,
                        null,
                        true,
                        true,
                        true,
                        true);
    }

    /** A later hearing is of a recording that is sealed already, and changes nothing of it. */
    private Assembly transcribed(Artifact.TranscriptStored a) {
        return isForgotten() || !a.hearing().isFirst()
                ? this
                : with(draft -> draft.transcripts.put(name(a.streamId(), a.generation()), a));
    }

    private Assembly covered(Artifact.CoverageStored a) {
        Artifact.CoverageStored known = coverage.get(a.streamId());
        boolean superseded = known != null && known.generation() > a.generation();
        return isForgotten() || superseded ? this : with(draft -> draft.coverage.put(a.streamId(), a));
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
                draft.anotherRound();
            }
        });
    }

    /** The generation of what is known of a stream's track; -1 when nothing is. */
    private long generationOf(String streamId) {
        Artifact.TrackStored track = stored.get(streamId);
        Artifact.TrackUnopened sealedTrack = unopened.get(streamId);
        Artifact.TrackEmpty emptyTrack = empty.get(streamId);
        return track != null
                ? track.generation()
                : sealedTrack != null ? sealedTrack.generation() : emptyTrack != null ? emptyTrack.generation() : -1;
    }

    private static String name(String streamId, long generation) {
        return generation == 0 ? streamId : streamId + "/" + generation;
    }

    /** The next state in the making. What is not set stays as it is. */
    private static final class Draft {
        private final List<CallEvent> history;
        private final Set<String> announced;
        private long closedMicros;
        private final Map<String, Artifact.TrackStored> stored;
        private final Map<String, Artifact.TrackUnopened> unopened;
        private final Map<String, Artifact.TrackEmpty> empty;
        private final Map<String, Artifact.FramesStored> frames;
        private final Map<String, Artifact.PartStored> companions;
        private final Map<String, Artifact.CoverageStored> coverage;
        private final Map<String, Artifact.TranscriptStored> transcripts;
        private final Map<String, List<Redaction>> due;
        private final Map<String, Artifact.RedactionStored> redactions;
        private int round;
        private Artifact.@Nullable MixStored mix;
        private boolean complete;
        private boolean stated;
        private boolean accounted;
        private boolean sealed;

        Draft(Assembly before) {
            history = new ArrayList<>(before.history);
            announced = new TreeSet<>(before.announced);
            closedMicros = before.closedMicros;
            stored = new TreeMap<>(before.stored);
            unopened = new TreeMap<>(before.unopened);
            empty = new TreeMap<>(before.empty);
            frames = new TreeMap<>(before.frames);
            companions = new TreeMap<>(before.companions);
            coverage = new TreeMap<>(before.coverage);
            transcripts = new TreeMap<>(before.transcripts);
            due = new TreeMap<>(before.due);
            redactions = new TreeMap<>(before.redactions);
            round = before.round;
            mix = before.mix;
            complete = before.complete;
            stated = before.stated;
            accounted = before.accounted;
            sealed = before.sealed;
        }

        /** Mix, completeness and seal are made again. */
        void anotherRound() {
            round++;
            mix = null;
            complete = false;
            stated = false;
            accounted = false;
            sealed = false;
        }

        Assembly done() {
            return new Assembly(
                    history,
                    announced,
                    closedMicros,
                    stored,
                    unopened,
                    empty,
                    frames,
                    companions,
                    coverage,
                    transcripts,
                    due,
                    redactions,
                    round,
                    mix,
                    complete,
                    stated,
                    accounted,
                    sealed);
        }
    }

    private Assembly with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.done();
    }
}

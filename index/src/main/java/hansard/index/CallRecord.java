package hansard.index;

import hansard.wire.Artifact;
import hansard.wire.CallEvent;
import hansard.wire.CallOrders;
import hansard.wire.Hearing;
import hansard.wire.RejectReason;
import hansard.wire.Rejected;
import hansard.wire.RetentionOrder;
import hansard.wire.StreamDescription;
import hansard.wire.Unheard;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of one call but its words. Every {@code apply} gives a new record; a repeated event gives an equal one
 * (but for {@link Rejected}, which counts: the journal's offsets see to it that none is read twice). The topics have no order
 * between them, so every event may be the first. A purged call stays purged, whatever comes.
 *
 * @param opening null until {@code CallOpened} was read; nobody may see the call before
 * @param refused by stream and reason, as counted on {@code media.rejected}
 * @param transcripts first ones, by stream and generation of its track
 * @param versions the words as they were heard again, in order
 * @param completeness how whole it is, once that is stated
 * @param redactions what people may hear of tracks that were withheld, by stream
 * @param parts what goes with the tracks, by {@link #part name}
 * @param orders holds in force, and the purge when one was ordered that is not void
 * @param firstSpeechMicros start of the earliest utterance; 0 when none was read
 */
record CallRecord(
        String callId,
        String tenant,
        @Nullable Opening opening,
        Map<String, Participant> participants,
        Map<String, Track> tracks,
        Map<String, Map<RejectReason, Refusal>> refused,
        @Nullable Mix mix,
        @Nullable Composite composite,
        List<Mark> marks,
        Map<String, Transcript> transcripts,
        List<Version> versions,
        Map<String, Artifact.RedactionStored> redactions,
        Map<String, Artifact.PartStored> parts,
        Map<Moment, Long> moments,
        Artifact.@Nullable CompletenessStored completeness,
        CallOrders orders,
        long firstSpeechMicros) {
    /** @param utterances how many final ones it has */
    record Transcript(long utterances, List<Unheard> unheard) {}

    CallRecord {
        participants = kept(participants);
        tracks = kept(tracks);
        refused = kept(refused);
        marks = List.copyOf(marks);
        transcripts = kept(transcripts);
        versions = versions == null ? List.of() : List.copyOf(versions); // absent in what earlier releases kept
        redactions = redactions == null ? Map.of() : kept(redactions); // absent in what earlier releases kept
        parts = kept(parts);
        moments = kept(moments);
    }

    static CallRecord unknown(String tenant, String callId) {
        return new CallRecord(
                callId,
                tenant,
                null,
                Map.of(),
                Map.of(),
                Map.of(),
                null,
                null,
                List.of(),
                Map.of(),
                List.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                null,
                CallOrders.NONE,
                0);
    }

    /** Whether somebody who watches the call would see a difference; counts of rejected datagrams are not one. */
    boolean looksLike(CallRecord other) {
        return state().equals(other.state())
                && participants.equals(other.participants)
                && tracks.equals(other.tracks)
                && redactions.equals(other.redactions)
                && versions.equals(other.versions)
                && marks.equals(other.marks)
                && Objects.equals(opening, other.opening)
                && Objects.equals(mix, other.mix)
                && Objects.equals(composite, other.composite)
                && Objects.equals(completeness, other.completeness);
    }

    /** What is copied into the call's utterances; when it changes they are written anew. */
    record Stamp(
            @Nullable Opening opening,
            Map<String, Participant> participants,
            long zeroMicros,
            Map<String, Hearing> current) {}

    Stamp stamp() {
        Map<String, Hearing> current = new LinkedHashMap<>();
        versions.forEach(v -> v.streamIds().forEach(streamId -> current.put(streamId, hearingOf(streamId))));
        return new Stamp(opening, participants, zeroMicros(), current);
    }

    CallRecord apply(CallEvent event) {
        return kept(
                switch (event) {
                    case CallEvent.CallOpened e ->
                        withOpening(new Opening(e.atMicros(), e.title(), e.department(), e.client(), e.labels()));
                    case CallEvent.ParticipantJoined e ->
                        withParticipant(new Participant(e.participantId(), e.displayName(), e.user(), e.atMicros(), 0));
                    case CallEvent.ParticipantLeft e -> left(e);
                    case CallEvent.StreamAnnounced e -> announced(e.stream(), e.atMicros());
                    case CallEvent.StreamRekeyed e -> this;
                    case CallEvent.StreamEnded e -> this;
                    case CallEvent.RecordingPaused e ->
                        withMark(new Mark(
                                e.eventId(), Mark.kind("paused", e.participants()), e.atMicros(), e.by(), e.reason()));
                    case CallEvent.RecordingResumed e ->
                        withMark(new Mark(
                                e.eventId(), Mark.kind("resumed", e.participants()), e.atMicros(), e.by(), ""));
                    case CallEvent.NoticePlayed e ->
                        withMark(new Mark(e.eventId(), "notice", e.atMicros(), "", e.notice()));
                    case CallEvent.ParticipantChanged e -> this;
                    case CallEvent.CallClosed e -> at(Moment.CLOSED, e.atMicros());
                });
    }

    CallRecord apply(Artifact artifact) {
        return kept(
                switch (artifact) {
                    case Artifact.TrackBegun a -> begun(a);
                    case Artifact.TrackStored a ->
                        made(new Track(
                                a.stream(),
                                a.generation(),
                                a.account(),
                                a.startMicros(),
                                a.durationMicros(),
                                a.object(),
                                "",
                                a.unopened(),
                                a.segments(),
                                a.withheld(),
                                0));
                    case Artifact.TrackUnopened a ->
                        made(new Track(
                                a.stream(),
                                a.generation(),
                                a.account(),
                                a.startMicros(),
                                a.durationMicros(),
                                null,
                                "",
                                a.unopened(),
                                List.of(),
                                false,
                                0));
                    case Artifact.TrackEmpty a ->
                        made(new Track(
                                a.stream(),
                                a.generation(),
                                a.account(),
                                0,
                                0,
                                null,
                                a.reason(),
                                0,
                                List.of(),
                                false,
                                0));
                    case Artifact.FramesStored a -> this;
                    case Artifact.CoverageStored a -> this;
                    case Artifact.RedactionDue a -> this;
                    case Artifact.HeardAgain a -> withVersions(Version.with(versions, a));
                    case Artifact.RedactionStored a -> redacted(a);
                    case Artifact.PartsComplete a -> this;
                    case Artifact.CompletenessStored a -> with(draft -> draft.completeness = a);
                    case Artifact.PartStored a ->
                        with(draft -> draft.parts = with(parts, part(a.streamId(), a.part()), a));
                    case Artifact.TracksComplete a ->
                        (a.round() == 0 ? this : unsealed()).at(Moment.TRACKS_STORED, a.atMicros());
                    case Artifact.MixStored a ->
                        withMix(new Mix(a.startMicros(), a.durationMicros(), a.object()))
                                .at(Moment.MIX_STORED, a.atMicros());
                    case Artifact.CompositeProgress a -> progressed(a);
                    case Artifact.CompositeStored a ->
                        withComposite(Composite.made(
                                a.orderId(),
                                a.atMicros(),
                                a.startMicros(),
                                a.durationMicros(),
                                a.object(),
                                a.reason()));
                    case Artifact.TranscriptStored a -> transcribed(a);
                    case Artifact.RecordingSealed a ->
                        at(Moment.SEALED, a.atMicros())
                                .at(Moment.CLOSED, a.closedMicros())
                                .at(Moment.FIRST_MEDIA, a.firstMediaMicros())
                                .at(Moment.LAST_MEDIA, a.lastMediaMicros());
                });
    }

    CallRecord apply(Rejected rejected) {
        Map<RejectReason, Refusal> ofStream = new LinkedHashMap<>(refused.getOrDefault(rejected.streamId(), Map.of()));
        Refusal before = ofStream.get(rejected.reason());
        ofStream.put(
                rejected.reason(),
                before == null
                        ? new Refusal(
                                rejected.count(),
                                rejected.firstArrivalMicros(),
                                rejected.lastArrivalMicros(),
                                rejected.detail())
                        : before.plus(
                                rejected.count(),
                                rejected.firstArrivalMicros(),
                                rejected.lastArrivalMicros(),
                                rejected.detail()));
        return kept(with(
                draft -> draft.refused = with(refused, rejected.streamId(), Collections.unmodifiableMap(ofStream))));
    }

    /** An utterance of the call starts here. */
    CallRecord spoken(long startMicros) {
        if (firstSpeechMicros != 0 && firstSpeechMicros <= startMicros) {
            return this;
        }
        return kept(with(draft -> draft.firstSpeechMicros = startMicros));
    }

    CallRecord indexed(long atMicros) {
        return at(Moment.INDEXED, atMicros);
    }

    /**
     * Under an order that is not void this erases what was said, who said it and what exists of it.
     *
     * @param offset of the order on its partition
     */
    CallRecord apply(RetentionOrder order, long offset) {
        CallOrders next = orders.after(order, offset);
        RetentionOrder.PurgeOrdered purge = next.purge();
        CallRecord ordered = withOrders(next);
        return purge == null || purged()
                ? ordered
                : ordered.at(Moment.FIRST_MEDIA, zeroMicros())
                        .at(Moment.PURGED, purge.atMicros())
                        .stripped();
    }

    boolean purged() {
        return at(Moment.PURGED) != 0;
    }

    /** {@code live}, {@code closed}, {@code sealed} or {@code purged}. */
    String state() {
        if (purged()) {
            return "purged";
        }
        if (at(Moment.SEALED) != 0) {
            return "sealed";
        }
        return at(Moment.CLOSED) != 0 ? "closed" : "live";
    }

    /** When it was, or 0 for not yet. */
    long at(Moment moment) {
        return moments.getOrDefault(moment, 0L);
    }

    /**
     * Zero of the call's clock: its first media. Until the recording is sealed, the earliest of the tracks that have begun;
     * before that, the opening, or the first utterance where that is earlier (a replay of a capture). 0 when nothing is known.
     */
    long zeroMicros() {
        if (at(Moment.FIRST_MEDIA) != 0) {
            return at(Moment.FIRST_MEDIA);
        }
        long stored = tracks.values().stream()
                .mapToLong(Track::startMicros)
                .filter(start -> start != 0)
                .min()
                .orElse(0);
        if (stored != 0) {
            return stored;
        }
        long opened = opening == null ? 0 : opening.openedMicros();
        return opened == 0 || firstSpeechMicros != 0 && firstSpeechMicros < opened ? firstSpeechMicros : opened;
    }

    /** Whether the recording of the call, or of some of those in it, is paused by what was said last. */
    boolean isPaused() {
        return marks.stream()
                .filter(m -> m.kind().endsWith("paused") || m.kind().endsWith("resumed"))
                .max(Comparator.comparingLong(Mark::atMicros))
                .map(m -> m.kind().endsWith("paused"))
                .orElse(false);
    }

    /** The accounts of those who took part. */
    Set<String> users() {
        Set<String> users = new TreeSet<>();
        participants.values().forEach(p -> {
            if (!p.user().isEmpty()) {
                users.add(p.user());
            }
        });
        return users;
    }

    /** How a participant is called; their id when nobody said. */
    String nameOf(String participantId) {
        Participant known = participants.get(participantId);
        return known == null || known.displayName().isEmpty() ? participantId : known.displayName();
    }

    private CallRecord kept(CallRecord next) {
        return purged() ? next.stripped() : next;
    }

    private CallRecord stripped() {
        Map<Moment, Long> dates = new LinkedHashMap<>(moments);
        dates.keySet().retainAll(Set.of(Moment.CLOSED, Moment.FIRST_MEDIA, Moment.LAST_MEDIA, Moment.PURGED));
        return new CallRecord(
                callId,
                tenant,
                opening == null ? null : opening.stripped(),
                Map.of(),
                Map.of(),
                Map.of(),
                null,
                null,
                List.of(),
                Map.of(),
                List.of(),
                Map.of(),
                Map.of(),
                dates,
                null,
                orders,
                0);
    }

    private static String part(String streamId, Artifact.Part part) {
        return streamId + "/" + part;
    }

    /** What goes with a track, as the track is now; null when it has no such part. */
    Artifact.@Nullable PartStored part(Track track, Artifact.Part part) {
        Artifact.PartStored known = parts.get(part(track.stream().streamId(), part));
        return known == null || known.generation() != track.generation() ? null : known;
    }

    /** The generation of a stream's track; 0 while none is known. */
    long generationOf(String streamId) {
        Track known = tracks.get(streamId);
        return known == null ? 0 : known.generation();
    }

    /** Utterances that the current transcripts of the tracks as they are now have. */
    long expectedUtterances() {
        return transcripts.entrySet().stream()
                .filter(e -> {
                    String streamId = e.getKey().split("/", 2)[0];
                    return e.getKey().equals(transcript(streamId, generationOf(streamId)));
                })
                .mapToLong(e -> current(e.getKey().split("/", 2)[0])
                        .map(Version.Transcript::utterances)
                        .orElse(e.getValue().utterances()))
                .sum();
    }

    /** What has no words of a stream's track as it is now, in order. */
    List<Unheard> unheard(String streamId) {
        Transcript first = transcripts.get(transcript(streamId, generationOf(streamId)));
        return current(streamId).map(Version.Transcript::unheard).orElse(first == null ? List.of() : first.unheard());
    }

    /** Whose words of a stream are the current ones: those of the newest version that has all that was ordered, of the track as it is now. */
    Hearing hearingOf(String streamId) {
        return newest(streamId).map(Version::hearing).orElse(Hearing.FIRST);
    }

    private Optional<Version.Transcript> current(String streamId) {
        return newest(streamId).map(version -> version.transcripts().get(streamId));
    }

    private Optional<Version> newest(String streamId) {
        return versions.stream()
                .filter(Version::isUsable)
                .filter(version -> {
                    Version.Transcript heard = version.transcripts().get(streamId);
                    return heard != null && heard.generation() == generationOf(streamId);
                })
                .reduce((earlier, later) -> later);
    }

    /** The call as if no version after that one had been ordered. */
    CallRecord upTo(int number) {
        return withVersions(versions.stream().filter(v -> v.number() <= number).toList());
    }

    /** The number of the version whose words are shown; 0 for the first. */
    int currentVersion() {
        return versions.stream()
                .filter(v -> v.streamIds().stream().anyMatch(s -> hearingOf(s).equals(v.hearing())))
                .mapToInt(Version::number)
                .max()
                .orElse(0);
    }

    private CallRecord transcribed(Artifact.TranscriptStored a) {
        if (!a.hearing().isFirst()) {
            return withVersions(Version.with(versions, a));
        }
        return withTranscript(transcript(a.streamId(), a.generation()), new Transcript(a.utterances(), a.unheard()))
                .at(Moment.TRANSCRIPTS_STORED, Math.max(at(Moment.TRANSCRIPTS_STORED), a.atMicros()));
    }

    private CallRecord withVersions(List<Version> next) {
        return with(draft -> draft.versions = next);
    }

    private static String transcript(String streamId, long generation) {
        return generation == 0 ? streamId : streamId + "/" + generation;
    }

    /** A track was made; one of a later generation was made before when this is read again. */
    private CallRecord made(Track track) {
        long known = generationOf(track.stream().streamId());
        if (track.generation() < known) {
            return this;
        }
        CallRecord next = withTrack(track);
        return track.generation() > known ? next.unsealed() : next;
    }

    /** Tracks were made anew: mix, transcript and seal follow. */
    private CallRecord unsealed() {
        return with(draft -> {
            Map<Moment, Long> fewer = new LinkedHashMap<>(moments);
            fewer.keySet().removeAll(Set.of(Moment.SEALED, Moment.INDEXED));
            draft.moments = fewer;
            draft.composite = null; // it was of the tracks as they were
        });
    }

    private CallRecord left(CallEvent.ParticipantLeft e) {
        Participant p = participants.get(e.participantId());
        return p == null
                ? this
                : withParticipant(
                        new Participant(p.participantId(), p.displayName(), p.user(), p.joinedMicros(), e.atMicros()));
    }

    private CallRecord begun(Artifact.TrackBegun e) {
        Track known = tracks.get(e.stream().streamId());
        return known != null && known.account() != null
                ? this
                : withTrack(new Track(e.stream(), 0, null, e.startMicros(), 0, null, "", 0, List.of(), false, 0));
    }

    private CallRecord redacted(Artifact.RedactionStored made) {
        Artifact.RedactionStored known = redactions.get(made.streamId());
        return known != null && known.generation() > made.generation()
                ? this
                : with(draft -> draft.redactions = with(redactions, made.streamId(), made));
    }

    private CallRecord announced(StreamDescription stream, long atMicros) {
        return tracks.containsKey(stream.streamId()) ? this : withTrack(Track.announced(stream, atMicros));
    }

    private CallRecord at(Moment moment, long micros) {
        return micros == 0 ? this : with(draft -> draft.moments = with(moments, moment, micros));
    }

    private CallRecord withOpening(Opening next) {
        return with(draft -> draft.opening = next);
    }

    private CallRecord withParticipant(Participant next) {
        return with(draft -> draft.participants = with(participants, next.participantId(), next));
    }

    private CallRecord withTrack(Track next) {
        return with(draft -> draft.tracks = with(tracks, next.stream().streamId(), next));
    }

    private CallRecord withMix(Mix next) {
        return with(draft -> draft.mix = next);
    }

    /** Of an order that is done nothing is told but a repeat. */
    private CallRecord progressed(Artifact.CompositeProgress e) {
        boolean done = composite != null && composite.orderId().equals(e.orderId()) && composite.isDone();
        return done ? this : withComposite(Composite.ordered(e.orderId(), e.atMicros(), e.thousandths()));
    }

    private CallRecord withComposite(@Nullable Composite next) {
        return with(draft -> draft.composite = next);
    }

    private CallRecord withMark(Mark next) {
        if (marks.stream().anyMatch(m -> m.eventId().equals(next.eventId()))) {
            return this;
        }
        List<Mark> all = new ArrayList<>(marks);
        all.add(next);
        return with(draft -> draft.marks = all);
    }

    private CallRecord withTranscript(String streamId, Transcript next) {
        return with(draft -> draft.transcripts = with(transcripts, streamId, next));
    }

    private CallRecord withOrders(CallOrders next) {
        return with(draft -> draft.orders = next);
    }

    /** The next state in the making. What is not set stays as it is. */
    private static final class Draft {
        private final CallRecord before;
        private @Nullable Opening opening;
        private Map<String, Participant> participants;
        private Map<String, Track> tracks;
        private Map<String, Map<RejectReason, Refusal>> refused;
        private @Nullable Mix mix;
        private @Nullable Composite composite;
        private List<Mark> marks;
        private Map<String, Transcript> transcripts;
        private List<Version> versions;
        private Map<String, Artifact.RedactionStored> redactions;
        private Map<String, Artifact.PartStored> parts;
        private Map<Moment, Long> moments;
        private Artifact.@Nullable CompletenessStored completeness;
        private CallOrders orders;
        private long firstSpeechMicros;

        Draft(CallRecord before) {
            this.before = before;
            this.opening = before.opening;
            this.participants = before.participants;
            this.tracks = before.tracks;
            this.refused = before.refused;
            this.mix = before.mix;
            this.composite = before.composite;
            this.marks = before.marks;
            this.transcripts = before.transcripts;
            this.versions = before.versions;
            this.redactions = before.redactions;
            this.parts = before.parts;
            this.moments = before.moments;
            this.completeness = before.completeness;
            this.orders = before.orders;
            this.firstSpeechMicros = before.firstSpeechMicros;
        }

        CallRecord done() {
            return new CallRecord(
                    before.callId,
                    before.tenant,
                    opening,
                    participants,
                    tracks,
                    refused,
                    mix,
                    composite,
                    marks,
                    transcripts,
                    versions,
                    redactions,
                    parts,
                    moments,
                    completeness,
                    orders,
                    firstSpeechMicros);
        }
    }

    private CallRecord with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.done();
    }

    private static <K, V> Map<K, V> with(Map<K, V> map, K key, V value) {
        Map<K, V> next = new LinkedHashMap<>(map);
        next.put(key, value);
        return next;
    }

    /** An unchangeable copy that keeps the order of arrival, so that the same events give the same bytes. */
    private static <K, V> Map<K, V> kept(Map<K, V> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }
}

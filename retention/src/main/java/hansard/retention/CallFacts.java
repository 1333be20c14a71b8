package hansard.retention;

import hansard.wire.Artifact;
import hansard.wire.CallEvent;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a call from {@code calls} and {@code recording.artifacts}, in whatever order the two were read.
 *
 * @param identity null until its opening was read
 * @param streams announced
 * @param ended streams that will bring nothing more
 * @param objects keys in the store
 * @param originals by stream, those of the objects that are sealed under the track's own keys
 * @param discarding streams whose originals their policy does not keep, now that there is another sound without what was said
 */
record CallFacts(
        @Nullable CallIdentity identity,
        CallDates dates,
        SortedSet<String> streams,
        SortedSet<String> ended,
        SortedSet<String> objects,
        SortedMap<String, SortedSet<String>> originals,
        SortedSet<String> discarding) {
    static final CallFacts NONE = new CallFacts(
            null, CallDates.NONE, new TreeSet<>(), new TreeSet<>(), new TreeSet<>(), new TreeMap<>(), new TreeSet<>());

    CallFacts {
        streams = Collections.unmodifiableSortedSet(new TreeSet<>(streams));
        ended = Collections.unmodifiableSortedSet(new TreeSet<>(ended));
        objects = Collections.unmodifiableSortedSet(new TreeSet<>(objects));
        originals = Collections.unmodifiableSortedMap(new TreeMap<>(originals));
        discarding = Collections.unmodifiableSortedSet(new TreeSet<>(discarding));
    }

    boolean hasOpenStream() {
        return !ended.containsAll(streams);
    }

    CallFacts after(CallEvent event) {
        CallFacts heard = with(dates.heard(event.atMicros()));
        return switch (event) {
            case CallEvent.CallOpened e ->
                new CallFacts(
                        new CallIdentity(e.tenant(), e.callId(), e.department(), e.client()),
                        heard.dates.opened(e.atMicros()),
                        streams,
                        ended,
                        objects,
                        originals,
                        discarding);
            case CallEvent.StreamAnnounced e ->
                new CallFacts(
                        identity,
                        heard.dates,
                        plus(streams, e.stream().streamId()),
                        ended,
                        objects,
                        originals,
                        discarding);
            case CallEvent.StreamRekeyed e -> heard;
            case CallEvent.StreamEnded e -> heard.streamEnded(e.streamId());
            case CallEvent.CallClosed e ->
                new CallFacts(
                        identity,
                        heard.dates.closed(e.atMicros()),
                        plus(streams, e.streamIds()),
                        plus(ended, e.streamIds()),
                        objects,
                        originals,
                        discarding);
            case CallEvent.ParticipantJoined e -> heard;
            case CallEvent.ParticipantLeft e -> heard;
            case CallEvent.RecordingPaused e -> heard;
            case CallEvent.RecordingResumed e -> heard;
            case CallEvent.NoticePlayed e -> heard;
            case CallEvent.ParticipantChanged e -> heard;
        };
    }

    CallFacts after(Artifact artifact) {
        CallFacts heard = with(dates.heard(artifact.atMicros())).stored(objectOf(artifact));
        return switch (artifact) {
            case Artifact.TrackStored a ->
                heard.streamEnded(a.stream().streamId())
                        .original(a.stream().streamId(), a.files())
                        .discarding(a.stream().streamId(), false); // till its words are known
            case Artifact.TrackUnopened a -> heard.streamEnded(a.stream().streamId());
            case Artifact.TrackEmpty a -> heard.streamEnded(a.stream().streamId());
            case Artifact.FramesStored a -> heard.original(a.streamId(), a.object());
            case Artifact.PartStored a -> heard.original(a.streamId(), a.object());
            case Artifact.RecordingSealed a ->
                heard.with(heard.dates.sealed(a.firstMediaMicros(), a.lastMediaMicros()));
            case Artifact.TrackBegun a -> heard;
            case Artifact.MixStored a -> heard;
            case Artifact.CompositeProgress a -> heard;
            case Artifact.CompositeStored a -> heard;
            case Artifact.TranscriptStored a -> heard;
            case Artifact.HeardAgain a -> heard;
            case Artifact.RedactionDue a -> heard;
            case Artifact.RedactionStored a -> heard.stored(a.files()).discarding(a.streamId(), a.discardsOriginal());
            case Artifact.TracksComplete a -> heard;
            case Artifact.CoverageStored a -> heard;
            case Artifact.PartsComplete a -> heard;
            case Artifact.CompletenessStored a -> heard.stored(a.signature());
        };
    }

    /** The object that an artifact tells of, or null when it tells of none. */
    static Artifact.@Nullable StoredObject objectOf(Artifact artifact) {
        return switch (artifact) {
            case Artifact.TrackStored a -> a.object();
            case Artifact.FramesStored a -> a.object();
            case Artifact.PartStored a -> a.object();
            case Artifact.MixStored a -> a.object();
            case Artifact.CompositeStored a -> a.object();
            case Artifact.TranscriptStored a -> a.object();
            case Artifact.TrackBegun a -> null;
            case Artifact.HeardAgain a -> null;
            case Artifact.CompositeProgress a -> null;
            case Artifact.TrackUnopened a -> null;
            case Artifact.TrackEmpty a -> null;
            case Artifact.RedactionDue a -> null;
            case Artifact.RedactionStored a -> null;
            case Artifact.TracksComplete a -> null;
            case Artifact.CoverageStored a -> a.object();
            case Artifact.PartsComplete a -> null;
            case Artifact.CompletenessStored a -> a.object();
            case Artifact.RecordingSealed a -> null;
        };
    }

    private CallFacts with(CallDates changed) {
        return new CallFacts(identity, changed, streams, ended, objects, originals, discarding);
    }

    private CallFacts streamEnded(String streamId) {
        return new CallFacts(
                identity, dates, plus(streams, streamId), plus(ended, streamId), objects, originals, discarding);
    }

    private CallFacts stored(Artifact.@Nullable StoredObject object) {
        return object == null
                ? this
                : new CallFacts(
                        identity, dates, streams, ended, plus(objects, object.objectKey()), originals, discarding);
    }

    private CallFacts original(String streamId, Artifact.@Nullable StoredObject object) {
        if (object == null) {
            return this;
        }
        SortedMap<String, SortedSet<String>> more = new TreeMap<>(originals);
        more.merge(streamId, new TreeSet<>(List.of(object.objectKey())), CallFacts::plus);
        return new CallFacts(identity, dates, streams, ended, objects, more, discarding);
    }

    private CallFacts original(String streamId, List<Artifact.Segment> files) {
        CallFacts all = this;
        for (Artifact.Segment file : files) {
            for (Artifact.StoredObject object : file.objects()) {
                all = all.original(streamId, object).stored(object);
            }
        }
        return all;
    }

    private CallFacts discarding(String streamId, boolean its) {
        SortedSet<String> changed = new TreeSet<>(discarding);
        if (its) {
            changed.add(streamId);
        } else {
            changed.remove(streamId);
        }
        return new CallFacts(identity, dates, streams, ended, objects, originals, changed);
    }

    private CallFacts stored(List<Artifact.Segment> files) {
        CallFacts all = this;
        for (Artifact.Segment file : files) {
            for (Artifact.StoredObject object : file.objects()) {
                all = all.stored(object);
            }
        }
        return all;
    }

    private static SortedSet<String> plus(SortedSet<String> set, String one) {
        return plus(set, List.of(one));
    }

    private static SortedSet<String> plus(SortedSet<String> set, Collection<String> more) {
        SortedSet<String> all = new TreeSet<>(set);
        all.addAll(more);
        return all;
    }
}

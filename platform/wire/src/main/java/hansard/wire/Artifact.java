package hansard.wire;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import hansard.runtime.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What exists of a recording, on {@link Topics#RECORDING_ARTIFACTS}. A repeat of the same part replaces the earlier one; of a track, one
 * of a later generation does (see {@link FrameRecord}), and one of an earlier generation is not heeded.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(Artifact.TrackBegun.class),
    @JsonSubTypes.Type(Artifact.TrackStored.class),
    @JsonSubTypes.Type(Artifact.TrackUnopened.class),
    @JsonSubTypes.Type(Artifact.TrackEmpty.class),
    @JsonSubTypes.Type(Artifact.FramesStored.class),
    @JsonSubTypes.Type(Artifact.CoverageStored.class),
    @JsonSubTypes.Type(Artifact.PartStored.class),
    @JsonSubTypes.Type(Artifact.RedactionDue.class),
    @JsonSubTypes.Type(Artifact.RedactionStored.class),
    @JsonSubTypes.Type(Artifact.TracksComplete.class),
    @JsonSubTypes.Type(Artifact.MixStored.class),
    @JsonSubTypes.Type(Artifact.TranscriptStored.class),
    @JsonSubTypes.Type(Artifact.HeardAgain.class),
    @JsonSubTypes.Type(Artifact.CompositeProgress.class),
    @JsonSubTypes.Type(Artifact.CompositeStored.class),
    @JsonSubTypes.Type(Artifact.PartsComplete.class),
    @JsonSubTypes.Type(Artifact.CompletenessStored.class),
    @JsonSubTypes.Type(Artifact.RecordingSealed.class)
})
public sealed interface Artifact {
    String tenant();

    String callId();

    /** When the producer made it. */
    long atMicros();

    default byte[] toBytes() {
        return Json.bytes(this);
    }

    static Artifact fromBytes(byte[] json) {
        Artifact artifact = Json.read(json, Artifact.class);
        return Names.checked(artifact, artifact.tenant(), artifact.callId());
    }

    /**
     * An object in the store.
     *
     * @param objectKey its name in the store
     * @param sha256 of the sealed bytes as stored, lower-case hex
     * @param length of the sealed bytes
     * @param contentType of what is inside, such as {@code video/webm}
     */
    record StoredObject(String objectKey, String sha256, long length, String contentType) {}

    /**
     * The first frame of a track is there: from here on the call's clock can be told while the call goes on. From transcode.
     *
     * @param startMicros of that frame
     */
    record TrackBegun(String tenant, String callId, long atMicros, StreamDescription stream, long startMicros)
            implements Artifact {}

    /**
     * One track, playable, not re-encoded. From transcode.
     *
     * @param unopened frames of it that are not in the file because they are still sealed end to end
     * @param object the file; of several segments the first one's
     * @param segments in order, where the sender changed its codec in mid-stream; empty for a track in one file, of the stream's codec
     * @param withheld what was said is to be looked at first: people hear of it what its {@link RedactionStored} says, and until that is there
     *     nothing
     */
    record TrackStored(
            String tenant,
            String callId,
            long atMicros,
            StreamDescription stream,
            long generation,
            StreamAccount account,
            long startMicros,
            long durationMicros,
            long unopened,
            StoredObject object,
            List<Segment> segments,
            Boolean withheld)
            implements Artifact {
        public TrackStored {
            segments = segments == null ? List.of() : List.copyOf(segments); // absent in what earlier releases wrote
            withheld = withheld != null && withheld; // likewise absent
        }

        /** Whose sound nobody looks at. */
        public TrackStored(
                String tenant,
                String callId,
                long atMicros,
                StreamDescription stream,
                long generation,
                StreamAccount account,
                long startMicros,
                long durationMicros,
                long unopened,
                StoredObject object,
                List<Segment> segments) {
            this(
                    tenant,
                    callId,
                    atMicros,
                    stream,
                    generation,
                    account,
                    startMicros,
                    durationMicros,
                    unopened,
                    object,
                    segments,
                    false);
        }

        /** Of one file, of the codec that the stream was announced with. */
        public TrackStored(
                String tenant,
                String callId,
                long atMicros,
                StreamDescription stream,
                long generation,
                StreamAccount account,
                long startMicros,
                long durationMicros,
                long unopened,
                StoredObject object) {
            this(
                    tenant,
                    callId,
                    atMicros,
                    stream,
                    generation,
                    account,
                    startMicros,
                    durationMicros,
                    unopened,
                    object,
                    List.of());
        }

        /** The files that the track consists of, one at the least. */
        public List<Segment> files() {
            return segments.isEmpty()
                    ? List.of(new Segment(stream.codec(), stream.channels(), startMicros, durationMicros, object, null))
                    : segments;
        }
    }

    /**
     * What of a track is in one codec, and in one file.
     *
     * @param channels audio channels; 0 for video
     * @param playable the same in a form that browsers play, where they do not play it as it came; else null
     */
    record Segment(
            String codec,
            int channels,
            long startMicros,
            long durationMicros,
            StoredObject object,
            @Nullable StoredObject playable) {
        /** What is stored of it. */
        public List<StoredObject> objects() {
            return playable == null ? List.of(object) : List.of(object, playable);
        }
    }

    /**
     * A track of which no frame can be opened: it is sealed end to end, and its key was not released. From transcode.
     *
     * @param startMicros of its first frame
     * @param durationMicros from the first frame to the last
     * @param unopened how many frames
     */
    record TrackUnopened(
            String tenant,
            String callId,
            long atMicros,
            StreamDescription stream,
            long generation,
            StreamAccount account,
            long startMicros,
            long durationMicros,
            long unopened)
            implements Artifact {}

    /** A stream that was announced and gave no media, and why. From transcode. */
    record TrackEmpty(
            String tenant,
            String callId,
            long atMicros,
            StreamDescription stream,
            long generation,
            StreamAccount account,
            String reason)
            implements Artifact {}

    /**
     * Something that goes with a track, before the track's own artifact. From transcode.
     *
     * @param generation of the track that it was made with
     */
    record PartStored(
            String tenant,
            String callId,
            long atMicros,
            String streamId,
            long generation,
            Part part,
            long count,
            StoredObject object)
            implements Artifact {}

    /** What may go with a track. */
    enum Part {
        /** The track in a form that browsers play, where they do not play it as it came; {@code count} packets. */
        PLAYABLE,
        /** {@code count} packets that nobody here can read, as an rtpdump file: of codecs that are not known, and types not announced. */
        PACKETS,
        /** {@code count} telephone events (RFC 4733) as {@link ToneEvent.OfTrack} writes them: content, like speech. */
        TONES
    }

    /**
     * The frames of a track as they came, some or all of them sealed end to end: what it is made anew from when the key is released.
     * Before the track's own artifact. From transcode.
     *
     * @param object laid out as {@link KeptFrames} says
     */
    record FramesStored(String tenant, String callId, long atMicros, String streamId, StoredObject object)
            implements Artifact {}

    /**
     * What a track's packets tell of its time, for the completeness of the call. Before the track's own artifact. From transcode.
     *
     * @param object laid out as {@link TrackCoverage} says
     */
    record CoverageStored(
            String tenant, String callId, long atMicros, String streamId, long generation, StoredObject object)
            implements Artifact {}

    /**
     * A track and its transcript are there, and something was said on it that people may not hear: the track is to be made once more
     * without it. From transcode.
     *
     * @param policy why, in a word, for the record
     * @param silent what is to be silent, in order
     */
    record RedactionDue(
            String tenant, String callId, long atMicros, TrackStored track, String policy, List<Redaction> silent)
            implements Artifact {
        public RedactionDue {
            silent = List.copyOf(silent);
        }
    }

    /**
     * What people may hear of a track that was withheld. From transcode.
     *
     * @param generation of the track
     * @param silent what is silent; empty when the track is given as it is
     * @param files the track's, in the same order, without what was said there; sealed under keys of their own. Empty when nothing is silent,
     *     or when they could not be made
     * @param failure why they could not be made, so that the track stays withheld; else empty
     */
    record RedactionStored(
            String tenant,
            String callId,
            long atMicros,
            String streamId,
            long generation,
            String policy,
            List<Redaction> silent,
            List<Segment> files,
            String failure)
            implements Artifact {
        /** The policy under which the sound as it came is not kept. */
        public static final String DISCARD_ORIGINAL = "discard-original";

        public RedactionStored {
            silent = List.copyOf(silent);
            files = List.copyOf(files);
        }

        /** Whether the sound as it came is not to be kept, now that there is another without what was said. */
        public boolean discardsOriginal() {
            return policy.equals(DISCARD_ORIGINAL) && !files.isEmpty();
        }

        /** Nothing was said that may not be heard: the track is given as it is. */
        public boolean nothingRemoved() {
            return silent.isEmpty() && failure.isEmpty();
        }
    }

    /**
     * Every stream of the closed call is stored, unopened or known to be empty, and it is known what people may hear of it: the mix can be
     * made. From transcode.
     *
     * @param round 0 when the call ended; one more each time a track was made anew
     * @param redactions of the tracks that were withheld
     */
    record TracksComplete(
            String tenant,
            String callId,
            long atMicros,
            int round,
            List<TrackStored> tracks,
            List<RedactionStored> redactions)
            implements Artifact {
        public TracksComplete {
            tracks = List.copyOf(tracks);
            redactions =
                    redactions == null ? List.of() : List.copyOf(redactions); // absent in what earlier releases wrote
        }

        /** Of a call of which no track was withheld. */
        public TracksComplete(String tenant, String callId, long atMicros, int round, List<TrackStored> tracks) {
            this(tenant, callId, atMicros, round, tracks, List.of());
        }
    }

    /**
     * All speakers in one audio file, on the call's timeline. From transcode.
     *
     * @param round of the tracks it was made from
     * @param object null when no track had audio
     */
    record MixStored(
            String tenant,
            String callId,
            long atMicros,
            int round,
            long startMicros,
            long durationMicros,
            @Nullable StoredObject object)
            implements Artifact {}

    /**
     * A track's transcript is complete. From transcribe.
     *
     * @param generation of the track that was heard
     * @param utterances how many final ones it has
     * @param redactions what was said that may not be kept readable, in order; they may touch one another
     * @param unheard what of its speech has no words, in order
     * @param hearing in which it was made
     */
    record TranscriptStored(
            String tenant,
            String callId,
            long atMicros,
            String streamId,
            long generation,
            long utterances,
            StoredObject object,
            List<Redaction> redactions,
            List<Unheard> unheard,
            Hearing hearing)
            implements Artifact {
        public TranscriptStored { // earlier releases wrote none of the last three
            redactions = redactions == null ? List.of() : List.copyOf(redactions);
            unheard = unheard == null ? List.of() : List.copyOf(unheard);
            hearing = Hearing.known(hearing);
        }

        /** Of the first hearing. */
        public TranscriptStored(
                String tenant,
                String callId,
                long atMicros,
                String streamId,
                long generation,
                long utterances,
                StoredObject object,
                List<Redaction> redactions,
                List<Unheard> unheard) {
            this(
                    tenant,
                    callId,
                    atMicros,
                    streamId,
                    generation,
                    utterances,
                    object,
                    redactions,
                    unheard,
                    Hearing.FIRST);
        }

        /** Of a track all of whose speech has words. */
        public TranscriptStored(
                String tenant,
                String callId,
                long atMicros,
                String streamId,
                long generation,
                long utterances,
                StoredObject object,
                List<Redaction> redactions) {
            this(tenant, callId, atMicros, streamId, generation, utterances, object, redactions, List.of());
        }

        /** Of such a track on which nothing had to be removed. */
        public TranscriptStored(
                String tenant,
                String callId,
                long atMicros,
                String streamId,
                long generation,
                long utterances,
                StoredObject object) {
            this(tenant, callId, atMicros, streamId, generation, utterances, object, List.of());
        }
    }

    /**
     * The sound of a sealed recording is given to the recogniser once more, as it was ordered. Said when it is begun and again when all of it
     * is on {@code media.speech}; the transcripts of this hearing are there once each of the tracks has its {@link TranscriptStored}. From
     * transcode.
     *
     * @param by who ordered it
     * @param reason why, in their words
     * @param streamIds the tracks that are heard, in order
     * @param failure why it could not be; else empty
     */
    record HeardAgain(
            String tenant,
            String callId,
            long atMicros,
            Hearing hearing,
            String by,
            String reason,
            List<String> streamIds,
            String failure)
            implements Artifact {
        public HeardAgain {
            streamIds = List.copyOf(streamIds);
        }
    }

    /**
     * Tracks, mix and transcripts of the round are there: the call's completeness can be stated. From transcode.
     *
     * @param history what the connector said of the call, in the order in which it became known
     * @param parts the artifacts of which the recording consists: of each track its last, the mix, the transcripts
     */
    record PartsComplete(
            String tenant, String callId, long atMicros, int round, List<CallEvent> history, List<Artifact> parts)
            implements Artifact {
        public PartsComplete {
            history = List.copyOf(history);
            parts = List.copyOf(parts);
        }
    }

    /**
     * How whole the recording is has been written down and signed. From transcode.
     *
     * @param verdict of the call
     * @param tracks verdicts by stream
     * @param object the {@link Completeness}, sealed; null when the call's keys were destroyed before it could be
     * @param signature the signed {@link RecordManifest}; null when nothing could sign it
     * @param signer who signed, or why nobody could
     */
    record CompletenessStored(
            String tenant,
            String callId,
            long atMicros,
            int round,
            Completeness.Verdict verdict,
            Map<String, Completeness.Verdict> tracks,
            @Nullable StoredObject object,
            @Nullable StoredObject signature,
            String signer)
            implements Artifact {
        public CompletenessStored {
            tracks = Map.copyOf(tracks);
        }
    }

    /** The recording is whole: tracks, mix, transcripts and completeness are durable. Again after a track was made anew. From transcode. */
    record RecordingSealed(
            String tenant, String callId, long atMicros, long closedMicros, long firstMediaMicros, long lastMediaMicros)
            implements Artifact {}

    /**
     * How far a composite is that was ordered. From transcode.
     *
     * @param thousandths 0 to 1000
     */
    record CompositeProgress(String tenant, String callId, long atMicros, String orderId, int thousandths)
            implements Artifact {}

    /**
     * A composite that was ordered: one picture of all participants, with the mix. From transcode.
     *
     * @param object null when it could not be made
     * @param reason why not; empty otherwise
     */
    record CompositeStored(
            String tenant,
            String callId,
            long atMicros,
            String orderId,
            long startMicros,
            long durationMicros,
            @Nullable StoredObject object,
            String reason)
            implements Artifact {}
}

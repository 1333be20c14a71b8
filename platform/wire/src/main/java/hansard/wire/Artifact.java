package hansard.wire;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import hansard.runtime.Json;
import java.util.List;

/** What exists of a recording, on {@link Topics#RECORDING_ARTIFACTS}. A repeat of the same part replaces the earlier one. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(Artifact.TrackBegun.class),
    @JsonSubTypes.Type(Artifact.TrackStored.class),
    @JsonSubTypes.Type(Artifact.TrackEmpty.class),
    @JsonSubTypes.Type(Artifact.TracksComplete.class),
    @JsonSubTypes.Type(Artifact.MixStored.class),
    @JsonSubTypes.Type(Artifact.TranscriptStored.class),
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

    /** One track, playable, not re-encoded. From transcode. */
    record TrackStored(
            String tenant,
            String callId,
            long atMicros,
            StreamDescription stream,
            StreamAccount account,
            long startMicros,
            long durationMicros,
            StoredObject object)
            implements Artifact {}

    /** A stream that was announced and gave no media, and why. From transcode. */
    record TrackEmpty(
            String tenant, String callId, long atMicros, StreamDescription stream, StreamAccount account, String reason)
            implements Artifact {}

    /** Every stream of the closed call is stored or known to be empty: the mix can be made. From transcode. */
    record TracksComplete(String tenant, String callId, long atMicros, List<TrackStored> tracks) implements Artifact {
        public TracksComplete {
            tracks = List.copyOf(tracks);
        }
    }

    /**
     * All speakers in one audio file, on the call's timeline. From transcode.
     *
     * @param object null when no track had audio
     */
    record MixStored(
            String tenant,
            String callId,
            long atMicros,
            long startMicros,
            long durationMicros,
            @org.jspecify.annotations.Nullable StoredObject object)
            implements Artifact {}

    /**
     * A track's transcript is complete. From transcribe.
     *
     * @param utterances how many final ones it has
     */
    record TranscriptStored(
            String tenant, String callId, long atMicros, String streamId, long utterances, StoredObject object)
            implements Artifact {}

    /** The recording is whole: tracks, mix and transcripts are durable. From transcode. */
    record RecordingSealed(
            String tenant, String callId, long atMicros, long closedMicros, long firstMediaMicros, long lastMediaMicros)
            implements Artifact {}
}

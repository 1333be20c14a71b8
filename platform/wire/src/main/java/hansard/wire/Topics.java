package hansard.wire;

import java.util.List;

/** The topics' names. Those keyed by stream have the same number of partitions, as have those keyed by call. */
public final class Topics {
    /** key callId, value {@link CallEvent} (JSON). */
    public static final String CALLS = "calls";
    /** key streamId, value {@link SealedSessionKeys} (JSON); a tombstone when the call is sealed. Compacted. */
    public static final String SESSION_KEYS = "session.keys";
    /** key streamId, value {@link SrtpRecord} (binary). Ciphertext only. */
    public static final String MEDIA_SRTP = "media.srtp";
    /** key streamId, value {@link FrameRecord} (binary). Frames sealed under the track's data key. */
    public static final String MEDIA_FRAMES = "media.frames";
    /** key streamId, value {@link Rejected} (JSON). */
    public static final String MEDIA_REJECTED = "media.rejected";
    /** key streamId, value {@link SpeechRecord} (binary). Speech sealed under the track's data key. */
    public static final String MEDIA_SPEECH = "media.speech";
    /** key callId, value {@link Utterance} (JSON), its text sealed under the track's data key. */
    public static final String TRANSCRIPTS = "transcripts";
    /** key callId, value {@link Artifact} (JSON). */
    public static final String RECORDING_ARTIFACTS = "recording.artifacts";
    /** key callId, value {@link RecordingOrder} (JSON). */
    public static final String RECORDING_ORDERS = "recording.orders";
    /** key callId, value {@link RetentionOrder} (JSON). */
    public static final String RETENTION_ORDERS = "retention.orders";
    /** key callId, value {@link Receipt} (JSON). */
    public static final String RETENTION_RECEIPTS = "retention.receipts";
    /** key tenant, value {@link AuditEvent} (JSON). */
    public static final String AUDIT_EVENTS = "audit.events";

    public static final List<String> ALL = List.of(
            CALLS,
            SESSION_KEYS,
            MEDIA_SRTP,
            MEDIA_FRAMES,
            MEDIA_REJECTED,
            MEDIA_SPEECH,
            TRANSCRIPTS,
            RECORDING_ARTIFACTS,
            RECORDING_ORDERS,
            RETENTION_ORDERS,
            RETENTION_RECEIPTS,
            AUDIT_EVENTS);

    private Topics() {}
}

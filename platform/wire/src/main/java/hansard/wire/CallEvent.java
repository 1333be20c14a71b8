package hansard.wire;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import hansard.runtime.Json;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What happened to a call, on {@link Topics#CALLS}. A repeat has the same {@code eventId} and changes nothing. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(CallEvent.CallOpened.class),
    @JsonSubTypes.Type(CallEvent.ParticipantJoined.class),
    @JsonSubTypes.Type(CallEvent.ParticipantLeft.class),
    @JsonSubTypes.Type(CallEvent.StreamAnnounced.class),
    @JsonSubTypes.Type(CallEvent.StreamRekeyed.class),
    @JsonSubTypes.Type(CallEvent.StreamEnded.class),
    @JsonSubTypes.Type(CallEvent.RecordingPaused.class),
    @JsonSubTypes.Type(CallEvent.RecordingResumed.class),
    @JsonSubTypes.Type(CallEvent.NoticePlayed.class),
    @JsonSubTypes.Type(CallEvent.ParticipantChanged.class),
    @JsonSubTypes.Type(CallEvent.CallClosed.class)
})
public sealed interface CallEvent {
    String eventId();

    String tenant();

    String callId();

    /** When it happened, as the ingest knew it. */
    long atMicros();

    default byte[] toBytes() {
        return Json.bytes(this);
    }

    static CallEvent fromBytes(byte[] json) {
        CallEvent event = Json.read(json, CallEvent.class);
        return Names.checked(event, event.tenant(), event.callId());
    }

    /**
     * @param title what people call it, may be empty
     * @param department whose call it is
     * @param client the customer whose conversation it is, may be empty
     */
    record CallOpened(
            String eventId,
            String tenant,
            String callId,
            long atMicros,
            String title,
            String department,
            String client,
            Map<String, String> labels)
            implements CallEvent {
        public CallOpened {
            labels = Map.copyOf(labels);
        }
    }

    /** @param user the account that this person signs in with, empty for outsiders */
    record ParticipantJoined(
            String eventId,
            String tenant,
            String callId,
            long atMicros,
            String participantId,
            String displayName,
            String user)
            implements CallEvent {}

    record ParticipantLeft(String eventId, String tenant, String callId, long atMicros, String participantId)
            implements CallEvent {}

    /** @param keyDigest SHA-256 of the master key it was announced with, as sealed: tells a repeat from another key, opens nothing */
    record StreamAnnounced(
            String eventId, String tenant, String callId, long atMicros, StreamDescription stream, String keyDigest)
            implements CallEvent {
        public StreamAnnounced {
            keyDigest = Objects.requireNonNullElse(keyDigest, ""); // records of before there were digests
        }
    }

    /** The stream has another master key besides those it had. {@code keyDigest} as above. */
    record StreamRekeyed(String eventId, String tenant, String callId, long atMicros, String streamId, String keyDigest)
            implements CallEvent {}

    record StreamEnded(String eventId, String tenant, String callId, long atMicros, String streamId, String reason)
            implements CallEvent {}

    /**
     * From here on nothing is kept.
     *
     * @param by who asked for it
     * @param participants whose streams it is about; empty for the whole call
     */
    record RecordingPaused(
            String eventId,
            String tenant,
            String callId,
            long atMicros,
            String by,
            String reason,
            List<String> participants)
            implements CallEvent {
        public RecordingPaused {
            participants = List.copyOf(Objects.requireNonNullElse(participants, List.of()));
        }

        /** Of the whole call. */
        public RecordingPaused(String eventId, String tenant, String callId, long atMicros, String by, String reason) {
            this(eventId, tenant, callId, atMicros, by, reason, List.of());
        }
    }

    /** Recording goes on. {@code participants} as above. */
    record RecordingResumed(
            String eventId, String tenant, String callId, long atMicros, String by, List<String> participants)
            implements CallEvent {
        public RecordingResumed {
            participants = List.copyOf(Objects.requireNonNullElse(participants, List.of()));
        }

        /** Of the whole call. */
        public RecordingResumed(String eventId, String tenant, String callId, long atMicros, String by) {
            this(eventId, tenant, callId, atMicros, by, List.of());
        }
    }

    /** What a connector may say of a participant between joining and leaving. */
    enum Change {
        MUTED,
        UNMUTED,
        SCREEN_STARTED,
        SCREEN_STOPPED,
        HELD,
        UNHELD
    }

    /**
     * The media server says that a participant's media changed.
     *
     * @param atMicros when it happened, as the connector says
     * @param kind which media; null for all
     */
    record ParticipantChanged(
            String eventId,
            String tenant,
            String callId,
            long atMicros,
            String participantId,
            Change change,
            @Nullable MediaKind kind)
            implements CallEvent {
        public ParticipantChanged {
            Objects.requireNonNull(participantId, "participantId");
            Objects.requireNonNull(change, "change");
        }
    }

    /** The participants were told that the call is recorded. */
    record NoticePlayed(String eventId, String tenant, String callId, long atMicros, String notice)
            implements CallEvent {}

    /** The call is over; every stream in the list has ended. */
    record CallClosed(
            String eventId, String tenant, String callId, long atMicros, String reason, List<String> streamIds)
            implements CallEvent {
        public CallClosed {
            streamIds = List.copyOf(streamIds);
        }
    }
}

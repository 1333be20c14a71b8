package hansard.retention;

import hansard.wire.Artifact;
import hansard.wire.CallEvent;
import hansard.wire.MediaKind;
import hansard.wire.Redaction;
import hansard.wire.RetentionOrder.HoldPlaced;
import hansard.wire.RetentionOrder.HoldReleased;
import hansard.wire.RetentionOrder.PurgeOrdered;
import hansard.wire.StreamAccount;
import hansard.wire.StreamDescription;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** A call's records, as the other stages write them. */
final class Events {
    static final String TENANT = "default";

    private Events() {}

    static long micros(Instant at) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, at);
    }

    static CallEvent opened(String callId, Instant at) {
        return new CallEvent.CallOpened(
                callId + "-1", TENANT, callId, micros(at), "A call", "trading", "acme", Map.of());
    }

    static CallEvent announced(String callId, String streamId, Instant at) {
        return new CallEvent.StreamAnnounced(
                callId + "-2-" + streamId, TENANT, callId, micros(at), stream(callId, streamId), "");
    }

    static CallEvent closed(String callId, Instant at, String... streamIds) {
        return new CallEvent.CallClosed(callId + "-3", TENANT, callId, micros(at), "ended", List.of(streamIds));
    }

    static Artifact stored(String callId, String streamId, Instant at) {
        return new Artifact.TrackStored(
                TENANT,
                callId,
                micros(at),
                stream(callId, streamId),
                0,
                StreamAccount.EMPTY,
                micros(at),
                1_000_000,
                0,
                new Artifact.StoredObject(TENANT + "/" + callId + "/" + streamId + ".webm", "00", 1, "audio/webm"));
    }

    /** Without a card number in another file, whose policy does not keep the first. */
    static Artifact redacted(String callId, String streamId, Instant at) {
        return new Artifact.RedactionStored(
                TENANT,
                callId,
                micros(at),
                streamId,
                0,
                Artifact.RedactionStored.DISCARD_ORIGINAL,
                List.of(new Redaction(micros(at), micros(at) + 1, Redaction.Kind.CARD_NUMBER)),
                List.of(new Artifact.Segment(
                        "opus",
                        2,
                        micros(at),
                        1_000_000,
                        new Artifact.StoredObject(
                                TENANT + "/" + callId + "/" + streamId + ".redacted/0.webm", "01", 1, "audio/webm"),
                        null)),
                "");
    }

    static Artifact pressed(String callId, String streamId, Instant at) {
        return new Artifact.PartStored(
                TENANT,
                callId,
                micros(at),
                streamId,
                0,
                Artifact.Part.TONES,
                1,
                new Artifact.StoredObject(
                        TENANT + "/" + callId + "/" + streamId + ".tones", "02", 1, "application/json"));
    }

    static Artifact sealed(String callId, Instant at) {
        return new Artifact.RecordingSealed(
                TENANT, callId, micros(at), micros(at), micros(at) - 60_000_000, micros(at));
    }

    static HoldPlaced hold(String callId, String holdId) {
        return new HoldPlaced(holdId + "-order", TENANT, callId, 1, holdId, "olivia", "an inquiry");
    }

    static HoldReleased release(String callId, String holdId) {
        return new HoldReleased(holdId + "-release", TENANT, callId, 2, holdId, "olivia", "it is over");
    }

    static PurgeOrdered purge(String callId) {
        return new PurgeOrdered(callId + "-purge", TENANT, callId, 3, "default, keep 90d");
    }

    static StreamDescription stream(String callId, String streamId) {
        return new StreamDescription(
                streamId,
                callId,
                TENANT,
                "p1",
                MediaKind.AUDIO,
                "opus",
                48_000,
                2,
                Map.of(111, "opus"),
                Map.of(),
                StreamDescription.Srtp.fresh("AES_CM_128_HMAC_SHA1_80"),
                null,
                5000,
                false,
                "",
                "");
    }
}

package hansard.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import hansard.wire.Artifact;
import hansard.wire.CallEvent;
import hansard.wire.MediaKind;
import hansard.wire.StreamAccount;
import hansard.wire.StreamDescription;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where the call's clock is zero, while the call goes on. */
class CallClockTest {
    private static final long OPENED = 1_000_000;
    private static final long FIRST_FRAME = 2_500_000;

    private static StreamDescription stream(String id) {
        return new StreamDescription(
                id,
                "call",
                "default",
                "p0",
                MediaKind.AUDIO,
                "opus",
                48_000,
                2,
                Map.of(111, "opus"),
                Map.of(),
                StreamDescription.Srtp.fresh("AES_CM_128_HMAC_SHA1_80"),
                null,
                20_000,
                false,
                "",
                "");
    }

    private static CallRecord opened() {
        return CallRecord.unknown("default", "call")
                .apply(new CallEvent.CallOpened("e", "default", "call", OPENED, "", "", "", Map.of()));
    }

    private static Artifact.TrackBegun begun(String id, long startMicros) {
        return new Artifact.TrackBegun("default", "call", startMicros + 1, stream(id), startMicros);
    }

    @Test
    void theFirstFrameIsZeroAsSoonAsItIsThere() {
        CallRecord live = opened();
        assertEquals(OPENED, live.zeroMicros());
        live = live.apply(begun("second", FIRST_FRAME + 700)).apply(begun("first", FIRST_FRAME));
        assertEquals(FIRST_FRAME, live.zeroMicros());
        assertNull(live.tracks().get("first").object(), "a track that has begun is not stored yet");
    }

    @Test
    void aTrackThatIsMadeAgainDoesNotForgetThatItWasStored() {
        Artifact.StoredObject object = new Artifact.StoredObject("k", "00", 1, "audio/webm");
        CallRecord stored = opened().apply(new Artifact.TrackStored(
                        "default", "call", 9, stream("first"), 0, StreamAccount.EMPTY, FIRST_FRAME, 1_000, 0, object))
                .apply(begun("first", FIRST_FRAME));
        assertEquals(object, stored.tracks().get("first").object());
    }
}

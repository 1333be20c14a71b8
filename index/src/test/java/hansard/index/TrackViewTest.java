package hansard.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.wire.Artifact;
import hansard.wire.CallEvent;
import hansard.wire.MediaContent;
import hansard.wire.MediaKind;
import hansard.wire.RejectReason;
import hansard.wire.StreamAccount;
import hansard.wire.StreamDescription;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tracks as people see them: what they show, the files they are in, what of them nobody can read, and those that do not come. */
class TrackViewTest {
    private static final long OPENED = 1_795_132_800_000_000L;
    private static final long SECOND = 1_000_000;

    private static StreamDescription video(String id, Map<Integer, String> types, MediaContent content) {
        return new StreamDescription(
                        id,
                        "call",
                        "default",
                        "anna",
                        MediaKind.VIDEO,
                        "vp8",
                        90_000,
                        0,
                        types,
                        Map.of(),
                        StreamDescription.Srtp.fresh("AES_CM_128_HMAC_SHA1_80"),
                        null,
                        20_000,
                        false,
                        "",
                        "")
                .of(content, null);
    }

    private static CallRecord opened(StreamDescription stream) {
        return CallRecord.unknown("default", "call")
                .apply(new CallEvent.CallOpened("e", "default", "call", OPENED, "", "", "", Map.of()))
                .apply(new CallEvent.StreamAnnounced("a", "default", "call", OPENED, stream, ""));
    }

    private static Artifact.StoredObject object(String key, String type) {
        return new Artifact.StoredObject(key, "00", 1, type);
    }

    @Test
    void aScreenIsCalledThatAndATrackOfSeveralFilesNamesEach() {
        StreamDescription stream = video("v", Map.of(96, "vp8", 102, "h264"), MediaContent.SCREEN);
        List<Artifact.Segment> segments = List.of(
                new Artifact.Segment("vp8", 0, OPENED, 2 * SECOND, object("default/call/v.webm", "video/webm"), null),
                new Artifact.Segment(
                        "h264",
                        0,
                        OPENED + 2 * SECOND,
                        3 * SECOND,
                        object("default/call/v.segments/1.mp4", "video/mp4"),
                        null));
        CallRecord call = opened(stream)
                .apply(new Artifact.TrackStored(
                        "default",
                        "call",
                        9,
                        stream,
                        0,
                        StreamAccount.EMPTY,
                        OPENED,
                        5 * SECOND,
                        0,
                        segments.getFirst().object(),
                        segments));
        TrackView view = TrackView.of(call).getFirst();
        assertEquals("screen", view.content());
        assertEquals("vp8, h264", view.codec());
        List<TrackView.SegmentView> files = view.segments();
        assertEquals(2, files == null ? 0 : files.size());
        assertEquals(
                new TrackView.SegmentView(
                        "h264",
                        2_000,
                        3_000,
                        "video/mp4",
                        "/v1/recordings/call/media/v?segment=1",
                        "default/call/v.segments/1.mp4",
                        "00"),
                files == null ? null : files.get(1));
    }

    @Test
    void packetsOfACodecThatIsNotKnownAreSaidToBeKept() {
        StreamDescription stream =
                video("v", Map.of(96, "vp8", 98, "vvc/90000", 97, "rtx;apt=96"), MediaContent.CAMERA);
        CallRecord call = opened(stream)
                .apply(new Artifact.PartStored(
                        "default",
                        "call",
                        9,
                        "v",
                        0,
                        Artifact.Part.PACKETS,
                        12,
                        object("default/call/v.packets", "application/x-rtpdump")))
                .apply(new Artifact.TrackStored(
                        "default",
                        "call",
                        9,
                        stream,
                        0,
                        new StreamAccount(13, 1, Map.of(RejectReason.UNSUPPORTED, 12L), 0, 13, 0),
                        OPENED,
                        SECOND,
                        0,
                        object("default/call/v.webm", "video/webm")));
        TrackView view = TrackView.of(call).getFirst();
        assertEquals("codec vvc is not known to this version; 12 packets kept sealed", view.kept());
        assertNull(view.segments());
        assertEquals("vp8", view.codec());
    }

    @Test
    void aStreamThatDoesNotComeIsAnAlarmWhileTheCallGoesOn() {
        CallRecord call = opened(video("v", Map.of(96, "vp8"), MediaContent.SCREEN));
        assertEquals(List.of(), AlarmView.of(call, OPENED + 29 * SECOND));
        AlarmView alarm = AlarmView.of(call, OPENED + 45 * SECOND).getFirst();
        assertNull(alarm.reason());
        assertTrue(
                alarm.message().startsWith("Nothing has come of the screen of anna (v), which was announced 45 s ago"));
        CallRecord paused = call.apply(
                new CallEvent.RecordingPaused("p", "default", "call", OPENED + 5 * SECOND, "anna", "card number"));
        assertEquals(List.of(), AlarmView.of(paused, OPENED + 45 * SECOND));
        CallRecord begun = call.apply(new Artifact.TrackBegun(
                "default", "call", OPENED, video("v", Map.of(96, "vp8"), MediaContent.SCREEN), OPENED + SECOND));
        assertEquals(List.of(), AlarmView.of(begun, OPENED + 45 * SECOND));
        CallRecord closed =
                call.apply(new CallEvent.CallClosed("c", "default", "call", OPENED + 46 * SECOND, "", List.of("v")));
        assertEquals(List.of(), AlarmView.of(closed, OPENED + 47 * SECOND));
    }
}

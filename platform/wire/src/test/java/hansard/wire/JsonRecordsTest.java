package hansard.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonRecordsTest {
    private static final Artifact.StoredObject OBJECT =
            new Artifact.StoredObject("acme/c/s.webm", "00ff", 5, "audio/webm");
    private static final Artifact.TrackStored TRACK =
            new Artifact.TrackStored("acme", "c", 1, RecordsTest.STREAM, 9, RecordsTest.ACCOUNT, 2, 3, 4, OBJECT);

    private static final Artifact.RedactionStored REDACTED = new Artifact.RedactionStored(
            "acme",
            "c",
            1,
            "s",
            9,
            "keep-original",
            List.of(new Redaction(2, 3, Redaction.Kind.UNHEARD)),
            List.of(new Artifact.Segment("opus", 2, 2, 3, OBJECT, null)),
            "");

    private static final Completeness.Verdict VERDICT = new Completeness.Verdict(
            Completeness.State.GAPS, "complete but for 1.0 s lost in 1 gap", 999, 9, 1, 1, 1, 0, 0);

    /** Whoever made it knew nothing of what has no place in time, nor of noise. */
    @Test
    void coverageOfAnEarlierReleaseIsRead() {
        TrackCoverage read = TrackCoverage.fromBytes("""
                {"streamId":"s","generation":0,"stretches":[{"content":"SPEECH","startMicros":1,"endMicros":2}],
                "losses":[],"pauses":[],"refusals":[],"endedMicros":3}""".getBytes(UTF_8));
        assertEquals(List.of(), read.unplaced());
        assertEquals(List.of(), read.noise());
        assertEquals(TrackCoverage.Mended.NOTHING, read.mended());
        assertEquals(read, TrackCoverage.fromBytes(read.toBytes()));
    }

    @Test
    void callEventsComeBackTheSame() {
        for (CallEvent event : List.of(
                new CallEvent.CallOpened("e", "acme", "c", 1, "title", "trading", "client", Map.of("a", "b")),
                new CallEvent.ParticipantJoined("e", "acme", "c", 1, "p", "Anna", "anna"),
                new CallEvent.ParticipantLeft("e", "acme", "c", 1, "p"),
                new CallEvent.StreamAnnounced("e", "acme", "c", 1, RecordsTest.STREAM, "ab12"),
                new CallEvent.StreamRekeyed("e", "acme", "c", 1, "s", "cd34"),
                new CallEvent.StreamEnded("e", "acme", "c", 1, "s", "left"),
                new CallEvent.RecordingPaused("e", "acme", "c", 1, "anna", "card number"),
                new CallEvent.RecordingPaused("e", "acme", "c", 1, "anna", "card number", List.of("p")),
                new CallEvent.RecordingResumed("e", "acme", "c", 1, "anna"),
                new CallEvent.ParticipantChanged("e", "acme", "c", 1, "p", CallEvent.Change.HELD, MediaKind.AUDIO),
                new CallEvent.ParticipantChanged("e", "acme", "c", 1, "p", CallEvent.Change.MUTED, null),
                new CallEvent.NoticePlayed("e", "acme", "c", 1, "this call is recorded"),
                new CallEvent.CallClosed("e", "acme", "c", 1, "over", List.of("s")))) {
            assertEquals(event, CallEvent.fromBytes(event.toBytes()));
        }
    }

    @Test
    void artifactsComeBackTheSame() {
        for (Artifact artifact : List.of(
                TRACK,
                new Artifact.TrackUnopened("acme", "c", 1, RecordsTest.STREAM, 9, RecordsTest.ACCOUNT, 2, 3, 4),
                new Artifact.TrackEmpty("acme", "c", 1, RecordsTest.STREAM, 0, StreamAccount.EMPTY, "no packets"),
                new Artifact.FramesStored("acme", "c", 1, "s", OBJECT),
                new Artifact.PartStored("acme", "c", 1, "s", 7, Artifact.Part.PLAYABLE, 2, OBJECT),
                new Artifact.CoverageStored("acme", "c", 1, "s", 9, OBJECT),
                new Artifact.PartsComplete(
                        "acme",
                        "c",
                        1,
                        2,
                        List.of(new CallEvent.RecordingResumed("e", "acme", "c", 1, "anna")),
                        List.of(TRACK)),
                new Artifact.CompletenessStored(
                        "acme", "c", 1, 2, VERDICT, Map.of("s", VERDICT), OBJECT, null, "not signed"),
                new Artifact.RedactionDue("acme", "c", 1, TRACK, "keep-original", REDACTED.silent()),
                REDACTED,
                new Artifact.RedactionStored(
                        "acme", "c", 1, "s", 9, "keep-original", REDACTED.silent(), List.of(), "it was being erased"),
                new Artifact.TracksComplete("acme", "c", 1, 2, List.of(TRACK)),
                new Artifact.TracksComplete("acme", "c", 1, 2, List.of(TRACK), List.of(REDACTED)),
                new Artifact.MixStored("acme", "c", 1, 0, 2, 3, OBJECT),
                new Artifact.MixStored("acme", "c", 1, 0, 2, 3, null),
                new Artifact.CompositeProgress("acme", "c", 1, "o", 250),
                new Artifact.CompositeStored("acme", "c", 1, "o", 2, 3, OBJECT, ""),
                new Artifact.CompositeStored("acme", "c", 1, "o", 2, 3, null, "no track has a picture"),
                new Artifact.TranscriptStored("acme", "c", 1, "s", 0, 4, OBJECT),
                new Artifact.TranscriptStored(
                        "acme", "c", 1, "s", 0, 4, OBJECT, List.of(new Redaction(1, 2, Redaction.Kind.CARD_NUMBER))),
                new Artifact.TranscriptStored(
                        "acme", "c", 1, "s", 0, 4, OBJECT, List.of(), List.of(new Unheard(1, 2, "no model for fr"))),
                new Artifact.TranscriptStored(
                        "acme", "c", 1, "s", 0, 4, OBJECT, List.of(), List.of(), new Hearing(2, "o", "large")),
                new Artifact.HeardAgain(
                        "acme", "c", 1, new Hearing(2, "o", "large"), "anna", "a better model", List.of("s"), ""),
                new Artifact.RecordingSealed("acme", "c", 1, 2, 3, 4))) {
            assertEquals(artifact, Artifact.fromBytes(artifact.toBytes()));
        }
    }

    @Test
    void whatEarlierReleasesWroteOfATrackWasNotWithheld() {
        String stored = new String(TRACK.toBytes(), UTF_8);
        assertTrue(stored.contains(",\"withheld\":false"), stored);
        assertEquals(
                TRACK,
                Artifact.fromBytes(stored.replace(",\"withheld\":false", "").getBytes(UTF_8)));

        Artifact.TracksComplete complete = new Artifact.TracksComplete("acme", "c", 1, 2, List.of(TRACK));
        String said = new String(complete.toBytes(), UTF_8);
        assertEquals(
                complete,
                Artifact.fromBytes(said.replace(",\"redactions\":[]", "").getBytes(UTF_8)));
    }

    @Test
    void whatEarlierReleasesWroteOfATranscriptIsRead() {
        String stored = new String(new Artifact.TranscriptStored("acme", "c", 1, "s", 0, 4, OBJECT).toBytes(), UTF_8);
        byte[] earlier = stored.replace(",\"redactions\":[]", "")
                .replace(",\"unheard\":[]", "")
                .replace(",\"hearing\":{\"version\":0,\"orderId\":\"\",\"model\":\"\"}", "")
                .getBytes(UTF_8);
        assertFalse(new String(earlier, UTF_8).contains("hearing"));
        assertEquals(new Artifact.TranscriptStored("acme", "c", 1, "s", 0, 4, OBJECT), Artifact.fromBytes(earlier));

        byte[] words = "{\"text\":\"good morning\",\"confidence\":0.5,\"words\":[]}".getBytes(UTF_8);
        assertEquals(
                new Utterance.Text("good morning", 0.5, List.of(), "good morning"),
                Json.read(words, Utterance.Text.class));
    }

    @Test
    void whatIsWantedOfARecordingComesBackTheSame() {
        RecordingOrder.Part part = new RecordingOrder.Part("v", 2, 3, OBJECT);
        for (RecordingOrder order : List.of(
                new RecordingOrder.CompositeOrdered(
                        "o",
                        "acme",
                        "c",
                        1,
                        "anna",
                        2,
                        3,
                        List.of(new RecordingOrder.Tile("Anna", List.of(part))),
                        part),
                new RecordingOrder.CompositeOrdered("o", "acme", "c", 1, "anna", 2, 3, List.of(), null),
                new RecordingOrder.TranscriptOrdered(
                        "o",
                        "acme",
                        "c",
                        1,
                        "anna",
                        "a better model",
                        new Hearing(1, "o", "large"),
                        List.of(new RecordingOrder.Voice(
                                RecordsTest.STREAM,
                                0,
                                2,
                                List.of(new Artifact.Segment("opus", 2, 2, 3, OBJECT, null))))))) {
            assertEquals(order, RecordingOrder.fromBytes(order.toBytes()));
        }
    }

    @Test
    void ordersComeBackTheSame() {
        for (RetentionOrder order : List.of(
                new RetentionOrder.HoldPlaced("o", "acme", "c", 1, "h", "anna", "case 7"),
                new RetentionOrder.HoldReleased("o", "acme", "c", 1, "h", "anna", "closed"),
                new RetentionOrder.PurgeOrdered("o", "acme", "c", 1, "trading, 7y"),
                new RetentionOrder.DiscardOrdered(
                        "o", "acme", "c", 1, "s", "discard-original", List.of("acme/c/s.webm")))) {
            assertEquals(order, RetentionOrder.fromBytes(order.toBytes()));
        }
    }

    @Test
    void theOthersComeBackTheSame() {
        var utterance = new Utterance("u", "acme", "c", "s", 0, "p", 1, 2, true, "m", RecordsTest.BYTES);
        assertEquals(utterance, Utterance.fromBytes(utterance.toBytes()));
        String said = new String(utterance.toBytes(), UTF_8);
        String earlier = said.replace(",\"hearing\":{\"version\":0,\"orderId\":\"\",\"model\":\"\"}", "");
        assertNotEquals(said, earlier);
        assertEquals(utterance, Utterance.fromBytes(earlier.getBytes(UTF_8)), "of an earlier release");
        var rejected = new Rejected("acme", "c", "s", RejectReason.NO_KEY, 5, 1, 2, "sealed for another");
        assertEquals(rejected, Rejected.fromBytes(rejected.toBytes()));
        var key = SealedSessionKeys.of(RecordsTest.STREAM, RecordsTest.BYTES);
        assertEquals(key, SealedSessionKeys.fromBytes(key.toBytes()));
        var receipt = new Receipt("o", "acme", "c", 1, "objects", "retention", 3, "a, b, c");
        assertEquals(receipt, Receipt.fromBytes(receipt.toBytes()));
        var event = new AuditEvent("e", "acme", 1, "anna", "play", "c", "done", Map.of("track", "mix"));
        assertEquals(event, AuditEvent.fromBytes(event.toBytes()));
    }

    @Test
    void aHearingIsTheFirstOrWasOrdered() {
        assertEquals("", Hearing.FIRST.suffix());
        assertEquals("-v3-0123abcd", new Hearing(3, "0123abcd-ef", "large").suffix());
        assertThrows(IllegalArgumentException.class, () -> new Hearing(1, "", "large"));
        assertThrows(IllegalArgumentException.class, () -> new Hearing(1, "../o", "large"));
        assertThrows(IllegalArgumentException.class, () -> new Hearing(-1, "o", "large"));
        for (Hearing hearing : List.of(Hearing.FIRST, new Hearing(1, "another", "large"))) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new RecordingOrder.TranscriptOrdered("o", "acme", "c", 1, "anna", "", hearing, List.of()));
        }
    }

    @Test
    void fieldsOfANewerReleaseArePassedOver() {
        byte[] json =
                "{\"type\":\"ParticipantLeft\",\"eventId\":\"e\",\"tenant\":\"t\",\"callId\":\"c\",\"atMicros\":1,\"participantId\":\"p\",\"new\":1}"
                        .getBytes(StandardCharsets.UTF_8);
        assertEquals(new CallEvent.ParticipantLeft("e", "t", "c", 1, "p"), CallEvent.fromBytes(json));
    }

    @Test
    void anUnknownTypeIsMalformed() {
        for (String json : List.of("{\"type\":\"Surprise\"}", "{}", "", "{\"type\":\"CallClosed\"}", "[", "7")) {
            HansardException refusal = assertThrows(
                    HansardException.class, () -> CallEvent.fromBytes(json.getBytes(StandardCharsets.UTF_8)), json);
            assertEquals(ErrorCode.MALFORMED, refusal.code());
        }
        assertTrue(Topics.ALL.contains(Topics.CALLS));
    }
}

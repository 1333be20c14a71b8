package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.wire.Artifact;
import hansard.wire.CallEvent;
import hansard.wire.Completeness;
import hansard.wire.Redaction;
import hansard.wire.StreamAccount;
import hansard.wire.Topics;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AssemblyTopologyTest {
    private static final SoundPolicy KEEPING =
            new SoundPolicy(new SoundPolicy.Wish(SoundPolicy.KEEP_ORIGINAL, "withheld"), Map.of());
    private static final Redaction CARD = new Redaction(150, 300, Redaction.Kind.CARD_NUMBER);
    private static final Redaction UNHEARD = new Redaction(400, 500, Redaction.Kind.UNHEARD);

    private TopologyTestDriver driver;
    private TestInputTopic<String, byte[]> calls;
    private TestInputTopic<String, byte[]> artifacts;
    private TestOutputTopic<String, byte[]> said;
    private TestOutputTopic<String, byte[]> sessionKeys;

    @BeforeEach
    void open() {
        open(new Assembly.Awaited(true, true, KEEPING));
    }

    private void open(Assembly.Awaited awaited) {
        driver = new TopologyTestDriver(AssemblyTopology.of(awaited, () -> 77), new Properties());
        calls = driver.createInputTopic(Topics.CALLS, new StringSerializer(), new ByteArraySerializer());
        artifacts =
                driver.createInputTopic(Topics.RECORDING_ARTIFACTS, new StringSerializer(), new ByteArraySerializer());
        said = driver.createOutputTopic(
                Topics.RECORDING_ARTIFACTS, new StringDeserializer(), new ByteArrayDeserializer());
        sessionKeys =
                driver.createOutputTopic(Topics.SESSION_KEYS, new StringDeserializer(), new ByteArrayDeserializer());
    }

    @AfterEach
    void close() {
        driver.close();
    }

    private void announce(String streamId, String codec) {
        calls.pipeInput(
                "c",
                new CallEvent.StreamAnnounced(
                                "a-" + streamId, "default", "c", 1, TestMedia.stream("c", streamId, codec), "")
                        .toBytes());
    }

    @Test
    void aRecordFiledUnderAnotherCallTouchesNeither() {
        announce("s", "opus");
        calls.pipeInput("c", new CallEvent.CallClosed("x", "default", "other", 9, "", List.of("s")).toBytes());
        artifacts.pipeInput(
                "c",
                new Artifact.TrackEmpty(
                                "default",
                                "other",
                                1,
                                TestMedia.stream("other", "s", "opus"),
                                0,
                                StreamAccount.EMPTY,
                                "")
                        .toBytes());
        assertTrue(said.isEmpty());
        closeCall("s");
        assertTrue(said.isEmpty(), "the stream has brought nothing yet");
    }

    private void closeCall(String... streams) {
        calls.pipeInput("c", new CallEvent.CallClosed("closed", "default", "c", 9, "", List.of(streams)).toBytes());
    }

    private void store(String streamId, String codec, long start, long duration) {
        var object = new Artifact.StoredObject("default/c/" + streamId, "00", 1, "audio/webm");
        tell(new Artifact.TrackStored(
                "default",
                "c",
                5,
                TestMedia.stream("c", streamId, codec),
                0,
                StreamAccount.EMPTY,
                start,
                duration,
                0,
                object));
    }

    private static Artifact.TrackStored withheld(String streamId) {
        return new Artifact.TrackStored(
                "default",
                "c",
                5,
                TestMedia.stream("c", streamId, "opus"),
                0,
                StreamAccount.EMPTY,
                100,
                500,
                0,
                new Artifact.StoredObject("default/c/" + streamId, "00", 1, "audio/webm"),
                List.of(),
                true);
    }

    private static Artifact.TranscriptStored transcript(String streamId, Redaction... redactions) {
        return new Artifact.TranscriptStored(
                "default",
                "c",
                6,
                streamId,
                0,
                1,
                new Artifact.StoredObject("t", "00", 1, "application/json"),
                List.of(redactions));
    }

    private static Artifact.RedactionStored redacted(String streamId, Redaction... silent) {
        var object = new Artifact.StoredObject("default/c/" + streamId + ".redacted/0.webm", "00", 1, "audio/webm");
        return new Artifact.RedactionStored(
                "default",
                "c",
                7,
                streamId,
                0,
                SoundPolicy.KEEP_ORIGINAL,
                List.of(silent),
                List.of(new Artifact.Segment("opus", 2, 100, 500, object, null)),
                "");
    }

    @Test
    void nothingIsMixedBeforeItIsKnownWhatPeopleMayHear() {
        announce("audio", "opus");
        tell(withheld("audio"));
        closeCall("audio");
        assertEquals(List.of(), heard());
        tell(transcript("audio", CARD));
        Artifact.RedactionDue due = assertInstanceOf(Artifact.RedactionDue.class, heard().getFirst());
        assertEquals(List.of(CARD), due.silent());
        assertEquals(SoundPolicy.KEEP_ORIGINAL, due.policy());
        tell(transcript("audio", CARD)); // a repeat
        assertEquals(List.of(), heard());
        tell(redacted("audio", CARD));
        List<Artifact> then = heard();
        assertEquals(1, then.size());
        assertEquals(
                List.of(redacted("audio", CARD)),
                assertInstanceOf(Artifact.TracksComplete.class, then.getFirst()).redactions());
        tell(mix());
        Artifact.PartsComplete parts = assertInstanceOf(Artifact.PartsComplete.class, heard().getFirst());
        assertTrue(parts.parts().contains(redacted("audio", CARD)), parts::toString);
    }

    @Test
    void aTrackOnWhichNothingWasSaidIsGivenAsItIsWhileTheCallGoesOn() {
        announce("audio", "opus");
        tell(transcript("audio")); // in whatever order
        tell(withheld("audio"));
        Artifact.RedactionStored given = assertInstanceOf(Artifact.RedactionStored.class, heard().getFirst());
        assertTrue(given.nothingRemoved());
        closeCall("audio");
        assertInstanceOf(Artifact.TracksComplete.class, heard().getFirst());
    }

    @Test
    void whatNobodyHeardIsSilentUnlessItsTenantWantsItOtherwise() {
        announce("audio", "opus");
        tell(withheld("audio"));
        tell(transcript("audio", CARD, UNHEARD));
        assertEquals(
                List.of(CARD, UNHEARD),
                assertInstanceOf(Artifact.RedactionDue.class, heard().getFirst())
                        .silent());
        close();
        open(new Assembly.Awaited(
                true, true, new SoundPolicy(new SoundPolicy.Wish(SoundPolicy.KEEP_ORIGINAL, "released"), Map.of())));
        announce("audio", "opus");
        tell(withheld("audio"));
        tell(transcript("audio", UNHEARD));
        assertTrue(assertInstanceOf(Artifact.RedactionStored.class, heard().getFirst())
                .nothingRemoved());
    }

    @Test
    void anotherTranscriptBeginsAnotherRound() {
        announce("audio", "opus");
        tell(withheld("audio"));
        closeCall("audio");
        tell(transcript("audio"));
        heard();
        tell(transcript("audio", CARD));
        assertInstanceOf(Artifact.RedactionDue.class, heard().getFirst());
        tell(mix()); // of the round before
        assertEquals(List.of(), heard(), "a recording is not whole while something is taken out of it");
        tell(redacted("audio", CARD));
        assertEquals(
                1,
                assertInstanceOf(Artifact.TracksComplete.class, heard().getLast())
                        .round());
    }

    private void tell(Artifact artifact) {
        artifacts.pipeInput("c", artifact.toBytes());
    }

    private List<Artifact> heard() {
        return said.readValuesToList().stream().map(Artifact::fromBytes).toList();
    }

    private static Artifact.TranscriptStored transcript(String streamId) {
        return new Artifact.TranscriptStored(
                "default", "c", 6, streamId, 0, 1, new Artifact.StoredObject("t", "00", 1, "application/json"));
    }

    /** The round's completeness is stated: asks for it must have been heard before. */
    private void account(int round) {
        Artifact.PartsComplete parts = assertInstanceOf(Artifact.PartsComplete.class, heard().getLast());
        assertEquals(round, parts.round());
        tell(new Artifact.CompletenessStored(
                "default",
                "c",
                8,
                round,
                new Completeness.Verdict(Completeness.State.COMPLETE, "complete", 1000, 1, 0, 0, 0, 0, 0),
                Map.of(),
                new Artifact.StoredObject("default/c/completeness.json", "00", 1, "application/json"),
                null,
                "not signed"));
    }

    private static Artifact.MixStored mix() {
        return new Artifact.MixStored("default", "c", 7, 0, 100, 900, null);
    }

    @Test
    void tracksAreCompleteOnceWhenTheCallIsClosedAndEveryStreamIsKnown() {
        announce("audio", "opus");
        announce("video", "vp8");
        store("audio", "opus", 100, 500);
        closeCall("audio", "video");
        assertEquals(List.of(), heard());
        tell(new Artifact.TrackEmpty(
                "default", "c", 6, TestMedia.stream("c", "video", "vp8"), 0, StreamAccount.EMPTY, "no key"));
        Artifact.TracksComplete complete = assertInstanceOf(Artifact.TracksComplete.class, heard().getFirst());
        assertEquals(
                List.of("audio"),
                complete.tracks().stream().map(t -> t.stream().streamId()).toList());
        store("audio", "opus", 100, 500); // a repeat
        assertEquals(List.of(), heard());
    }

    @Test
    void theRecordingIsSealedOnceWithMixAndEveryVoicesTranscript() {
        store("audio", "opus", 100, 500); // artifacts may be read before the call's own events
        announce("audio", "opus");
        store("video", "vp8", 50, 800);
        announce("video", "vp8");
        closeCall("audio", "video");
        assertInstanceOf(Artifact.TracksComplete.class, heard().getFirst());
        tell(mix());
        assertEquals(List.of(), heard());
        tell(transcript("audio"));
        account(0);
        assertEquals(List.of(new Artifact.RecordingSealed("default", "c", 77, 9, 50, 850)), heard());
        var tombstones = sessionKeys.readKeyValuesToList();
        assertEquals(
                List.of("audio", "video"),
                tombstones.stream().map(kv -> kv.key).sorted().toList());
        tombstones.forEach(kv -> assertNull(kv.value));
        tell(mix());
        tell(transcript("audio"));
        store("audio", "opus", 100, 500);
        announce("audio", "opus");
        closeCall("audio", "video");
        assertEquals(List.of(), heard());
        assertTrue(sessionKeys.isEmpty());
    }

    @Test
    void whatIsNotMadeIsNotWaitedFor() {
        driver.close();
        open(new Assembly.Awaited(false, false, SoundPolicy.NONE));
        announce("audio", "opus");
        store("audio", "opus", 100, 500);
        assertEquals(List.of(), heard());
        closeCall("audio");
        account(0);
        assertEquals(List.of(new Artifact.RecordingSealed("default", "c", 77, 9, 100, 600)), heard());
        assertEquals(1, sessionKeys.readKeyValuesToList().size());
    }

    @Test
    void aCallThatNobodyCanOpenIsSealedAndMadeAgainWhenItsKeyComes() {
        announce("audio", "opus");
        announce("video", "vp8");
        closeCall("audio", "video");
        tell(unopened("audio", "opus", 0, 50));
        tell(unopened("video", "vp8", 0, 50));
        assertEquals(List.of(new Artifact.TracksComplete("default", "c", 77, 0, List.of())), heard());
        tell(mix());
        account(0);
        assertEquals(List.of(new Artifact.RecordingSealed("default", "c", 77, 9, 100, 600)), heard());
        sessionKeys.readKeyValuesToList();

        tell(unopened("audio", "opus", 0, 50)); // a repeat
        assertEquals(List.of(), heard());
        tell(storedTrack("audio", "opus", 1_000, 0));
        Artifact.TracksComplete first = assertInstanceOf(Artifact.TracksComplete.class, heard().getFirst());
        assertEquals(1, first.round());
        tell(storedTrack("video", "vp8", 1_001, 0));
        Artifact.TracksComplete second = assertInstanceOf(Artifact.TracksComplete.class, heard().getFirst());
        assertEquals(2, second.round());
        assertEquals(2, second.tracks().size());
        tell(new Artifact.MixStored("default", "c", 7, 1, 100, 900, null)); // of the tracks before the video came
        tell(transcript("audio")); // of what was heard before the key came
        assertEquals(List.of(), heard());
        tell(new Artifact.TranscriptStored(
                "default", "c", 8, "audio", 1_000, 1, new Artifact.StoredObject("t", "00", 1, "application/json")));
        assertEquals(List.of(), heard());
        tell(new Artifact.MixStored("default", "c", 7, 2, 100, 900, null));
        account(2);
        assertInstanceOf(Artifact.RecordingSealed.class, heard().getFirst());
        assertEquals(2, sessionKeys.readKeyValuesToList().size(), "the released keys are forgotten");

        tell(storedTrack("video", "vp8", 1_001, 0)); // a repeat
        tell(storedTrack("audio", "opus", 0, 0)); // long superseded
        assertEquals(List.of(), heard());
    }

    @Test
    void aTrackMadeAnewBeforeTheCallIsCompleteBeginsNoOtherRound() {
        announce("audio", "opus");
        announce("video", "vp8");
        closeCall("audio", "video");
        tell(storedTrack("audio", "opus", 0, 12));
        tell(storedTrack("audio", "opus", 1_000, 0));
        store("video", "vp8", 100, 500);
        Artifact.TracksComplete complete = assertInstanceOf(Artifact.TracksComplete.class, heard().getFirst());
        assertEquals(0, complete.round());
        tell(mix());
        tell(transcript("audio"));
        assertEquals(List.of(), heard(), "the transcript is of the earlier generation");
    }

    private static Artifact unopened(String streamId, String codec, long generation, long frames) {
        return new Artifact.TrackUnopened(
                "default",
                "c",
                5,
                TestMedia.endToEnd("c", streamId, codec),
                generation,
                StreamAccount.EMPTY,
                100,
                500,
                frames);
    }

    private static Artifact storedTrack(String streamId, String codec, long generation, long unopened) {
        return new Artifact.TrackStored(
                "default",
                "c",
                5,
                TestMedia.endToEnd("c", streamId, codec),
                generation,
                StreamAccount.EMPTY,
                100,
                500,
                unopened,
                new Artifact.StoredObject("default/c/" + streamId, "00", 1, "audio/webm"));
    }

    @Test
    void aCallWithoutStreamsIsCompleteWhenItIsClosed() {
        closeCall();
        assertEquals(List.of(new Artifact.TracksComplete("default", "c", 77, 0, List.of())), heard());
        tell(mix());
        account(0);
        assertEquals(List.of(new Artifact.RecordingSealed("default", "c", 77, 9, 0, 0)), heard());
    }

    @Test
    void aPartThatIsMadeASecondTimeIsStatedASecondTime() {
        announce("audio", "opus");
        closeCall("audio");
        store("audio", "opus", 100, 500);
        tell(transcript("audio"));
        tell(mix());
        assertInstanceOf(Artifact.PartsComplete.class, heard().getLast());
        tell(mix()); // the same
        assertEquals(List.of(), heard());
        tell(new Artifact.TranscriptStored(
                "default", "c", 6, "audio", 0, 1, new Artifact.StoredObject("t", "11", 1, "application/json")));
        Artifact.PartsComplete parts = assertInstanceOf(Artifact.PartsComplete.class, heard().getLast());
        assertTrue(parts.parts().stream()
                .anyMatch(p -> p instanceof Artifact.TranscriptStored t
                        && t.object().sha256().equals("11")));
    }

    @Test
    void whatTheConnectorSaidComesWithThePartsOnceEach() {
        announce("audio", "opus");
        announce("audio", "opus");
        calls.pipeInput("c", new CallEvent.RecordingPaused("p", "default", "c", 4, "anna", "card number").toBytes());
        closeCall("audio");
        store("audio", "opus", 100, 500);
        tell(transcript("audio"));
        tell(mix());
        Artifact.PartsComplete parts = assertInstanceOf(Artifact.PartsComplete.class, heard().getLast());
        assertEquals(
                List.of("a-audio", "p", "closed"),
                parts.history().stream().map(CallEvent::eventId).toList());
    }

    @Test
    void whatIsNotARecordIsPassedOver() {
        calls.pipeInput("c", new byte[] {'{'});
        artifacts.pipeInput("c", new byte[0]);
        closeCall();
        assertEquals(1, heard().size());
    }
}

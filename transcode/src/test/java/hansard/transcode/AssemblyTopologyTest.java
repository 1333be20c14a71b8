package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.wire.Artifact;
import hansard.wire.CallEvent;
import hansard.wire.Completeness;
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
    private TopologyTestDriver driver;
    private TestInputTopic<String, byte[]> calls;
    private TestInputTopic<String, byte[]> artifacts;
    private TestOutputTopic<String, byte[]> said;
    private TestOutputTopic<String, byte[]> sessionKeys;

    @BeforeEach
    void open() {
        open(new Assembly.Awaited(true, true));
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
                new Completeness.Verdict(Completeness.State.COMPLETE, "complete", 1000, 1, 0, 0, 0, 0),
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
        open(new Assembly.Awaited(false, false));
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

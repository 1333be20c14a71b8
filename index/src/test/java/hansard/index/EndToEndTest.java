package hansard.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.runtime.Json;
import hansard.testkit.SframeSender;
import hansard.wire.Artifact;
import hansard.wire.CallEvent;
import hansard.wire.StreamAccount;
import hansard.wire.StreamDescription;
import hansard.wire.Topics;
import hansard.wire.Utterance;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the index says of a call that is encrypted end to end, and what it forgets when a track is made anew. */
class EndToEndTest {
    private static final StreamAccount ACCOUNT = new StreamAccount(100, 100, Map.of(), 0, 100, 0);

    @TempDir
    Path directory;

    private Desk desk;

    @BeforeEach
    void open() {
        desk = new Desk(directory);
        desk.opened("c1", "trading", "");
        desk.joined("c1", "p1", "Anna", "anna");
    }

    @AfterEach
    void close() {
        desk.close();
    }

    @Test
    void aCallWithoutItsKeySaysSo() {
        desk.artifact(unopened(0, 100));
        JsonNode report = report();
        assertEquals("key-not-released", report.path("endToEnd").asText());
        JsonNode track = report.path("tracks").get(0);
        assertEquals(
                "end-to-end encrypted, key not released", track.path("reason").asText());
        assertEquals(
                "AES_128_GCM_SHA256_128", track.path("endToEnd").path("cipher").asText());
        assertEquals(100, track.path("endToEnd").path("unopenedFrames").asLong());
        assertEquals(9_000, track.path("durationMs").asLong());
        assertEquals(100, report.path("framed").asLong());
    }

    @Test
    void aCallThatIsOpenedInPartSaysHowMuchIsNot() {
        desk.artifact(stored(0, 7));
        JsonNode report = report();
        assertEquals("partly-opened", report.path("endToEnd").asText());
        assertEquals(
                "end-to-end encrypted, key not released for 7 frames",
                report.path("tracks").get(0).path("reason").asText());
    }

    @Test
    void aLaterGenerationReplacesTrackAndWordsInWhateverOrderTheyAreRead() {
        desk.artifact(stored(0, 7));
        say(heard(0, "00", 1, "hello half"));
        desk.artifact(sealed());
        assertEquals("sealed", call().state());
        say(heard(1_000, "1000-00", 1, "hello whole world"));
        desk.artifact(stored(1_000, 0));
        desk.artifact(new Artifact.TracksComplete(Desk.TENANT, "c1", desk.now, 1, List.of()));
        say(heard(0, "01", 4, "late words of before")); // read again, or late
        desk.artifact(stored(0, 7));
        desk.artifact(unopened(0, 100));
        desk.flush();
        assertEquals("closed", call().state(), "mix and transcript are made anew");
        assertEquals(List.of("hello whole world"), desk.texts(Desk.OFFICER, "hello"));
        assertEquals(List.of(), desk.texts(Desk.OFFICER, "late"));
        desk.artifact(transcript(0, 2));
        desk.artifact(transcript(1_000, 1));
        desk.artifact(sealed());
        desk.flush();
        assertEquals("sealed", call().state());
        assertEquals(true, desk.recordings.isSearchable(Desk.OFFICER, call()));
        JsonNode report = report();
        assertEquals("opened", report.path("endToEnd").asText());
        assertEquals(
                true,
                report.path("tracks").get(0).path("reason").isNull()
                        || report.path("tracks").get(0).path("reason").isMissingNode());
    }

    @Test
    void aCallWhoseTracksAreMadeAnewIsNotSealedUntilAllOfItIs() {
        desk.artifact(unopened(0, 10));
        desk.artifact(sealed());
        assertEquals("sealed", call().state());
        desk.artifact(stored(1, 0));
        assertEquals("closed", call().state());
        desk.artifact(sealed());
        assertEquals("sealed", call().state());
        desk.artifact(stored(1, 0)); // a repeat
        assertEquals("sealed", call().state());
    }

    @Test
    void anOrdinaryCallHasNoWordOfIt() {
        desk.stored("c1", "p1", ACCOUNT, 0, 9);
        desk.flush();
        assertNull(EndToEndView.stateOf(call()));
        assertEquals(
                true,
                report().path("endToEnd").isMissingNode()
                        || report().path("endToEnd").isNull());
    }

    private void say(Utterance utterance) {
        desk.put(Topics.TRANSCRIPTS, utterance.toBytes());
    }

    private CallRecord call() {
        desk.flush();
        return desk.recordings.call(Desk.OFFICER, "c1");
    }

    private JsonNode report() {
        CallRecord call = call();
        return Json.mapper()
                .valueToTree(ReportView.of(
                        call,
                        desk.recordings.transcript(Desk.OFFICER, desk.recordings.call(Desk.OFFICER, "c1")),
                        null,
                        0));
    }

    private static StreamDescription stream() {
        return SframeSender.sealing(Desk.stream("c1", "p1"));
    }

    private Artifact unopened(long generation, long frames) {
        return new Artifact.TrackUnopened(
                Desk.TENANT, "c1", desk.now, stream(), generation, ACCOUNT, Desk.START, 9_000_000, frames);
    }

    private Artifact stored(long generation, long unopened) {
        return new Artifact.TrackStored(
                Desk.TENANT,
                "c1",
                desk.now,
                stream(),
                generation,
                ACCOUNT,
                Desk.START,
                9_000_000,
                unopened,
                new Artifact.StoredObject(Desk.TENANT + "/c1/c1-p1.webm", "ab12", 1000, "audio/webm"));
    }

    private Artifact transcript(long generation, long utterances) {
        return new Artifact.TranscriptStored(
                Desk.TENANT,
                "c1",
                desk.now,
                "c1-p1",
                generation,
                utterances,
                new Artifact.StoredObject("k", "s", 1, "x"));
    }

    private Artifact sealed() {
        desk.event(new CallEvent.CallClosed("closed", Desk.TENANT, "c1", desk.now, "", List.of("c1-p1")));
        return new Artifact.RecordingSealed(Desk.TENANT, "c1", desk.now, desk.now, Desk.START, Desk.START + 9_000_000);
    }

    private static Utterance heard(long generation, String id, int second, String text) {
        Utterance u = Desk.utteranceOf("c1", "p1", second, text, false);
        return new Utterance(
                "c1-p1-" + id,
                u.tenant(),
                u.callId(),
                u.streamId(),
                generation,
                u.participantId(),
                u.startMicros(),
                u.endMicros(),
                false,
                u.model(),
                u.sealed());
    }
}

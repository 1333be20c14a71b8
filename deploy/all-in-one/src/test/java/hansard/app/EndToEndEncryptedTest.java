package hansard.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.keys.KeySealer;
import hansard.rtp.Pcap;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.testkit.Captures;
import hansard.testkit.WordErrorRate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A call that Chromium sealed end to end (SFrame), through every stage, with its keys at once, in mid-call, late, wrong and never. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EndToEndEncryptedTest {
    private static final String CALL = "sframe-opus-vp8-80";
    /** 71 words by two readers after a browser's Opus: 0.056 was measured. A word falls either way where an utterance is cut. */
    private static final double MAX_WORD_ERROR_RATE = 0.10;

    private Path data;
    private AllInOne all;
    private ApiClient api;
    private JsonNode undisturbed;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        data = directory.resolve("data");
        all = Calls.start(
                data,
                Map.of(
                        "retention.policies.trial.department",
                        "trial",
                        "retention.policies.trial.keep",
                        "1s",
                        "retention.check-interval",
                        "1s"));
        api = Calls.owner(all);
        undisturbed = report(replay(Replay.FrameKeys.AT_ONCE).run(Replay.Speed.MAX, Calls.QUIET));
    }

    @AfterAll
    void stop() {
        api.close();
        all.close();
    }

    @Test
    void withItsKeysItIsARecordLikeAnyOther() throws IOException {
        assertOpened(undisturbed);
        long errors = 0;
        long words = 0;
        for (JsonNode party : Captures.load(CALL).sidecar().path("participants")) {
            String said = party.path("reference_transcript").asText();
            words += WordErrorRate.words(said).size();
            errors += WordErrorRate.of(
                            said,
                            transcriptOf(undisturbed, party.path("display").asText()))
                    .errors();
        }
        System.out.printf("%s: WER %.3f of %d words%n", CALL, errors / (double) words, words);
        assertTrue(errors <= MAX_WORD_ERROR_RATE * words, errors + " errors in " + words + " words");
        for (JsonNode track : undisturbed.path("tracks")) {
            byte[] media = media(undisturbed, track);
            assertEquals("", Probe.complaints(media), track.path("kind").asText() + ": Debian's ffmpeg decodes it");
            assertTrue(Probe.file(media).frames() > 0);
        }
        List<String> audit = audit(undisturbed);
        assertEquals(4, audit.stream().filter(a -> a.equals("frame-key.opened")).count());
    }

    @Test
    void withoutKeysItIsKeptSealedAndReadableWhenTheyAreReleased() throws IOException {
        Replay replay = replay(Replay.FrameKeys.NEVER);
        String callId = replay.run(Replay.Speed.MAX, Calls.QUIET);
        JsonNode sealed = report(callId);
        assertEquals("key-not-released", sealed.path("endToEnd").asText());
        assertEquals(undisturbed.path("framed"), sealed.path("framed"), "all of it was received and authenticated");
        assertTrue(sealed.path("transcript").isEmpty());
        assertTrue(sealed.path("mix").path("media").isNull()
                || sealed.path("mix").path("media").isMissingNode());
        for (JsonNode track : sealed.path("tracks")) {
            assertEquals(
                    "end-to-end encrypted, key not released",
                    track.path("reason").asText());
            assertTrue(track.path("durationMs").asLong() > 30_000);
            HansardException none = assertThrows(HansardException.class, () -> media(sealed, track));
            assertEquals(ErrorCode.NOT_FOUND, none.code());
        }
        assertEquals(4, keptFrames(callId));
        assertFalse(audit(sealed).contains("frame-key.opened"));

        releaseWrongKeys(callId);
        awaitAudit(callId, "alarm.frame-key-doubted", 2);
        assertEquals("key-not-released", report(callId).path("endToEnd").asText());

        replay.releaseFrameKeys(callId);
        JsonNode opened = awaitOpened(callId);
        assertOpened(opened);
        assertEquals(Records.comparable(undisturbed), Records.comparable(opened));
        List<String> audit = audit(opened);
        assertTrue(audit.contains("frame-keys.released"));
        assertTrue(audit.contains("frame-key.opened"));
        assertEquals(4, audit.stream().filter(a -> a.equals("track.reopened")).count());
    }

    @Test
    void keysThatComeInMidCallOpenAllOfIt() throws IOException {
        List<Pcap.Datagram> datagrams = Captures.load(CALL).datagrams();
        int half = datagrams.size() / 2;
        Replay before = replay(datagrams.subList(0, half), Replay.FrameKeys.NEVER, "research");
        Replay after = replay(datagrams.subList(half, datagrams.size()), Replay.FrameKeys.NEVER, "research");
        Replay.Announced call = before.announce(Calls.QUIET);
        long sent = before.send(call, Replay.Speed.MAX, Calls.QUIET);
        before.settle(call.callId(), sent);
        before.releaseFrameKeys(call.callId());
        sent += after.send(call, Replay.Speed.MAX, Calls.QUIET);
        after.end(call.callId(), sent, Calls.QUIET);
        JsonNode opened = awaitOpened(call.callId());
        assertOpened(opened);
        assertEquals(Records.comparable(undisturbed), Records.comparable(opened));
        assertTrue(keptFrames(call.callId()) > 0, "there were frames from before the release");
    }

    @Test
    void anErasedCallIsNotOpenedByALateKey() throws IOException {
        Replay replay = replay(Captures.load(CALL).datagrams(), Replay.FrameKeys.NEVER, "trial");
        String callId = replay.run(Replay.Speed.MAX, Calls.QUIET);
        for (int i = 0; i < 600 && !state(callId).equals("purged"); i++) {
            LockSupport.parkNanos(100_000_000);
        }
        assertEquals("purged", state(callId));
        for (int i = 0; i < 600 && keptFrames(callId) > 0; i++) {
            LockSupport.parkNanos(100_000_000);
        }
        assertEquals(0, keptFrames(callId));
        replay.releaseFrameKeys(callId);
        awaitAudit(callId, "track.reopened", 4);
        for (JsonNode event :
                api.get("/v1/audit?callId=" + callId + "&limit=200").path("events")) {
            if (event.path("action").asText().equals("track.reopened")) {
                assertEquals("failed", event.path("outcome").asText());
            }
        }
        assertEquals("purged", state(callId));
    }

    private String state(String callId) {
        return api.get("/v1/recordings/" + callId).path("state").asText();
    }

    private Replay replay(Replay.FrameKeys frameKeys) throws IOException {
        return replay(Captures.load(CALL).datagrams(), frameKeys, "research");
    }

    private Replay replay(List<Pcap.Datagram> datagrams, Replay.FrameKeys frameKeys, String department)
            throws IOException {
        try (InputStream json = Captures.open(CALL + ".json")) {
            return new Replay(
                    api,
                    Sidecar.read(json, CALL),
                    datagrams,
                    Map.of("title", CALL, "department", department, "client", "Austen"),
                    Map.of(),
                    true,
                    frameKeys);
        }
    }

    /** One key of 16 zero bytes under each identifier of the first participant. */
    private void releaseWrongKeys(String callId) {
        byte[] cms = KeySealer.seal(new byte[16], Replay.certificates(api.text("/v1/recipients")))
                .array();
        String wrong = Base64.getEncoder().encodeToString(cms);
        api.post(
                "/v1/calls/" + callId + "/participants/p0/frame-keys",
                Map.of("frameKeys", Map.of("0", wrong, "1", wrong)));
    }

    private void assertOpened(JsonNode report) {
        assertEquals("opened", report.path("endToEnd").asText());
        assertEquals(4, report.path("tracks").size());
        for (JsonNode track : report.path("tracks")) {
            assertEquals("opened", track.path("endToEnd").path("state").asText());
            assertTrue(track.path("media").isTextual(), track.toString());
        }
        assertFalse(report.path("transcript").isEmpty());
        assertEquals(0, report.path("rejected").size());
    }

    private JsonNode awaitOpened(String callId) {
        for (int i = 0; i < 1_200; i++) {
            JsonNode recording = api.get("/v1/recordings/" + callId);
            if (recording.path("endToEnd").asText().equals("opened")
                    && recording.path("state").asText().equals("sealed")
                    && recording.path("searchable").asBoolean()) {
                return report(callId);
            }
            LockSupport.parkNanos(100_000_000);
        }
        throw new AssertionError("not opened: " + api.get("/v1/recordings/" + callId));
    }

    private void awaitAudit(String callId, String action, int times) {
        for (int i = 0; i < 600; i++) {
            if (auditOf(callId).stream().filter(a -> a.equals(action)).count() >= times) {
                return;
            }
            LockSupport.parkNanos(100_000_000);
        }
        throw new AssertionError(action + " is not there " + times + " times: " + auditOf(callId));
    }

    private List<String> audit(JsonNode report) {
        return auditOf(report.path("callId").asText());
    }

    private List<String> auditOf(String callId) {
        return api.get("/v1/audit?callId=" + callId + "&limit=200")
                .path("events")
                .findValuesAsText("action");
    }

    private long keptFrames(String callId) throws IOException {
        try (Stream<Path> files = Files.walk(data.resolve("store"))) {
            return files.filter(
                            f -> f.toString().contains(callId) && f.toString().endsWith(".frames"))
                    .count();
        }
    }

    private JsonNode report(String callId) {
        return api.get("/v1/recordings/" + callId + "/report");
    }

    private byte[] media(JsonNode report, JsonNode track) {
        return api.bytes("/v1/recordings/" + report.path("callId").asText() + "/media/"
                + track.path("trackId").asText());
    }

    private static String transcriptOf(JsonNode report, String participant) {
        List<String> texts = new ArrayList<>();
        for (JsonNode utterance : report.path("transcript")) {
            if (utterance.path("participant").asText().equals(participant)) {
                texts.add(utterance.path("text").asText());
            }
        }
        return String.join(" ", texts);
    }
}

package hansard.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.testkit.Captures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Real calls, and what their records say of their own wholeness, against what is known of the calls. */
@ExtendWith(RecordedCaptures.Shared.class)
class CompletenessTest {
    static JsonNode completeness(JsonNode report) {
        JsonNode completeness = report.path("completeness");
        assertTrue(completeness.isObject(), "the report has the completeness");
        for (JsonNode track : completeness.path("tracks")) {
            long at = completeness.path("startMs").asLong();
            for (JsonNode span : track.path("spans")) {
                assertEquals(at, span.path("startMs").asLong(), "spans follow one another");
                at = span.path("endMs").asLong();
            }
            assertEquals(completeness.path("endMs").asLong(), at, "spans end with the call");
        }
        return completeness;
    }

    static List<JsonNode> spans(JsonNode completeness, String participant, String kind, String reason) {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode track : completeness.path("tracks")) {
            if (track.path("participant").asText().equals(participant)
                    && track.path("kind").asText().equals(kind)) {
                track.path("spans").forEach(s -> {
                    if (s.path("reason").asText().equals(reason)) {
                        found.add(s);
                    }
                });
            }
        }
        return found;
    }

    private static long ms(JsonNode span) {
        return span.path("endMs").asLong() - span.path("startMs").asLong();
    }

    @Test
    void whatALossyNetworkTookIsInTheRecordByNumber(RecordedCaptures recorded) throws IOException {
        JsonNode report = recorded.report("opus-vp8-80-impaired");
        JsonNode completeness = completeness(report);
        int at = 0;
        for (JsonNode stream : Captures.load("opus-vp8-80-impaired").sidecar().path("streams")) {
            JsonNode track = completeness.path("tracks").get(at(completeness, report, at++));
            long missing = 0;
            for (JsonNode observed : stream.path("observed")) {
                missing += observed.path("seq_missing").asLong();
            }
            long told = 0;
            for (JsonNode span : track.path("spans")) {
                told += span.path("lost").asLong();
            }
            assertEquals(missing, told, track.path("trackId").asText());
        }
        assertTrue(
                completeness.path("verdict").path("verdict").asText().startsWith("complete but for "),
                completeness.path("verdict").toString());
    }

    /** Where the completeness has the report's n-th track. */
    private static int at(JsonNode completeness, JsonNode report, int n) {
        String wanted = report.path("tracks").get(n).path("trackId").asText();
        for (int i = 0; i < completeness.path("tracks").size(); i++) {
            if (completeness.path("tracks").get(i).path("trackId").asText().equals(wanted)) {
                return i;
            }
        }
        throw new AssertionError("no completeness of track " + wanted);
    }

    @Test
    void speechAndSilenceAreWhereTheyWereSpoken(RecordedCaptures recorded) throws IOException {
        JsonNode report = recorded.report("opus-dtx-silence-80");
        JsonNode completeness = completeness(report);
        JsonNode sidecar = Captures.load("opus-dtx-silence-80").sidecar();
        long zero = Captures.load("opus-dtx-silence-80").datagrams().getFirst().timeMicros() / 1_000;
        for (JsonNode party : sidecar.path("participants")) {
            List<JsonNode> speech = spans(completeness, party.path("display").asText(), "audio", "speech");
            for (JsonNode utterance : party.path("utterances")) {
                long start = utterance.path("start_wall_ms_approx").asLong() - zero;
                long lasts = Math.round(1_000
                        * (utterance.path("end").asDouble()
                                - utterance.path("start").asDouble()));
                assertTrue(
                        speech.stream()
                                .anyMatch(s -> s.path("startMs").asLong() < start + lasts / 2
                                        && s.path("endMs").asLong() > start + lasts / 2),
                        utterance + " in " + speech);
            }
            long spoken = speech.stream().mapToLong(CompletenessTest::ms).sum();
            assertTrue(spoken < 20_000, "most of the call is silence: " + spoken + " ms of speech");
        }
        assertEquals("complete", completeness.path("verdict").path("verdict").asText(), completeness.toString());
    }

    @Test
    void mutesAndMicrophonesTakenAwayAreNoLoss(RecordedCaptures recorded) throws IOException {
        JsonNode report = recorded.report("behaviours-opus-vp8-80");
        JsonNode completeness = completeness(report);
        List<JsonNode> muted = spans(completeness, "participant-0", "audio", "muted");
        long zero =
                Captures.load("behaviours-opus-vp8-80").datagrams().getFirst().timeMicros() / 1_000;
        long mutedMs = muted.stream().mapToLong(CompletenessTest::ms).sum();
        assertTrue(mutedMs >= 5_000, "a mute by the media server, and a track replaced by nothing: " + muted);
        assertTrue(
                spans(completeness, "participant-0", "audio", "lost").stream().allMatch(s -> ms(s) < 1_000),
                completeness.toString());
    }

    @Test
    void theRecordProvesItselfUntilSomethingIsAltered(RecordedCaptures recorded) throws IOException {
        ApiClient api = recorded.api();
        Path data = recorded.data();
        JsonNode report = Calls.play(api, "opus-only-32"); // one of its own, to be altered
        String callId = report.path("callId").asText();
        JsonNode good = api.get("/v1/recordings/" + callId + "/verification");
        assertTrue(good.path("holds").asBoolean(), good.toString());
        assertTrue(good.path("signedBy").asText().startsWith("CN="), good.toString());
        assertEquals(0, Hansard.commandLine().execute("verify", callId, "--data", data.toString()));
        List<Path> objects;
        try (Stream<Path> files = Files.walk(data.resolve("store"))) {
            objects = files.filter(Files::isRegularFile)
                    .filter(f -> f.toString().contains(callId))
                    .sorted()
                    .toList();
        }
        assertTrue(objects.stream().anyMatch(f -> f.toString().endsWith("completeness.json")), objects.toString());
        assertTrue(objects.size() >= 7, "two tracks with coverage and transcripts, mix, completeness: " + objects);
        for (Path object : objects) {
            byte[] before = Files.readAllBytes(object);
            byte[] altered = before.clone();
            altered[altered.length / 2] ^= 1;
            Files.write(object, altered);
            JsonNode finding = api.get("/v1/recordings/" + callId + "/verification");
            assertFalse(finding.path("holds").asBoolean(), "altered " + object);
            assertTrue(
                    finding.path("problems")
                            .toString()
                            .contains(object.getFileName().toString()),
                    finding.path("problems").toString());
            if (object.toString().endsWith("completeness.json")) {
                assertEquals(1, Hansard.commandLine().execute("verify", callId, "--data", data.toString()));
            }
            Files.write(object, before);
        }
        assertTrue(api.get("/v1/recordings/" + callId + "/verification")
                .path("holds")
                .asBoolean());
    }

    @Test
    void aCallOfWhichNothingEverCameIsARecordThatSaysSo(RecordedCaptures recorded) throws IOException {
        ApiClient api = recorded.api();
        Replay replay = Calls.replay(api, "opus-only-32", false);
        Replay.Announced call = replay.announce(Calls.QUIET);
        replay.end(call.callId(), 0, Calls.QUIET);
        JsonNode report = api.get("/v1/recordings/" + call.callId() + "/report");
        assertEquals(
                "nothing captured: no packet ever arrived for 2 of 2 streams",
                completeness(report).path("verdict").path("verdict").asText());
        assertTrue(api.get("/v1/recordings/" + call.callId() + "/verification")
                .path("holds")
                .asBoolean());
        JsonNode listed = api.get("/v1/recordings?limit=100").path("recordings");
        boolean there = false;
        for (JsonNode recording : listed) {
            there |= recording.path("callId").asText().equals(call.callId())
                    && recording.path("completeness").path("state").asText().equals("nothing");
        }
        assertTrue(there, "it is listed like any other, with its verdict");
    }
}

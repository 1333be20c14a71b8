package hansard.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.access.Access;
import hansard.access.Caller;
import hansard.access.Role;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A captured call is recorded and sealed, and its words are made again by another model of the catalogue. */
class HeardAgainTest {
    private static final String CAPTURE = "opus-vp8-80";
    private static final String MODEL = "without-dither";

    @TempDir
    Path directory;

    @Test
    void theWordsOfASealedCallAreMadeAgainAndBothVersionsAreThere() throws IOException, InterruptedException {
        Map<String, String> settings = Map.of(
                "transcribe.models." + MODEL + ".path",
                Models.withoutDither().toString(),
                "transcribe.models." + MODEL + ".language",
                "en-US");
        try (AllInOne all = Calls.start(directory, settings);
                ApiClient owner = Calls.owner(all)) {
            Access.open(directory.resolve("access"))
                    .putUser(
                            new Caller("default", "worker", "Worker", Set.of(Role.KNOWLEDGE_WORKER), List.of()),
                            "worker");
            JsonNode report = Calls.play(owner, CAPTURE);
            String callId = report.path("callId").asText();
            String recording = "/v1/recordings/" + callId;
            JsonNode first = owner.get(recording + "/transcript?format=json");
            assertEquals(0, first.path("version").asInt());
            long sealedBefore = events(owner, callId, "record.signed");

            refused(owner, recording, Map.of("model", MODEL), ErrorCode.BAD_REQUEST);
            refused(owner.actingAs("worker"), recording, Map.of("model", MODEL, "reason", "why"), ErrorCode.FORBIDDEN);
            TranscriptVersions versions = new TranscriptVersions(owner, callId, new Terminal(System.err));
            int version = versions.order(MODEL, "names were wrong");
            assertEquals(1, version);
            refused(owner, recording, Map.of("model", MODEL, "reason", "twice"), ErrorCode.CONFLICT);
            assertEquals(
                    "waiting",
                    versions.all().path("versions").path(1).path("state").asText());
            versions.await(version);

            JsonNode again = owner.get(recording + "/transcript?format=json");
            assertEquals(1, again.path("version").asInt());
            assertEquals(Set.of(MODEL), models(again));
            assertFalse(models(first).contains(MODEL), models(first)::toString);
            assertEquals(
                    first.path("utterances").size(), again.path("utterances").size(), 3);
            double rate =
                    hansard.testkit.WordErrorRate.of(words(first), words(again)).rate();
            assertTrue(rate < 0.1, rate + " of the words are others, and the model is the same but for its dither");
            for (int i = 0; i < Math.min(first.path("utterances").size(), 1); i++) {
                assertEquals(
                        first.path("utterances").path(i).path("startMs").asLong(),
                        again.path("utterances").path(i).path("startMs").asLong(),
                        150);
            }
            JsonNode kept = owner.get(recording + "/transcript?format=json&version=0");
            assertEquals(0, kept.path("version").asInt());
            assertEquals(first.path("utterances"), kept.path("utterances"));
            assertFound(owner, again, callId);

            assertEquals(1, events(owner, callId, "transcript.ordered"));
            assertEquals(2, events(owner, callId, "transcript.track-opened"));
            assertEquals(sealedBefore, events(owner, callId, "record.signed"));
            assertTrue(owner.get(recording + "/verification").path("holds").asBoolean());

            int unknown = versions.order("no-such-model", "a typing error");
            HansardException failed = assertThrows(HansardException.class, () -> versions.await(unknown));
            assertTrue(
                    failed.getMessage().contains("no model 'no-such-model'")
                            && failed.getMessage().contains(MODEL),
                    failed.getMessage());
            assertEquals(
                    1,
                    owner.get(recording + "/transcript?format=json")
                            .path("version")
                            .asInt());
            assertTrue(versions.listed(versions.all()).contains("failed"), versions.listed(versions.all()));
        }
    }

    private static void refused(ApiClient api, String recording, Map<String, String> wish, ErrorCode code) {
        HansardException refused =
                assertThrows(HansardException.class, () -> api.post(recording + "/transcripts", wish));
        assertEquals(code, refused.code());
    }

    /** Every word of the current version once, although there are two. */
    private static void assertFound(ApiClient owner, JsonNode transcript, String callId) {
        JsonNode line = transcript.path("utterances").path(0);
        String phrase = '"' + line.path("text").asText() + '"';
        JsonNode answer = owner.get("/v1/search?" + ApiClient.query(Map.of("q", phrase)));
        List<String> found = answer.path("hits")
                .valueStream()
                .filter(hit -> hit.path("callId").asText().equals(callId))
                .map(hit -> hit.path("utteranceId").asText())
                .toList();
        assertEquals(List.of(line.path("utteranceId").asText()), found);
        assertNotEquals("", line.path("utteranceId").asText());
    }

    private static Set<String> models(JsonNode transcript) {
        Set<String> models = new TreeSet<>();
        transcript
                .path("utterances")
                .forEach(line -> models.add(line.path("model").asText()));
        return models;
    }

    private static String words(JsonNode transcript) {
        StringBuilder words = new StringBuilder();
        transcript
                .path("utterances")
                .forEach(line -> words.append(line.path("text").asText()).append(' '));
        return words.toString().strip();
    }

    private static long events(ApiClient owner, String callId, String action) {
        return owner.get("/v1/audit?callId=" + callId + "&limit=500")
                .path("events")
                .valueStream()
                .filter(event -> event.path("action").asText().equals(action))
                .count();
    }
}

package hansard.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One video of everybody, of a real call, ordered and fetched as the page does it. */
@ExtendWith(RecordedCaptures.Shared.class)
class CompositeTest {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @Test
    void aRealCallBecomesOneVideo(RecordedCaptures recorded) throws Exception {
        ApiClient api = recorded.api();
        String recording = recorded.recording("opus-vp8-80");
        assertEquals("none", composite(api, recording).get("state").asText());
        assertEquals("making", order(api, recording).get("state").asText());
        JsonNode made = awaitMade(api, recording);
        assertEquals("ready", made.get("state").asText(), made::toString);

        byte[] media = api.bytes(made.get("media").asText());
        assertEquals("", Probe.complaints(media));
        Probe.Result probed = Probe.file(media);
        long lasts = api.get(recording).get("durationMs").asLong();
        assertTrue(Math.abs(probed.durationMs() - lasts) < 150, probed + " of a call of " + lasts + " ms");
        assertTrue(probed.frames() > 15 * 30, "pictures move: " + probed);
        // who asks again gets what is there
        assertEquals(made.get("sha256"), order(api, recording).get("sha256"));
        String callId = recorded.report("opus-vp8-80").path("callId").asText();
        assertTrue(
                api.get("/v1/audit?callId=" + callId + "&limit=200").toString().contains("composite.ordered"));
    }

    @Test
    void nobodyOrdersACompositeOfACallThatIsNotThere(RecordedCaptures recorded) {
        HansardException e =
                assertThrows(HansardException.class, () -> order(recorded.api(), "/v1/recordings/no-such-call"));
        assertEquals(ErrorCode.NOT_FOUND, e.code());
    }

    private static JsonNode composite(ApiClient api, String recording) {
        return api.get(recording).get("composite");
    }

    private static JsonNode order(ApiClient api, String recording) {
        return api.post(recording + "/composite", Map.of());
    }

    /** The percentages grow. */
    private static JsonNode awaitMade(ApiClient api, String recording) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        int before = 0;
        JsonNode now = composite(api, recording);
        while (now.get("state").asText().equals("making")
                || now.get("state").asText().equals("none")) {
            assertTrue(System.nanoTime() < deadline, now::toString);
            assertTrue(now.get("percent").asInt() >= before, now::toString);
            before = now.get("percent").asInt();
            Thread.sleep(100);
            now = composite(api, recording);
        }
        return now;
    }
}

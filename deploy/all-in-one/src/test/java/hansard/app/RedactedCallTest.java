package hansard.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.access.Access;
import hansard.access.Caller;
import hansard.access.Role;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.testkit.Ffmpeg;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A call in which three card numbers are spoken, as everybody hears it, and as who may hear originals. */
@ExtendWith(RecordedCaptures.Shared.class)
class RedactedCallTest {
    private static final String CALL = "ffmpeg-a3-card-number";
    private static final String SPEAKS = "cardholder";
    private static final int RATE = 16_000;
    private static final Set<String> DIGITS =
            Set.of("zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine");

    /** A codec fades over some milliseconds, and the packets at the ends of a stretch are silent as a whole. */
    private static final int EDGE_MS = 30;

    @TempDir
    Path directory;

    @Test
    void cardNumbersAreHeardOnlyByWhoMayHearOriginals(RecordedCaptures recorded) throws IOException {
        JsonNode report = recorded.report(CALL);
        String recording = recorded.recording(CALL);
        Access access = Access.open(recorded.data().resolve("access"));
        access.putUser(
                new Caller("default", "ordinary", "Ordinary", Set.of(Role.COMPLIANCE_OFFICER), List.of()), "ordinary");
        access.putUser(
                new Caller(
                        "default",
                        "listener",
                        "Listener",
                        Set.of(Role.COMPLIANCE_OFFICER, Role.ORIGINAL_LISTENER),
                        List.of()),
                "listener");
        JsonNode track = track(report, SPEAKS);
        String media = recording + "/media/" + track.path("trackId").asText();
        List<JsonNode> silent =
                CompletenessTest.spans(CompletenessTest.completeness(report), SPEAKS, "audio", "redacted");
        assertTrue(silent.size() >= 3, silent.toString());
        assertTrue(silent.getFirst().path("detail").asText().contains("by policy keep-original"), silent.toString());
        assertEquals("redacted", track.path("sound").asText());

        try (ApiClient ordinary = recorded.api().actingAs("ordinary");
                ApiClient listener = recorded.api().actingAs("listener");
                DirectVosk vosk = new DirectVosk(Models.withoutDither())) {
            short[] given = heard(ordinary.bytes(media), "given");
            short[] came = heard(listener.bytes(media + "?original=1"), "came");
            short[] mix = heard(ordinary.bytes(recording + "/media/mix"), "mix");
            long startMs = track.path("startMs").asLong();
            for (JsonNode span : silent) {
                assertTrue(level(came, span, startMs) > 0.01, "the original at " + span);
                assertTrue(level(given, span, startMs) < 0.0005, level(given, span, startMs) + " at " + span);
            }
            // nobody else speaks while the first number is said
            assertTrue(level(mix, silent.getFirst(), 0) < 0.001, level(mix, silent.getFirst(), 0) + " in the mix");
            assertTrue(digits(vosk, came) >= 30, "the original has " + digits(vosk, came) + " digits");
            assertEquals(0, digits(vosk, given), () -> text(vosk, given));
            assertEquals(0, digits(vosk, mix), () -> text(vosk, mix));

            HansardException refused =
                    assertThrows(HansardException.class, () -> ordinary.bytes(media + "?original=1"));
            assertEquals(ErrorCode.FORBIDDEN, refused.code());
            assertTrue(audit(recorded, report).contains("\"play.original\""), audit(recorded, report));
            assertFalse(refused.getMessage().isEmpty());
        }
        assertTrue(
                recorded.api().get(recording + "/verification").path("holds").asBoolean(),
                "what is given is signed with the record");
    }

    private static String audit(RecordedCaptures recorded, JsonNode report) {
        StringBuilder listened = new StringBuilder();
        for (JsonNode event : recorded.api()
                .get("/v1/audit?callId=" + report.path("callId").asText() + "&limit=500")
                .path("events")) {
            if (event.path("actor").asText().endsWith("listener")) {
                listened.append(event);
            }
        }
        return listened.toString();
    }

    private static JsonNode track(JsonNode report, String participant) {
        return report.path("tracks")
                .valueStream()
                .filter(t -> t.path("participant").asText().equals(participant))
                .findFirst()
                .orElseThrow();
    }

    private short[] heard(byte[] media, String name) throws IOException {
        return Ffmpeg.samples(Files.write(directory.resolve(name), media), RATE);
    }

    /** Root mean square of what is heard in a span, in full scale. */
    private static double level(short[] pcm, JsonNode span, long startMs) {
        int from = (int) (span.path("startMs").asLong() - startMs + EDGE_MS) * (RATE / 1_000);
        int to = (int) (span.path("endMs").asLong() - startMs - EDGE_MS) * (RATE / 1_000);
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += (double) pcm[i] * pcm[i];
        }
        return Math.sqrt(sum / (to - from)) / 32_768;
    }

    private static long digits(DirectVosk vosk, short[] pcm) {
        return List.of(text(vosk, pcm).split(" ")).stream()
                .filter(DIGITS::contains)
                .count();
    }

    private static String text(DirectVosk vosk, short[] pcm) {
        ByteBuffer bytes = ByteBuffer.allocate(pcm.length * 2).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asShortBuffer().put(pcm);
        try {
            return vosk.text(bytes.array());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}

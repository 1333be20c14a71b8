package hansard.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.testkit.Captures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of media that is kept, played by Firefox from the console's address, as its page does it. (Chromium: {@link DemoTest}.) */
@ExtendWith(RecordedCaptures.Shared.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FirefoxPlaybackTest {
    /** Of a file's length and what the report says: an Opus packet that is over, and a picture's last step that nobody knows. */
    private static final double DURATION_MS = 50;

    private Firefox firefox;
    private String script;

    @BeforeAll
    void start(@TempDir Path own, RecordedCaptures recorded) throws IOException, InterruptedException {
        try (var in = FirefoxPlaybackTest.class.getResourceAsStream("playback.js")) {
            script = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        firefox = Firefox.start(own);
        firefox.open(recorded.api().api() + "/");
        String token =
                Files.readString(recorded.data().resolve("access/local.token")).strip();
        firefox.evaluate("document.cookie = 'hansard_session=" + token + "; path=/'");
    }

    @AfterAll
    void stop() {
        if (firefox != null) {
            firefox.close();
        }
    }

    /** Opus, VP8, VP9, AV1 in WebM, H.264 in MP4, G.711 in WAV, and the rendition of G.722. */
    @ParameterizedTest
    @ValueSource(strings = {"opus-vp8-80", "opus-vp9-80", "opus-av1-80", "opus-h264-80", "ffmpeg-telephone"})
    void everyTrackPlaysAndCanBeSoughtIn(String capture, RecordedCaptures recorded) {
        List<JsonNode> tracks = recorded.tracks(capture);
        assertTrue(tracks.size() >= 2, capture);
        for (JsonNode track : tracks) {
            assertPlays(track, track.path("kind").asText().equals("video"));
        }
    }

    @Test
    void mixAndCompositePlay(RecordedCaptures recorded) throws Exception {
        assertPlays(recorded.report(Captures.FLASH_AND_BEEP).path("mix"), false);
        assertPlays(recorded.composite(Captures.FLASH_AND_BEEP), true);
    }

    private void assertPlays(JsonNode what, boolean seen) {
        String media = what.path("media").asText();
        JsonNode played = firefox.evaluate("(" + script + ")('" + media + "')");
        String said = what + ": " + played;
        assertEquals("", played.path("error").asText(), said);
        assertEquals(
                what.path("durationMs").asDouble(), played.path("durationMs").asDouble(), DURATION_MS, said);
        assertTrue(played.path("playedMs").asDouble() > 400, said);
        double middleMs = played.path("durationMs").asDouble() / 2;
        assertEquals(middleMs, played.path("soughtMs").asDouble(), 100, said);
        assertTrue(played.path("playedFromThereMs").asDouble() > 200, said);
        assertTrue(played.path("ended").asBoolean(), said);
        assertEquals(
                seen,
                played.path("pictures").asInt() > 0 && played.path("width").asInt() > 0,
                said);
    }
}

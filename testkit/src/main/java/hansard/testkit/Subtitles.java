package hansard.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** A transcript as WebVTT: what the index must write, and what a browser must read. */
public final class Subtitles {
    private Subtitles() {}

    /** Two cues, with markup in a name and in what was said. */
    public static String file() {
        try (InputStream in = Objects.requireNonNull(Subtitles.class.getResourceAsStream("transcript.vtt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

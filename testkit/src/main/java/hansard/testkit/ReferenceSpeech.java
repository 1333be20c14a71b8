package hansard.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;

/** What was read into the captures, before any browser or codec had it: the five clips of NOTICE.md, section 1, by their words. */
public final class ReferenceSpeech {
    private static final Map<String, String> CLIPS = Map.of(
            "and mister john dashwood", "austen-0870",
            "he was not an ill disposed", "austen-0880",
            "unless to be rather cold hearted", "austen-0890",
            "had he married a more", "austen-0920",
            "he might even have been", "austen-0930");

    private ReferenceSpeech() {}

    /**
     * The sound of an utterance, mono; empty when it is in none of the clips.
     *
     * @param text of a sidecar's utterance
     * @param rate samples a second
     */
    public static Optional<short[]> of(String text, int rate) {
        return CLIPS.entrySet().stream()
                .filter(clip -> text.startsWith(clip.getKey()))
                .map(clip -> samples(clip.getValue(), rate))
                .findFirst();
    }

    private static short[] samples(String clip, int rate) {
        try (InputStream flac = ReferenceSpeech.class.getResourceAsStream("speech/" + clip + ".flac")) {
            Path file = Files.createTempFile("hansard-speech", ".flac");
            try {
                Files.copy(flac, file, StandardCopyOption.REPLACE_EXISTING);
                return Ffmpeg.samples(file, rate);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

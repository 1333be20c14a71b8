package hansard.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.testkit.Ffmpeg;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where a transcript says that a word was spoken, against where Vosk alone hears it that is given the whole of the kept track, silence and
 * all: a recogniser counts only what it was fed, and ours is fed what is speech. That the kept track is in its place is another test's.
 */
@ExtendWith(RecordedCaptures.Shared.class)
class WordTimesTest {
    private static final int RATE = 16_000;
    private static final double WITHIN_MS = 150;
    /** Where somebody falls silent or begins, Vosk alone takes some of the silence for the word: up to ten seconds of it. */
    private static final double LONGEST_WORD_MS = 1_000;
    /** Of one word in fifty it finds the border to its neighbour elsewhere when it has heard other things before; with dither, of some more. */
    private static final double UNDECIDED = 0.05;

    /** Words as we have them, and as Vosk alone has them. */
    private record Pair(DirectVosk.Word ours, DirectVosk.Word theirs) {
        double offMs() {
            return Math.max(Math.abs(ours.startMs() - theirs.startMs()), Math.abs(ours.endMs() - theirs.endMs()));
        }
    }

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"opus-vp8-80", "opus-vp8-80-impaired", "ffmpeg-a2-three-party"})
    void wordsAreWhereTheyWereSpoken(String name, RecordedCaptures recorded) throws IOException {
        JsonNode transcript = recorded.api().get(recorded.recording(name) + "/transcript?format=json");
        int words = 0;
        List<Pair> pairs = new ArrayList<>();
        try (DirectVosk vosk = new DirectVosk(Models.withoutDither())) {
            for (JsonNode track : recorded.report(name).path("tracks")) {
                if (!track.path("kind").asText().equalsIgnoreCase("audio")) {
                    continue;
                }
                String trackId = track.path("trackId").asText();
                List<DirectVosk.Word> ours =
                        words(transcript, trackId, track.path("startMs").asDouble());
                Path file = Files.write(directory.resolve("track"), recorded.media(name, trackId));
                pairs.addAll(pairs(ours, vosk.words(bytes(Ffmpeg.samples(file, RATE)))));
                words += ours.size();
            }
        }
        assertTrue(words >= 20, words + " words");
        assertTrue(pairs.size() >= words * 0.8, pairs.size() + " of " + words + " words are Vosk's, too");
        List<Pair> off = pairs.stream()
                .filter(pair -> pair.theirs.endMs() - pair.theirs.startMs() < LONGEST_WORD_MS)
                .filter(pair -> pair.offMs() > WITHIN_MS)
                .toList();
        assertEquals(0, off.size(), pairs.size() * UNDECIDED, () -> name + ": " + off);
    }

    private static List<DirectVosk.Word> words(JsonNode transcript, String trackId, double startMs) {
        List<DirectVosk.Word> words = new ArrayList<>();
        for (JsonNode line : transcript.path("utterances")) {
            if (line.path("streamId").asText().equals(trackId)) {
                line.path("words")
                        .forEach(w -> words.add(new DirectVosk.Word(
                                w.path("word").asText(),
                                w.path("startMs").asDouble() - startMs,
                                w.path("endMs").asDouble() - startMs)));
            }
        }
        return words;
    }

    /** Those that are the same in the longest sequence that both have. */
    private static List<Pair> pairs(List<DirectVosk.Word> ours, List<DirectVosk.Word> theirs) {
        int[][] longest = new int[ours.size() + 1][theirs.size() + 1];
        for (int i = ours.size() - 1; i >= 0; i--) {
            for (int j = theirs.size() - 1; j >= 0; j--) {
                longest[i][j] = ours.get(i).word().equals(theirs.get(j).word())
                        ? longest[i + 1][j + 1] + 1
                        : Math.max(longest[i + 1][j], longest[i][j + 1]);
            }
        }
        List<Pair> pairs = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < ours.size() && j < theirs.size()) {
            if (ours.get(i).word().equals(theirs.get(j).word())) {
                pairs.add(new Pair(ours.get(i++), theirs.get(j++)));
            } else if (longest[i + 1][j] >= longest[i][j + 1]) {
                i++;
            } else {
                j++;
            }
        }
        return pairs;
    }

    private static byte[] bytes(short[] pcm) {
        ByteBuffer bytes = ByteBuffer.allocate(pcm.length * 2).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asShortBuffer().put(pcm);
        return bytes.array();
    }
}

package hansard.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.vosk.Model;
import org.vosk.Recognizer;

/** Vosk as anybody would call it: the whole audio of a track, in 20 ms chunks. */
final class DirectVosk implements AutoCloseable {
    private final Model model;

    DirectVosk(Path path) throws IOException {
        this.model = new Model(path.toString());
    }

    /** Times since the first sample. */
    record Word(String word, double startMs, double endMs) {}

    String text(byte[] pcm) throws IOException {
        StringBuilder text = new StringBuilder();
        for (JsonNode result : results(pcm)) {
            text.append(' ').append(result.path("text").asText());
        }
        return text.toString();
    }

    List<Word> words(byte[] pcm) throws IOException {
        List<Word> words = new ArrayList<>();
        for (JsonNode result : results(pcm)) {
            for (JsonNode w : result.path("result")) {
                words.add(new Word(
                        w.path("word").asText(),
                        w.path("start").asDouble() * 1_000,
                        w.path("end").asDouble() * 1_000));
            }
        }
        return words;
    }

    private List<JsonNode> results(byte[] pcm) throws IOException {
        List<JsonNode> results = new ArrayList<>();
        ObjectMapper json = new ObjectMapper();
        try (Recognizer recognizer = new Recognizer(model, 16_000)) {
            recognizer.setWords(true);
            for (int at = 0; at < pcm.length; at += 640) {
                byte[] chunk = Arrays.copyOfRange(pcm, at, Math.min(pcm.length, at + 640));
                if (recognizer.acceptWaveForm(chunk, chunk.length)) {
                    results.add(json.readTree(recognizer.getResult()));
                }
            }
            results.add(json.readTree(recognizer.getFinalResult()));
        }
        return results;
    }

    @Override
    public void close() {
        model.close();
    }
}

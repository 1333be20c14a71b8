package hansard.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.vosk.Model;
import org.vosk.Recognizer;

/** Vosk as anybody would call it: the whole audio of a track, in 20 ms chunks. */
final class DirectVosk implements AutoCloseable {
    private final Model model;

    DirectVosk(Path path) throws IOException {
        this.model = new Model(path.toString());
    }

    String text(byte[] pcm) throws IOException {
        StringBuilder text = new StringBuilder();
        try (Recognizer recognizer = new Recognizer(model, 16_000)) {
            for (int at = 0; at < pcm.length; at += 640) {
                byte[] chunk = Arrays.copyOfRange(pcm, at, Math.min(pcm.length, at + 640));
                if (recognizer.acceptWaveForm(chunk, chunk.length)) {
                    append(text, recognizer.getResult());
                }
            }
            append(text, recognizer.getFinalResult());
        }
        return text.toString();
    }

    private static void append(StringBuilder text, String json) throws IOException {
        JsonNode result = new ObjectMapper().readTree(json);
        text.append(' ').append(result.path("text").asText());
    }

    @Override
    public void close() {
        model.close();
    }
}

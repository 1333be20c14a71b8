package hansard.transcribe;

import hansard.runtime.Json;
import hansard.transcode.CodedSpeech;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.StringJoiner;
import org.vosk.LibVosk;
import org.vosk.LogLevel;
import org.vosk.Model;
import org.vosk.Recognizer;

/**
 * Recognises the tracks it is given, one after another: {@code words-vs-vosk} starts it and measures what it costs. {@code ours} cuts each
 * as transcode does and recognises each stretch as transcribe does; {@code vosk} gives each in full to a recogniser of its own.
 */
public final class WordsBenchmark {
    /** 20 ms. */
    private static final int CHUNK_BYTES = 640;
    /** 320 ms: how often somebody who looks on is shown what is being said. */
    private static final int PARTIAL_BYTES = 10_240;

    private WordsBenchmark() {}

    /** @param arguments {@code ours} or {@code vosk}; the model; the transcript to write: per line a track and its words; the tracks */
    public static void main(String[] arguments) throws IOException {
        Path model = Path.of(arguments[1]);
        String[] tracks = Arrays.copyOfRange(arguments, 3, arguments.length);
        try (PrintWriter transcript =
                new PrintWriter(Files.newBufferedWriter(Path.of(arguments[2]), StandardCharsets.UTF_8))) {
            if (arguments[0].equals("ours")) {
                ours(model, tracks, transcript);
            } else {
                vosk(model, tracks, transcript);
            }
        }
    }

    private static void ours(Path path, String[] tracks, PrintWriter transcript) throws IOException {
        try (Recognisers recognisers = new Recognisers("measured", () -> RecogniserProcess.start(path, 1));
                Listening listening = recognisers.listen()) {
            for (String track : tracks) {
                StringJoiner words = new StringJoiner(" ");
                CodedSpeech.cut(track, new CodedSpeech.Listener() {
                    private int sincePartial;

                    @Override
                    public void speech(byte[] pcm) {
                        sincePartial += pcm.length;
                        boolean partial = sincePartial >= PARTIAL_BYTES;
                        if (partial) {
                            sincePartial = 0;
                        }
                        words.add(listening.hear(pcm, true, partial).result().text());
                    }

                    @Override
                    public void paused() {
                        words.add(listening.finish(true).result().text());
                    }
                });
                transcript.println(track + "\t" + words);
            }
        }
    }

    private static void vosk(Path path, String[] tracks, PrintWriter transcript) throws IOException {
        LibVosk.setLogLevel(LogLevel.WARNINGS);
        try (Model model = new Model(path.toString())) {
            for (String track : tracks) {
                StringJoiner words = new StringJoiner(" ");
                byte[] pcm = Files.readAllBytes(Path.of(track + ".raw"));
                try (Recognizer recognizer = new Recognizer(model, 16_000)) {
                    recognizer.setWords(true);
                    for (int at = 0; at < pcm.length; at += CHUNK_BYTES) {
                        byte[] chunk = Arrays.copyOfRange(pcm, at, Math.min(pcm.length, at + CHUNK_BYTES));
                        if (recognizer.acceptWaveForm(chunk, chunk.length)) {
                            words.add(text(recognizer.getResult()));
                        }
                    }
                    words.add(text(recognizer.getFinalResult()));
                }
                transcript.println(track + "\t" + words);
            }
        }
    }

    private static String text(String json) throws IOException {
        return Json.mapper().readTree(json).path("text").asText();
    }
}

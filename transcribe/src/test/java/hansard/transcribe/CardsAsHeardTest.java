package hansard.transcribe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.wire.Redaction;
import hansard.wire.Utterance;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Card numbers as Vosk hears them: see NOTICE.md. */
class CardsAsHeardTest {
    private static final long T0 = 1_700_000_000_000_000L;

    private static byte[] resource(String name) {
        try (InputStream in = Objects.requireNonNull(CardsAsHeardTest.class.getResourceAsStream(name))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What was heard on each recording. */
    private static Map<String, List<Spoken>> heard() {
        Map<String, List<Spoken>> heard = new LinkedHashMap<>();
        String[] parts = new String(resource("cards-as-heard.txt"), StandardCharsets.UTF_8).split("# ");
        for (String part : Arrays.copyOfRange(parts, 1, parts.length)) {
            String[] lines = part.strip().split("\n");
            List<Utterance.Word> words = new ArrayList<>();
            for (String line : Arrays.copyOfRange(lines, 1, lines.length)) {
                String[] word = line.split(" ");
                words.add(new Utterance.Word(
                        word[0],
                        1000 * Long.parseLong(word[1]),
                        1000 * Long.parseLong(word[2]),
                        Double.parseDouble(word[3])));
            }
            List<Spoken> spoken = heard.computeIfAbsent(lines[0], name -> new ArrayList<>());
            spoken.add(new Spoken(
                    lines[0] + "-" + spoken.size(),
                    words.getFirst().startMicros(),
                    words.getLast().endMicros(),
                    false,
                    new Utterance.Text(
                            String.join(
                                    " ",
                                    words.stream().map(Utterance.Word::word).toList()),
                            0.9,
                            words)));
        }
        return heard;
    }

    @Test
    void everyNumberIsRemovedWithoutAWordForIt() {
        heard().forEach((recording, spoken) -> {
            if (recording.equals(
                    "vosk-digits")) { // fifteen digits that are no card's, half of them heard as other words
                assertEquals(spoken, Said.redacted(new Redactor(), spoken), recording);
            } else {
                Said.texts(Said.redacted(new Redactor(), spoken))
                        .forEach(text -> assertEquals("[card number]", text, recording));
            }
        });
    }

    /** With the real model. */
    @Test
    void aCardNumberIsRemovedFromItsRecording() {
        try (Recognisers recognisers = new Recognisers("test", () -> RecogniserProcess.start(TestStage.MODEL, 1))) {
            for (String recording : List.of("card-jackson.wav", "card-lucas.wav")) {
                byte[] wav = resource(recording);
                byte[] pcm = Arrays.copyOfRange(wav, 44, wav.length);
                Redactor redactor = new Redactor();
                List<Spoken> safe = new ArrayList<>();
                try (Listening listening = recognisers.listen()) {
                    StretchTranscriber stretch = new StretchTranscriber("s", T0, listening, false);
                    stretch.hear(new Pcm(T0, pcm), true).forEach(spoken -> safe.addAll(redactor.hear(spoken)));
                    stretch.finish(true).forEach(spoken -> safe.addAll(redactor.hear(spoken)));
                }
                safe.addAll(redactor.finish());

                assertEquals(List.of("[card number]"), Said.texts(safe));
                Redaction range = redactor.redactions().getFirst();
                assertTrue(range.startMicros() - T0 < 1_000_000, recording);
                assertEquals(T0 + pcm.length / 2 * 1_000_000L / 16_000, range.endMicros(), 1_000_000);
            }
        }
    }
}

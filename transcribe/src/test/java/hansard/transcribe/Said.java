package hansard.transcribe;

import hansard.wire.Utterance;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Utterances made for tests, one word every half second. */
final class Said {
    static final long T0 = 1_700_000_000_000_000L;
    static final long WORD_MICROS = 500_000;

    private final List<Spoken> utterances = new ArrayList<>();
    private long at = T0;

    Said say(String words) {
        List<Utterance.Word> said = new ArrayList<>();
        for (String word : words.split(" ")) {
            said.add(new Utterance.Word(word, at, at + 400_000, 0.9));
            at += WORD_MICROS;
        }
        String id = String.format(Locale.ROOT, "s-%06d", utterances.size());
        utterances.add(new Spoken(
                id,
                said.getFirst().startMicros(),
                said.getLast().endMicros(),
                false,
                new Utterance.Text(words, 0.9, said)));
        return this;
    }

    Said pause(long micros) {
        at += micros;
        return this;
    }

    List<Spoken> utterances() {
        return List.copyOf(utterances);
    }

    /** A partial utterance that begins now. */
    Spoken partial(String words) {
        return new Spoken("s-partial", at, at + WORD_MICROS, true, new Utterance.Text(words, 0, List.of()));
    }

    /** All that a redactor makes of utterances, one after the other. */
    static List<Spoken> redacted(Redactor redactor, List<Spoken> utterances) {
        List<Spoken> safe = new ArrayList<>();
        utterances.forEach(utterance -> safe.addAll(redactor.hear(utterance)));
        safe.addAll(redactor.finish());
        return safe;
    }

    static List<String> texts(List<Spoken> spoken) {
        return spoken.stream().map(s -> s.text().text()).toList();
    }

    /** What becomes of such utterances, half a second apart. */
    static List<String> published(String... utterances) {
        Said said = new Said();
        for (String utterance : utterances) {
            said.say(utterance).pause(WORD_MICROS);
        }
        return texts(redacted(new Redactor(), said.utterances()));
    }
}

package hansard.transcribe;

import hansard.wire.Redaction;
import hansard.wire.Utterance;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An utterance as people write: numbers in digits, capitals, commas and a full stop. The words themselves stay as they were heard; this is
 * for reading. Pure.
 */
final class DisplayText {
    private static final Set<String> REMOVED =
            Arrays.stream(Redaction.Kind.values()).map(Redaction.Kind::word).collect(Collectors.toUnmodifiableSet());
    /** Words of one letter that are no spelling. */
    private static final Set<String> WORDS_OF_A_LETTER = Set.of("a", "i", "o");

    private DisplayText() {}

    /** The text with its display form; one without words, of a partial utterance, as it is. */
    static Utterance.Text added(Utterance.Text text) {
        return text.words().isEmpty()
                ? text
                : new Utterance.Text(text.text(), text.confidence(), text.words(), of(text.words()));
    }

    /** @param timed the utterance's words in lower case, with times */
    static String of(List<Utterance.Word> timed) {
        List<String> words = timed.stream().map(Utterance.Word::word).toList();
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < words.size()) {
            NumberForms.Form form = form(words, at);
            if (!text.isEmpty()) {
                text.append(' ');
            }
            text.append(form.text());
            if (Punctuation.isComma(timed, words, form.next() - 1)) {
                text.append(',');
            }
            at = form.next();
        }
        return text.isEmpty() ? "" : ended(Capitals.first(text.toString()), words);
    }

    private static NumberForms.Form form(List<String> words, int at) {
        if (REMOVED.contains(words.get(at))) {
            return new NumberForms.Form(at + 1, words.get(at));
        }
        NumberForms.Form number = NumberForms.at(words, at);
        if (number != null) {
            return number;
        }
        int letters = letters(words, at);
        return letters > at
                ? new NumberForms.Form(
                        letters, String.join("", words.subList(at, letters)).toUpperCase(Locale.ROOT))
                : new NumberForms.Form(at + 1, Capitals.written(words, at));
    }

    /** @return index after the letters of something spelt, such as "p d f"; the index itself when there are none */
    private static int letters(List<String> words, int at) {
        int next = at;
        while (next < words.size() && isLetter(words.get(next))) {
            next++;
        }
        int size = next - at;
        boolean spelt =
                size > 2 || (size == 2 && words.subList(at, next).stream().noneMatch(WORDS_OF_A_LETTER::contains));
        boolean okay =
                size == 2 && words.get(at).equals("o") && words.get(at + 1).equals("k");
        return spelt || okay ? next : at;
    }

    private static boolean isLetter(String word) {
        return word.length() == 1 && word.charAt(0) >= 'a' && word.charAt(0) <= 'z';
    }

    private static String ended(String text, List<String> words) {
        if (Punctuation.isQuestion(words)) {
            return text + "?";
        }
        return text.endsWith(".") ? text : text + ".";
    }
}

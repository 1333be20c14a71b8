package hansard.testkit;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How far a transcript is from what was said: substitutions, deletions and insertions of words over the words of the reference.
 * Counts are kept, so that several texts can be added up.
 *
 * @param errors the least number of words to change, add or drop
 * @param words of the reference
 */
public record WordErrorRate(long errors, long words) {
    private static final Map<String, String> SAME_AS =
            Map.of("okay", "ok", "mister", "mr", "doctor", "dr", "missus", "mrs");

    /** Nothing compared yet. */
    public static final WordErrorRate NONE = new WordErrorRate(0, 0);

    public static WordErrorRate of(String reference, String heard) {
        List<String> expected = words(reference);
        return new WordErrorRate(distance(expected, words(heard)), expected.size());
    }

    /** The words as they are compared: lower case, without punctuation, spelling variants made one. */
    public static List<String> words(String text) {
        return Arrays.stream(text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}']+"))
                .map(word -> word.replaceAll("^'+|'+$", ""))
                .filter(word -> !word.isEmpty())
                .map(word -> SAME_AS.getOrDefault(word, word))
                .toList();
    }

    public WordErrorRate plus(WordErrorRate other) {
        return new WordErrorRate(errors + other.errors, words + other.words);
    }

    /** 0 is perfect; above 1 when more was invented than said; 0 when nothing was said and nothing heard. */
    public double rate() {
        return words == 0 ? errors : (double) errors / words;
    }

    /** Levenshtein distance over words, two rows. */
    private static int distance(List<String> expected, List<String> heard) {
        int[] previous = new int[heard.size() + 1];
        Arrays.setAll(previous, i -> i);
        for (int i = 1; i <= expected.size(); i++) {
            int[] row = new int[heard.size() + 1];
            row[0] = i;
            for (int j = 1; j <= heard.size(); j++) {
                int substituted = previous[j - 1] + (expected.get(i - 1).equals(heard.get(j - 1)) ? 0 : 1);
                row[j] = Math.min(Math.min(row[j - 1], previous[j]) + 1, substituted);
            }
            previous = row;
        }
        return previous[heard.size()];
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.1f %% (%d of %d words)", 100 * rate(), errors, words);
    }
}

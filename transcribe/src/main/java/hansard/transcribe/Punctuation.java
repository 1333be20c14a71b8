package hansard.transcribe;

import hansard.wire.Utterance;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Where a comma stands, and how a sentence ends: only where it is sure. */
final class Punctuation {
    private static final long PAUSE_MICROS = 350_000;

    private static final Set<String> OPENERS = Set.of(
            "so", "and", "but", "well", "okay", "ok", "oh", "um", "uh", "er", "now", "then", "yes", "no", "yeah",
            "right");
    private static final Set<String> ANSWERS = Set.of("yes", "yeah", "no", "okay", "ok", "oh", "well", "sorry");
    private static final Set<String> ASKING = Set.of(
            "what", "when", "where", "who", "whom", "whose", "why", "how", "which", "what's", "where's", "who's",
            "how's", "when's");
    private static final Set<String> VERBS = Set.of(
            "do",
            "does",
            "did",
            "is",
            "are",
            "was",
            "were",
            "am",
            "can",
            "could",
            "will",
            "would",
            "should",
            "shall",
            "have",
            "has",
            "had",
            "don't",
            "doesn't",
            "didn't",
            "isn't",
            "aren't",
            "wasn't",
            "weren't",
            "can't",
            "couldn't",
            "won't",
            "wouldn't",
            "shouldn't",
            "haven't",
            "hasn't",
            "hadn't");
    private static final Set<String> SUBJECTS = Set.of(
            "i",
            "you",
            "he",
            "she",
            "it",
            "we",
            "they",
            "there",
            "this",
            "that",
            "these",
            "those",
            "the",
            "a",
            "an",
            "your",
            "my",
            "his",
            "her",
            "their",
            "our",
            "anyone",
            "anybody",
            "someone",
            "somebody",
            "everyone",
            "everybody");
    private static final Set<String> AFTER_HOW =
            Set.of("much", "many", "long", "often", "far", "old", "about", "come", "soon");
    /** Nobody puts a comma after these: the speaker looks for the next word. */
    private static final Set<String> NO_COMMA_AFTER = Set.of(
            "a", "an", "the", "of", "to", "in", "on", "at", "for", "from", "with", "by", "and", "or", "but", "so",
            "that", "is", "are", "was", "were", "my", "your", "his", "her", "their", "our", "its", "i", "you", "he",
            "she", "we", "they", "very", "as", "than", "this", "these", "those", "be", "been", "will", "would", "can",
            "could");

    private static final Set<String> TAGS = tags();

    private Punctuation() {}

    /** @return true when what the utterance's words say is a question */
    static boolean isQuestion(List<String> words) {
        int at = 0;
        while (at < words.size() - 1 && OPENERS.contains(words.get(at))) {
            at++;
        }
        if (at == words.size()) {
            return false;
        }
        String first = words.get(at);
        if (at + 1 == words.size()) {
            return ASKING.contains(first);
        }
        String second = words.get(at + 1);
        if (ASKING.contains(first)) {
            return first.endsWith("'s") || asks(first, second, words.subList(at + 2, words.size()));
        }
        return (VERBS.contains(first) && SUBJECTS.contains(second)) || hasTag(words);
    }

    private static boolean asks(String first, String second, List<String> rest) {
        boolean next = VERBS.contains(second) && !first.equals("which");
        boolean counting =
                (first.equals("how") && AFTER_HOW.contains(second)) || (first.equals("what") && second.equals("about"));
        // "what time is it", "which one do you want": the verb stands before its subject
        boolean later =
                (first.equals("what") || first.equals("which")) && !SUBJECTS.contains(second) && isInverted(rest);
        return next || counting || later;
    }

    private static boolean isInverted(List<String> words) {
        for (int i = 0; i + 1 < Math.min(words.size(), 4); i++) {
            if (VERBS.contains(words.get(i)) && SUBJECTS.contains(words.get(i + 1))) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasTag(List<String> words) {
        int size = words.size();
        return size > 3 && TAGS.contains(words.get(size - 2) + " " + words.get(size - 1));
    }

    /** @return true for a comma between that word and the next */
    static boolean isComma(List<Utterance.Word> timed, List<String> words, int after) {
        if (after + 1 >= words.size()) {
            return false;
        }
        if (after == 0 && ANSWERS.contains(words.getFirst()) && startsClause(words.get(1))) {
            return true;
        }
        if (after == words.size() - 3 && hasTag(words)) {
            return true;
        }
        long pause = timed.get(after + 1).startMicros() - timed.get(after).endMicros();
        return pause >= PAUSE_MICROS && !NO_COMMA_AFTER.contains(words.get(after));
    }

    private static boolean startsClause(String word) {
        int apostrophe = word.indexOf('\'');
        String subject = apostrophe < 0 ? word : word.substring(0, apostrophe);
        return Set.of("i", "you", "he", "she", "it", "we", "they", "that").contains(subject)
                && (apostrophe > 0 || !subject.equals("that"));
    }

    private static Set<String> tags() {
        Set<String> tags = new HashSet<>();
        for (String verb : List.of("isn't", "doesn't", "didn't", "won't", "can't", "wasn't", "hasn't", "wouldn't")) {
            for (String subject : List.of("it", "he", "she")) {
                tags.add(verb + " " + subject);
            }
        }
        for (String verb : List.of("aren't", "don't", "didn't", "won't", "can't", "weren't", "haven't", "wouldn't")) {
            for (String subject : List.of("you", "we", "they")) {
                tags.add(verb + " " + subject);
            }
        }
        return Set.copyOf(tags);
    }
}

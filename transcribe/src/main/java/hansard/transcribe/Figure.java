package hansard.transcribe;

import hansard.wire.Utterance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one spoken number of a digit run is in digits: "seven" 7, "double oh" 00, "forty one" 41, "four hundred and twelve" 412,
 * "forty one hundred" 4100. Plaintext.
 *
 * @param first index of its first word
 * @param last index of its last word
 * @param part {@code NUMBER}, {@code ALIKE} or {@code FAINT}
 */
record Figure(int first, int last, String digits, NumberWords.Part part) {

    /** @return the number that begins with that word, or null when none does */
    static @Nullable Figure at(List<Utterance.Word> words, int at) {
        String word = words.get(at).word();
        Integer times = NumberWords.TIMES.get(word);
        if (times != null) {
            return repeated(words, at, times);
        }
        return switch (NumberWords.part(word)) {
            case NUMBER -> number(words, at);
            case ALIKE, FAINT -> new Figure(at, at, Integer.toString(NumberWords.digit(word)), NumberWords.part(word));
            case FILLER, OTHER -> null;
        };
    }

    private static @Nullable Figure repeated(List<Utterance.Word> words, int at, int times) {
        if (at + 1 == words.size()) {
            return new Figure(at, at, "", NumberWords.Part.ALIKE); // what is doubled is still to come
        }
        if (!isNear(words, at, at + 1)) {
            return null;
        }
        String word = words.get(at + 1).word();
        int digit = NumberWords.digit(word);
        if (digit < 0 || NumberWords.part(word) == NumberWords.Part.FAINT) {
            return null;
        }
        return new Figure(at, at + 1, Integer.toString(digit).repeat(times), NumberWords.Part.NUMBER);
    }

    private static Figure number(List<Utterance.Word> words, int at) {
        Figure head = belowHundred(words, at);
        int value = Integer.parseInt(head.digits());
        if (value == 0) {
            return head;
        }
        if (is(words, head.last(), "thousand")) {
            return thousands(words, head, value);
        }
        if (is(words, head.last(), "hundred")) {
            return hundreds(words, head, value, head.last() + 1);
        }
        return head;
    }

    private static Figure thousands(List<Utterance.Word> words, Figure head, int value) {
        int thousand = head.last() + 1;
        int next = afterAnd(words, thousand);
        if (next < 0 || NumberWords.part(words.get(next).word()) != NumberWords.Part.NUMBER) {
            return new Figure(head.first(), thousand, value + "000", head.part());
        }
        Figure rest = belowHundred(words, next);
        int below = Integer.parseInt(rest.digits());
        if (below > 0 && below < 10 && is(words, rest.last(), "hundred")) {
            rest = hundreds(words, rest, below, rest.last() + 1);
        } else if (next == thousand + 1) {
            return new Figure(
                    head.first(), thousand, value + "000", head.part()); // "four thousand one": perhaps the next digit
        }
        return new Figure(
                head.first(),
                rest.last(),
                Integer.toString(value * 1000 + Integer.parseInt(rest.digits())),
                head.part());
    }

    private static Figure hundreds(List<Utterance.Word> words, Figure head, int value, int hundred) {
        int next = afterAnd(words, hundred);
        if (next >= 0 && NumberWords.part(words.get(next).word()) == NumberWords.Part.NUMBER) {
            Figure rest = belowHundred(words, next);
            int below = Integer.parseInt(rest.digits());
            if (below > 9 || (below > 0 && next > hundred + 1)) {
                return new Figure(head.first(), rest.last(), Integer.toString(value * 100 + below), head.part());
            }
        }
        return new Figure(head.first(), hundred, value + "00", head.part());
    }

    private static Figure belowHundred(List<Utterance.Word> words, int at) {
        String word = words.get(at).word();
        Integer teen = NumberWords.TEENS.get(word);
        if (teen != null) {
            return new Figure(at, at, teen.toString(), NumberWords.Part.NUMBER);
        }
        Integer tens = NumberWords.TENS.get(word);
        if (tens == null) {
            return new Figure(at, at, Integer.toString(NumberWords.digit(word)), NumberWords.Part.NUMBER);
        }
        if (isNear(words, at, at + 1)) {
            String unit = words.get(at + 1).word();
            int digit = NumberWords.digit(unit);
            boolean said = NumberWords.UNITS.containsKey(unit) || NumberWords.part(unit) == NumberWords.Part.ALIKE;
            if (digit > 0 && said) {
                return new Figure(at, at + 1, Integer.toString(tens + digit), NumberWords.Part.NUMBER);
            }
        }
        return new Figure(at, at, tens.toString(), NumberWords.Part.NUMBER);
    }

    /** @return index of the word after that one, or after an "and" that follows it; -1 when there is none soon */
    private static int afterAnd(List<Utterance.Word> words, int at) {
        int next = is(words, at, "and") ? at + 2 : at + 1;
        return isNear(words, at, next) ? next : -1;
    }

    private static boolean is(List<Utterance.Word> words, int before, String word) {
        return isNear(words, before, before + 1) && words.get(before + 1).word().equals(word);
    }

    private static boolean isNear(List<Utterance.Word> words, int from, int to) {
        return to < words.size()
                && words.get(to).startMicros() - words.get(from).endMicros() < DigitRun.LONGEST_PAUSE_MICROS;
    }

    /** When its number begins: the word "double" may be long before its digit. */
    long startMicros(List<Utterance.Word> words) {
        boolean repeats = NumberWords.TIMES.containsKey(words.get(first).word());
        return words.get(repeats ? last : first).startMicros();
    }

    /** True when that word is one of its. */
    boolean isOf(List<Utterance.Word> words, String word) {
        return words.subList(first, last + 1).stream()
                .anyMatch(said -> said.word().equals(word));
    }

    @Override
    public String toString() {
        return "Figure[" + digits.length() + " digits]";
    }
}

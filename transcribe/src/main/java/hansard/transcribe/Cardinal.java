package hansard.transcribe;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A number said as one ("four hundred and twelve", "two thousand and five", "twenty five") and the words that say it.
 *
 * @param first index of its first word
 * @param next index of the word after it
 */
record Cardinal(int first, int next, long value) {
    private static final Map<String, Long> SCALES =
            Map.of("thousand", 1_000L, "million", 1_000_000L, "billion", 1_000_000_000L);

    /** @return the longest number that begins there, or null */
    static @Nullable Cardinal at(List<String> words, int at) {
        long total = 0;
        long above = Long.MAX_VALUE;
        int next = at;
        while (true) {
            int from = total > 0 && is(words, next, "and") ? next + 1 : next;
            Cardinal part = belowThousand(words, from);
            if (part == null || (total > 0 && (part.value() == 0 || (from == next && above == 1)))) {
                break;
            }
            Long scale = part.next() < words.size() ? SCALES.get(words.get(part.next())) : null;
            long size = scale == null ? 1 : scale;
            if (size >= above || (from > next && size > 1)) {
                break;
            }
            total += part.value() * size;
            above = size;
            next = scale == null ? part.next() : part.next() + 1;
            if (scale == null) {
                break;
            }
        }
        return next == at ? null : new Cardinal(at, next, total);
    }

    private static @Nullable Cardinal belowThousand(List<String> words, int at) {
        Cardinal head = belowHundred(words, at);
        if (head == null || head.value() == 0 || !is(words, head.next(), "hundred")) {
            return head;
        }
        int after = head.next() + 1;
        Cardinal rest = belowHundred(words, is(words, after, "and") ? after + 1 : after);
        long hundreds = head.value() * 100;
        return rest == null || rest.value() == 0
                ? new Cardinal(at, after, hundreds)
                : new Cardinal(at, rest.next(), hundreds + rest.value());
    }

    /** @return the number below a hundred that begins there, or null */
    static @Nullable Cardinal belowHundred(List<String> words, int at) {
        if (at >= words.size()) {
            return null;
        }
        Integer small = NumberWords.UNITS.get(words.get(at));
        small = small == null ? NumberWords.TEENS.get(words.get(at)) : small;
        if (small != null) {
            return new Cardinal(at, at + 1, small);
        }
        Integer tens = NumberWords.TENS.get(words.get(at));
        if (tens == null) {
            return null;
        }
        Integer unit = at + 1 < words.size() ? NumberWords.UNITS.get(words.get(at + 1)) : null;
        return unit == null || unit == 0 ? new Cardinal(at, at + 1, tens) : new Cardinal(at, at + 2, tens + unit);
    }

    static boolean is(List<String> words, int at, String word) {
        return at >= 0 && at < words.size() && words.get(at).equals(word);
    }
}

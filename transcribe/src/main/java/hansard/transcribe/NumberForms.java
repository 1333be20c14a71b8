package hansard.transcribe;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How numbers are written: times, years, money, shares, dates, runs of digits, and whatever else is ten or more. */
final class NumberForms {
    private static final Map<String, String> MONEY =
            Map.of("dollar", "$", "dollars", "$", "pound", "£", "pounds", "£", "euro", "€", "euros", "€");
    private static final Map<String, Integer> ORDINALS = Map.ofEntries(
            Map.entry("first", 1),
            Map.entry("second", 2),
            Map.entry("third", 3),
            Map.entry("fourth", 4),
            Map.entry("fifth", 5),
            Map.entry("sixth", 6),
            Map.entry("seventh", 7),
            Map.entry("eighth", 8),
            Map.entry("ninth", 9),
            Map.entry("tenth", 10),
            Map.entry("eleventh", 11),
            Map.entry("twelfth", 12),
            Map.entry("thirteenth", 13),
            Map.entry("fourteenth", 14),
            Map.entry("fifteenth", 15),
            Map.entry("sixteenth", 16),
            Map.entry("seventeenth", 17),
            Map.entry("eighteenth", 18),
            Map.entry("nineteenth", 19),
            Map.entry("twentieth", 20),
            Map.entry("thirtieth", 30));
    /** Before a year. */
    private static final Set<String> BEFORE_YEAR =
            Set.of("in", "since", "until", "till", "of", "from", "before", "after", "during", "year", "by");
    /** Before a time of day without "a m" or "p m". */
    private static final Set<String> BEFORE_TIME = Set.of("at", "until", "till", "around");
    /** A run of digits has so many, said one by one. */
    private static final int FEWEST_DIGITS = 3;

    private NumberForms() {}

    /** What stands for the words from one index to before another. */
    record Form(int next, String text) {}

    /** @return how what begins there is written, or null when it is no number or stays in words */
    static @Nullable Form at(List<String> words, int at) {
        Form form = digits(words, at);
        form = form == null ? time(words, at) : form;
        form = form == null ? year(words, at) : form;
        form = form == null ? ordinal(words, at) : form;
        return form == null ? amount(words, at) : form;
    }

    private static @Nullable Form digits(List<String> words, int at) {
        StringBuilder digits = new StringBuilder();
        int next = at;
        while (next < words.size()) {
            Integer times = NumberWords.TIMES.get(words.get(next));
            int word = times == null ? next : next + 1;
            if (word >= words.size() || !isDigit(words.get(word))) {
                break;
            }
            digits.append(Integer.toString(NumberWords.digit(words.get(word))).repeat(times == null ? 1 : times));
            next = word + 1;
        }
        boolean goesOn = next < words.size()
                && (words.get(next).equals("hundred") || words.get(next).equals("thousand"));
        return digits.length() < FEWEST_DIGITS || goesOn ? null : new Form(next, digits.toString());
    }

    private static boolean isDigit(String word) {
        return NumberWords.UNITS.containsKey(word) || NumberWords.OTHER_ZEROS.contains(word);
    }

    private static @Nullable Form time(List<String> words, int at) {
        Cardinal hour = Cardinal.belowHundred(words, at);
        if (hour == null || hour.value() < 1 || hour.value() > 12 || hour.next() != at + 1) {
            return null;
        }
        String half = half(words, hour.next());
        if (half != null) {
            return new Form(hour.next() + 2, hour.value() + half);
        }
        if (Cardinal.is(words, hour.next(), "o'clock")) {
            return new Form(hour.next() + 1, hour.value() + " o'clock");
        }
        boolean oh = hour.next() < words.size() && NumberWords.OTHER_ZEROS.contains(words.get(hour.next()));
        Cardinal minute = Cardinal.belowHundred(words, oh ? hour.next() + 1 : hour.next());
        if (minute == null || minute.value() > 59 || (minute.value() < 10) != oh) {
            return null;
        }
        String clock = String.format(Locale.ROOT, "%d:%02d", hour.value(), minute.value());
        half = half(words, minute.next());
        if (half != null) {
            return new Form(minute.next() + 2, clock + half);
        }
        boolean said = at > 0 && BEFORE_TIME.contains(words.get(at - 1));
        boolean counted = minute.next() < words.size() && isUnit(words.get(minute.next()));
        return said && !counted ? new Form(minute.next(), clock) : null;
    }

    private static boolean isUnit(String word) {
        return MONEY.containsKey(word)
                || Set.of("hundred", "thousand", "million", "per", "percent", "cents")
                        .contains(word);
    }

    private static @Nullable String half(List<String> words, int at) {
        if (!Cardinal.is(words, at + 1, "m")) {
            return null;
        }
        return Cardinal.is(words, at, "p") ? " p.m." : Cardinal.is(words, at, "a") ? " a.m." : null;
    }

    private static @Nullable Form year(List<String> words, int at) {
        Cardinal century = Cardinal.belowHundred(words, at);
        if (century == null || century.next() != at + 1 || century.value() < 13 || century.value() > 20) {
            return null;
        }
        boolean oh = century.next() < words.size() && NumberWords.OTHER_ZEROS.contains(words.get(century.next()));
        Cardinal rest = Cardinal.belowHundred(words, oh ? century.next() + 1 : century.next());
        if (rest == null || (rest.value() < 10) != oh || isCounted(words, rest.next())) {
            return null;
        }
        return century.value() == 19 || isAfterDate(words, at)
                ? new Form(rest.next(), Long.toString(century.value() * 100 + rest.value()))
                : null;
    }

    private static boolean isCounted(List<String> words, int next) {
        return next < words.size() && (isUnit(words.get(next)) || Cardinal.belowHundred(words, next) != null);
    }

    private static boolean isAfterDate(List<String> words, int at) {
        return at > 0 && (BEFORE_YEAR.contains(words.get(at - 1)) || Capitals.isMonth(words.get(at - 1)));
    }

    private static @Nullable Form ordinal(List<String> words, int at) {
        Integer tens = NumberWords.TENS.get(words.get(at));
        Integer last = tens == null
                ? ORDINALS.get(words.get(at))
                : at + 1 < words.size() ? ORDINALS.get(words.get(at + 1)) : null;
        if (last == null || (tens == null ? last <= 10 : last >= 10)) {
            return null;
        }
        int value = tens == null ? last : tens + last;
        boolean teen = value % 100 >= 11 && value % 100 <= 13;
        String ending = teen ? "th" : value % 10 == 1 ? "st" : value % 10 == 2 ? "nd" : value % 10 == 3 ? "rd" : "th";
        return new Form(tens == null ? at + 1 : at + 2, value + ending);
    }

    private static @Nullable Form amount(List<String> words, int at) {
        Cardinal number = Cardinal.at(words, at);
        if (number == null) {
            return null;
        }
        int next = number.next();
        String text = isAfterDate(words, at) && number.value() >= 2000 && number.value() < 2100
                ? Long.toString(number.value())
                : grouped(number.value());
        boolean decimal = Cardinal.is(words, next, "point") && next + 1 < words.size() && isDigit(words.get(next + 1));
        if (decimal) {
            StringBuilder digits = new StringBuilder(text).append('.');
            for (next++; next < words.size() && isDigit(words.get(next)); next++) {
                digits.append(NumberWords.digit(words.get(next)));
            }
            text = digits.toString();
        }
        String unit = next < words.size() ? words.get(next) : "";
        if (unit.equals("percent")) {
            return new Form(next + 1, text + "%");
        }
        if (unit.equals("per") && Cardinal.is(words, next + 1, "cent")) {
            return new Form(next + 2, text + "%");
        }
        String sign = MONEY.get(unit);
        if (sign != null) {
            return money(words, next + 1, sign + text, decimal);
        }
        return number.value() < 10 && !decimal ? null : new Form(next, text);
    }

    /** "five dollars and twenty cents". */
    private static Form money(List<String> words, int next, String whole, boolean decimal) {
        int from = Cardinal.is(words, next, "and") ? next + 1 : next;
        Cardinal cents = decimal ? null : Cardinal.belowHundred(words, from);
        boolean said = cents != null
                && (Cardinal.is(words, cents.next(), "cents") || Cardinal.is(words, cents.next(), "pence"));
        return cents != null && said
                ? new Form(cents.next() + 1, whole + String.format(Locale.ROOT, ".%02d", cents.value()))
                : new Form(next, whole);
    }

    private static String grouped(long value) {
        return value < 10_000 ? Long.toString(value) : String.format(Locale.ROOT, "%,d", value);
    }
}

package hansard.transcribe;

import hansard.wire.Utterance;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Numbers that follow one another with nothing but fillers and less than ten seconds between, and no pause of four once
 * they are as many as a card's. At least one word of it says
 * a number; it begins and ends with what is or sounds like a digit. Plaintext.
 *
 * @param open true when no word that ends it has come
 */
record DigitRun(List<Figure> figures, boolean open) {
    static final long LONGEST_PAUSE_MICROS = 10_000_000;
    /** Two of the longest card numbers. Who counts on has no card number. */
    private static final int MOST_DIGITS = 40;
    /** Most cards have so many digits, or one more: after them a pause parts one number from the next. */
    private static final int MOST_CARDS = 15;

    private static final long PAUSE_AFTER_CARD_MICROS = 4_000_000;
    /** An expiry date and a security code. */
    private static final int MOST_BESIDE = 8;

    private static final long PAUSE_MICROS = 300_000;

    DigitRun {
        figures = List.copyOf(figures);
    }

    /** Index of the first word. */
    int first() {
        return figures.getFirst().first();
    }

    /** Index of the last word. */
    int last() {
        return figures.getLast().last();
    }

    /** How many digits, everything that may be one counted. */
    int digits() {
        return figures.stream().mapToInt(figure -> figure.digits().length()).sum();
    }

    /** True when it is so many digits, each said by itself. */
    boolean isSpelt(int digits) {
        return figures.size() == digits && digits() == digits;
    }

    /** All runs in the words, in order. */
    static List<DigitRun> in(List<Utterance.Word> words) {
        List<DigitRun> runs = new ArrayList<>();
        List<Figure> figures = new ArrayList<>();
        int at = 0;
        while (at < words.size()) {
            Figure figure = Figure.at(words, at);
            if (figure == null) {
                if (NumberWords.part(words.get(at).word()) == NumberWords.Part.OTHER) {
                    add(runs, figures, false);
                }
                at++;
                continue;
            }
            if (!figures.isEmpty() && isOver(words, figures, at, figure)) {
                add(runs, figures, false);
            }
            if (!figures.isEmpty() || figure.part() != NumberWords.Part.FAINT) {
                figures.add(figure);
            }
            at = figure.last() + 1;
        }
        add(runs, figures, true);
        return runs;
    }

    /** @param at index of the word before which it may be over; fillers before it go on with the number */
    private static boolean isOver(List<Utterance.Word> words, List<Figure> figures, int at, Figure next) {
        long begins = next.startMicros(words);
        int digits = figures.stream().mapToInt(f -> f.digits().length()).sum();
        return begins - words.get(figures.getLast().last()).endMicros() >= LONGEST_PAUSE_MICROS
                || (begins - words.get(at - 1).endMicros() >= PAUSE_AFTER_CARD_MICROS && digits >= MOST_CARDS)
                || digits >= MOST_DIGITS;
    }

    private static void add(List<DigitRun> runs, List<Figure> figures, boolean open) {
        while (!figures.isEmpty() && figures.getLast().part() == NumberWords.Part.FAINT) {
            figures.removeLast();
        }
        boolean said = figures.stream().anyMatch(figure -> figure.part() == NumberWords.Part.NUMBER);
        if (!figures.isEmpty() && (said || open)) {
            runs.add(new DigitRun(figures, open));
        }
        figures.clear();
    }

    /**
     * The card number in it. ISO/IEC 7812-1: 13 to 19 digits, the last of which is a check digit (Luhn). What stands beside it may be left
     * out: words that only sound like a digit, and, where the speaker paused, a few digits ("this one", an expiry date).
     *
     * @return the part of the run that is to be removed; null when no reading of it has a right check digit
     */
    @Nullable
    DigitRun cardNumber(List<Utterance.Word> words) {
        if (figures.stream().anyMatch(figure -> figure.isOf(words, "thousand"))) {
            return null; // amounts
        }
        DigitRun card = widest(words, CheckDigits::ofCard);
        return card == null ? widest(words, CheckDigits::ofMoreThanCard) : card;
    }

    /** By chance more than one reading may be right; what any of them has is removed. */
    private @Nullable DigitRun widest(List<Utterance.Word> words, Predicate<List<Figure>> isCard) {
        int first = figures.size();
        int last = 0;
        for (int start = 0; start < figures.size(); start++) {
            for (int end = figures.size(); end > start && mayBeLeftOut(words, 0, start, start); end--) {
                List<Figure> part = figures.subList(start, end);
                if (mayBeLeftOut(words, end, figures.size(), end) && isMostlySaid(part) && isCard.test(part)) {
                    first = Math.min(first, start);
                    last = Math.max(last, end);
                }
            }
        }
        return last == 0 ? null : new DigitRun(figures.subList(first, last), open);
    }

    /** @param border where the part that is left out, from one figure to another, touches the rest */
    private boolean mayBeLeftOut(List<Utterance.Word> words, int from, int to, int border) {
        List<Figure> part = figures.subList(from, to);
        if (part.stream().noneMatch(figure -> figure.part() == NumberWords.Part.NUMBER)) {
            return true;
        }
        return border > 0
                && border < figures.size()
                && part.stream().mapToInt(figure -> figure.digits().length()).sum() <= MOST_BESIDE
                && isPause(words, figures.get(border - 1), figures.get(border));
    }

    private static boolean isPause(List<Utterance.Word> words, Figure figure, Figure next) {
        return words.get(next.first()).startMicros() - words.get(figure.last()).endMicros() >= PAUSE_MICROS;
    }

    /** The figures after a card number, as the speaker's pauses part them. */
    List<DigitRun> after(DigitRun card, List<Utterance.Word> words) {
        List<DigitRun> runs = new ArrayList<>();
        List<Figure> part = new ArrayList<>();
        for (Figure figure : figures) {
            if (figure.first() <= card.last()) {
                continue;
            }
            if (!part.isEmpty() && isPause(words, part.getLast(), figure)) {
                add(runs, part, open);
            }
            part.add(figure);
        }
        add(runs, part, open);
        return runs;
    }

    private static boolean isMostlySaid(List<Figure> figures) {
        int said = 0;
        int alike = 0;
        for (Figure figure : figures) {
            switch (figure.part()) {
                case NUMBER -> said += figure.digits().length();
                case ALIKE -> alike++;
                case FAINT, FILLER, OTHER -> {}
            }
        }
        return said >= alike;
    }

    /** True when words that say numbers outweigh those that only sound like one. */
    boolean isMostlySaid() {
        return isMostlySaid(figures);
    }

    @Override
    public String toString() {
        return "DigitRun[" + figures.size() + " figures]";
    }
}

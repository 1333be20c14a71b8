package hansard.transcribe;

import hansard.wire.Redaction;
import hansard.wire.Utterance;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which digits are a card's, by what they are and what was said near them. Pure: the same words give the same answer.
 *
 * @param words that are looked at
 * @param utterances ordinal of the utterance of each word
 * @param marks of these words and of those before them
 */
record CardRules(List<Utterance.Word> words, long[] utterances, List<CardWords.Mark> marks) {
    /** As long as somebody needs to find the card. */
    static final long BEFORE_MICROS = 20_000_000;
    /** After a card number: said again, corrected, and its code. */
    static final long AFTER_CARD_MICROS = 60_000_000;

    private static final long AFTER_MICROS = DigitRun.LONGEST_PAUSE_MICROS;
    /** A recogniser loses some of the shortest numbers' 13 digits. */
    private static final int FEWEST_NEAR_CARD = 11;

    private static final int FEWEST = 13;
    private static final int FEWEST_OF_GROUP = 3;

    /** Words, by their first and last index, that are to be removed. */
    record Finding(int first, int last, Redaction.Kind kind) {}

    /**
     * What is to be removed of groups of digits that stand together.
     *
     * @param cardFoundMicros end of the last card number before them
     */
    List<Finding> findings(List<DigitRun> group, long cardFoundMicros) {
        List<Finding> findings = new ArrayList<>();
        List<DigitRun> rest = new ArrayList<>();
        long found = cardFoundMicros;
        for (DigitRun run : group) {
            DigitRun card = card(run, found);
            if (card == null) {
                rest.add(run);
            } else {
                findings.add(new Finding(card.first(), card.last(), Redaction.Kind.CARD_NUMBER));
                found = words.get(card.last()).endMicros();
                rest.addAll(run.after(card, words));
            }
        }
        if (findings.isEmpty() && rest.size() > 1 && isCardInPieces(rest, found)) {
            rest.forEach(run -> findings.add(new Finding(run.first(), run.last(), Redaction.Kind.CARD_NUMBER)));
            return findings;
        }
        for (DigitRun run : rest) {
            if (isSecurityCode(run, found)) {
                findings.add(new Finding(run.first(), run.last(), Redaction.Kind.SECURITY_CODE));
            }
        }
        return findings;
    }

    private @Nullable DigitRun card(DigitRun run, long found) {
        DigitRun card = run.cardNumber(words);
        if (card != null) {
            return card;
        }
        if (run.digits() < FEWEST_NEAR_CARD || !run.isMostlySaid()) {
            return null;
        }
        CardWords.@Nullable Sense sense = nearest(run, run, found);
        boolean isCard =
                sense == CardWords.Sense.CARD || (sense == CardWords.Sense.SOME_NUMBER && run.digits() >= FEWEST);
        return isCard ? run : null;
    }

    /** "four one one one, that was the first bit, one one one one": with few other words between. */
    private boolean isCardInPieces(List<DigitRun> group, long found) {
        return group.stream().mapToInt(DigitRun::digits).sum() >= FEWEST_NEAR_CARD
                && group.stream().allMatch(DigitRun::isMostlySaid)
                && nearest(group.getFirst(), group.getLast(), found) == CardWords.Sense.CARD;
    }

    private boolean isSecurityCode(DigitRun run, long found) {
        if (!run.isMostlySaid() || !isLongAsCode(run)) {
            return false;
        }
        CardWords.@Nullable Sense before = null;
        CardWords.@Nullable Sense after = null;
        for (CardWords.Mark mark : marks) {
            boolean speaks = mark.sense() != CardWords.Sense.CARD && mark.sense() != CardWords.Sense.SOME_NUMBER;
            if (speaks && isBefore(mark, run)) {
                before = mark.sense();
            } else if (speaks && after == null && isAfter(mark, run)) {
                after = mark.sense();
            }
        }
        if (before != null) {
            return before == CardWords.Sense.SECURITY_CODE;
        }
        boolean standsAlone = start(run) - found < AFTER_CARD_MICROS && run.isSpelt(3) && isAllOfItsUtterances(run);
        return after == CardWords.Sense.SECURITY_CODE || standsAlone;
    }

    /** Three or four digits, or the same said twice. */
    private static boolean isLongAsCode(DigitRun run) {
        int digits = run.digits();
        if (digits != 6 && digits != 8) {
            return digits == 3 || digits == 4;
        }
        StringBuilder all = new StringBuilder();
        run.figures().forEach(figure -> all.append(figure.digits()));
        return all.substring(0, digits / 2).equals(all.substring(digits / 2));
    }

    /** What the nearest words before the digits speak for, or else the first after them. */
    private CardWords.@Nullable Sense nearest(DigitRun first, DigitRun last, long found) {
        CardWords.@Nullable Sense before = start(first) - found < AFTER_CARD_MICROS ? CardWords.Sense.CARD : null;
        CardWords.@Nullable Sense after = null;
        for (CardWords.Mark mark : marks) {
            switch (mark.sense()) {
                case CARD, OTHER_NUMBER -> {
                    if (isBefore(mark, first)) {
                        before = mark.sense();
                    } else if (after == null && isAfter(mark, last)) {
                        after = mark.sense();
                    }
                }
                case SOME_NUMBER -> before = before == null && isBefore(mark, first) ? mark.sense() : before;
                case SECURITY_CODE, EXPIRY -> {}
            }
        }
        return after == CardWords.Sense.CARD && before != CardWords.Sense.OTHER_NUMBER
                ? after
                : before == null ? after : before;
    }

    private boolean isBefore(CardWords.Mark mark, DigitRun run) {
        long start = start(run);
        return mark.startMicros() < start && start - mark.startMicros() < BEFORE_MICROS;
    }

    /** In the utterance in which the digits end, or in the next. */
    private boolean isAfter(CardWords.Mark mark, DigitRun run) {
        long end = words.get(run.last()).endMicros();
        return mark.startMicros() >= end
                && mark.startMicros() - end < AFTER_MICROS
                && mark.utterance() <= utterances[run.last()] + 1;
    }

    private boolean isAllOfItsUtterances(DigitRun run) {
        for (int i = 0; i < words.size(); i++) {
            boolean inside = utterances[i] >= utterances[run.first()] && utterances[i] <= utterances[run.last()];
            boolean within = i >= run.first() && i <= run.last();
            if (inside && !within && NumberWords.part(words.get(i).word()) == NumberWords.Part.OTHER) {
                return false;
            }
        }
        return true;
    }

    private long start(DigitRun run) {
        return words.get(run.first()).startMicros();
    }

    /** True for digits that may be a part of a card number, or a security code. */
    static boolean isLongEnough(DigitRun run) {
        return run.digits() >= FEWEST_OF_GROUP && run.isMostlySaid();
    }

    @Override
    public String toString() {
        return "CardRules[" + words.size() + " words]";
    }
}

package hansard.transcribe;

import hansard.wire.Utterance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * Keeps card numbers out of utterances that are still being spoken, where nothing can be known of what comes. Of a number at most three
 * digits are shown, those counted that are kept back of the utterances before; none at all where words speak for a card or its code.
 */
final class PartialMask {
    private static final String MASK = "[number]";
    private static final int MOST_SHOWN = 3;

    private PartialMask() {}

    static String masked(Spoken partial, Collection<Spoken> held, List<CardWords.Mark> marks, long cardFoundMicros) {
        String text = partial.text().text();
        List<String> spoken = text.isEmpty() ? List.of() : Arrays.asList(text.split(" "));
        List<Utterance.Word> words = new ArrayList<>(HeldWords.of(held, 0).words());
        int before = words.size();
        // the words of a partial have no times: all of them may belong to what was said last
        long at = words.isEmpty()
                ? partial.startMicros()
                : Math.min(partial.startMicros(), words.getLast().endMicros());
        List<Utterance.Word> own =
                spoken.stream().map(word -> new Utterance.Word(word, at, at, 0)).toList();
        words.addAll(own);
        boolean none = partial.startMicros() - cardFoundMicros < CardRules.AFTER_CARD_MICROS
                || marks.stream().anyMatch(mark -> isNear(mark, partial))
                || CardWords.in(own, 0).stream().anyMatch(PartialMask::isOfCard);
        List<String> shown = new ArrayList<>(spoken);
        for (DigitRun run : DigitRun.in(words).reversed()) {
            boolean shows = run.digits() > MOST_SHOWN || (none && run.isMostlySaid());
            if (shows && run.last() >= before) {
                List<String> masked = shown.subList(Math.max(0, run.first() - before), run.last() - before + 1);
                masked.clear();
                masked.add(MASK);
            }
        }
        return String.join(" ", shown);
    }

    private static boolean isNear(CardWords.Mark mark, Spoken partial) {
        return isOfCard(mark) && partial.startMicros() - mark.startMicros() < CardRules.BEFORE_MICROS;
    }

    private static boolean isOfCard(CardWords.Mark mark) {
        return mark.sense() == CardWords.Sense.CARD || mark.sense() == CardWords.Sense.SECURITY_CODE;
    }
}

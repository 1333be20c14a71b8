package hansard.transcribe;

import hansard.wire.Redaction;
import hansard.wire.Utterance;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Removes card numbers and security codes from what one track says, before it is sealed for anybody to read (PCI DSS 4.0.1,
 * requirements 3.3.1 and 3.4). An utterance whose digits may be a part of a number that goes on is kept back until the next
 * utterance, ten seconds of media time or the end of the track decide. What comes out depends on the words and their times alone,
 * never on when it is asked for.
 *
 * <p>Pure; one thread. What the other party says is not known here.
 */
final class Redactor {
    private static final long NEVER = Long.MIN_VALUE / 2;
    /** More words than these between groups of digits, and they do not belong together. */
    private static final int MOST_WORDS_BETWEEN = 5;

    private static final int MOST_GROUPS = 6;

    private final Deque<Spoken> held = new ArrayDeque<>();
    private final List<CardWords.Mark> marks = new ArrayList<>();
    private final List<Redaction> redactions = new ArrayList<>();
    private Utterance.@Nullable Word lastWord;
    private long released;
    private long cardFoundMicros = NEVER;
    private long reachedMicros = NEVER;

    /**
     * Takes the next final utterance.
     *
     * @return the utterances, in order, that are now safe to show
     */
    List<Spoken> hear(Spoken utterance) {
        reachedMicros = Math.max(reachedMicros, utterance.startMicros());
        marks.addAll(CardWords.in(utterance.text().words(), released + held.size()));
        held.add(utterance);
        return release(false);
    }

    /** @param micros media time before which no word begins that is still to come */
    List<Spoken> reach(long micros) {
        reachedMicros = Math.max(reachedMicros, micros);
        return release(false);
    }

    /** Whether nothing that was heard decides what becomes of later words: a new redactor would decide the same. */
    boolean isClear() {
        return held.isEmpty()
                && marks.isEmpty()
                && (cardFoundMicros == NEVER || reachedMicros - cardFoundMicros >= CardRules.AFTER_CARD_MICROS);
    }

    /** The track is over. */
    List<Spoken> finish() {
        return release(true);
    }

    /** What was removed of the utterances that were given out, in order. They may touch one another. */
    List<Redaction> redactions() {
        return List.copyOf(redactions);
    }

    /** @return the utterance that is being spoken, without digits as soon as there may be more than three of them, or a card's */
    Spoken mask(Spoken partial) {
        String shown = PartialMask.masked(partial, List.copyOf(held), marks, cardFoundMicros);
        return new Spoken(
                partial.utteranceId(),
                partial.startMicros(),
                partial.endMicros(),
                true,
                new Utterance.Text(shown, partial.text().confidence(), List.of()));
    }

    private List<Spoken> release(boolean over) {
        HeldWords words = HeldWords.of(held, released);
        CardRules rules = new CardRules(words.words(), words.utterances(), marks);
        List<DigitRun> runs = DigitRun.in(words.words());
        @Nullable DigitRun tail = !runs.isEmpty() && runs.getLast().open() ? runs.getLast() : null;
        List<List<DigitRun>> groups = groups(runs, words);
        List<CardRules.Finding> findings = new ArrayList<>();
        long found = cardFoundMicros;
        long until = released + held.size();
        for (List<DigitRun> group : groups) {
            if (!over && !isSettled(group, tail, words)) {
                until = words.utterance(group.getFirst().first());
                break;
            }
            List<CardRules.Finding> here =
                    CardRules.isLongEnough(group.getFirst()) ? rules.findings(group, found) : List.of();
            for (CardRules.Finding finding : here) {
                if (finding.kind() == Redaction.Kind.CARD_NUMBER) {
                    found = words.words().get(finding.last()).endMicros();
                }
            }
            findings.addAll(here);
        }
        return giveOut(untornBy(groups, words, until), words, findings);
    }

    /** An utterance is not given out while a group goes from it into one that is kept. */
    private static long untornBy(List<List<DigitRun>> groups, HeldWords words, long until) {
        long boundary = until;
        for (List<DigitRun> group : groups.reversed()) {
            long first = words.utterance(group.getFirst().first());
            if (first < boundary && words.utterance(group.getLast().last()) >= boundary) {
                boundary = first;
            }
        }
        return boundary;
    }

    private List<Spoken> giveOut(long until, HeldWords words, List<CardRules.Finding> findings) {
        List<CardRules.Finding> settled = findings.stream()
                .filter(finding -> words.utterance(finding.first()) < until)
                .sorted((a, b) -> Integer.compare(a.first(), b.first()))
                .toList();
        for (CardRules.Finding finding : settled) {
            redactions.add(words.range(finding, settled, lastWord));
            if (finding.kind() == Redaction.Kind.CARD_NUMBER) {
                cardFoundMicros = words.words().get(finding.last()).endMicros();
            }
        }
        List<Spoken> safe = new ArrayList<>();
        int at = 0;
        while (released < until) {
            Spoken next = held.remove();
            safe.add(words.without(settled, next, at));
            at += next.text().words().size();
            lastWord = next.text().words().isEmpty()
                    ? lastWord
                    : next.text().words().getLast();
            released++;
        }
        forget();
        return safe;
    }

    private void forget() {
        long needed = held.isEmpty()
                ? reachedMicros
                : Math.min(reachedMicros, held.getFirst().startMicros());
        marks.removeIf(mark -> mark.startMicros() < needed - CardRules.BEFORE_MICROS);
    }

    /** Runs that decide together. Those of less than three digits are by themselves. */
    private static List<List<DigitRun>> groups(List<DigitRun> runs, HeldWords words) {
        List<List<DigitRun>> groups = new ArrayList<>();
        @Nullable List<DigitRun> last = null;
        for (DigitRun run : runs) {
            if (!CardRules.isLongEnough(run)) {
                groups.add(List.of(run));
            } else if (last != null
                    && last.size() < MOST_GROUPS
                    && words.isClose(last.getLast(), run, MOST_WORDS_BETWEEN)) {
                last.add(run);
            } else {
                last = new ArrayList<>(List.of(run));
                groups.add(last);
            }
        }
        return groups;
    }

    /** @param tail the run that may go on, if there is one: it may come to belong to the group */
    private boolean isSettled(List<DigitRun> group, @Nullable DigitRun tail, HeldWords words) {
        DigitRun last = group.getLast();
        boolean isTail = tail != null && last.first() == tail.first();
        if (tail != null && !isTail && !isOver(tail, words) && words.isClose(last, tail, MOST_WORDS_BETWEEN)) {
            return false;
        }
        if (isOver(last, words)) {
            return true;
        }
        if (!CardRules.isLongEnough(last)) {
            return !last.open();
        }
        return !last.open()
                && words.utterance(last.last()) < released + held.size() - 1
                && words.othersAfter(last) > MOST_WORDS_BETWEEN;
    }

    private boolean isOver(DigitRun run, HeldWords words) {
        return reachedMicros - words.words().get(run.last()).endMicros() >= DigitRun.LONGEST_PAUSE_MICROS;
    }
}

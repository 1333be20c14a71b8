package hansard.transcribe;

import hansard.wire.Redaction;
import hansard.wire.Utterance;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The words of some utterances that follow one another. Plaintext.
 *
 * @param utterances ordinal of the utterance of each word
 */
record HeldWords(List<Utterance.Word> words, long[] utterances) {
    /** A recogniser's times are no better than this. */
    private static final long MARGIN_MICROS = 150_000;

    static HeldWords of(Collection<Spoken> spoken, long firstOrdinal) {
        List<Utterance.Word> words = new ArrayList<>();
        List<Long> ordinals = new ArrayList<>();
        long ordinal = firstOrdinal;
        for (Spoken utterance : spoken) {
            for (Utterance.Word word : utterance.text().words()) {
                words.add(word);
                ordinals.add(ordinal);
            }
            ordinal++;
        }
        return new HeldWords(words, ordinals.stream().mapToLong(Long::longValue).toArray());
    }

    long utterance(int word) {
        return utterances[word];
    }

    /** True when few words are between the runs, and a short time. */
    boolean isClose(DigitRun run, DigitRun next, int mostWords) {
        long pause =
                words.get(next.first()).startMicros() - words.get(run.last()).endMicros();
        return pause < DigitRun.LONGEST_PAUSE_MICROS && others(run.last() + 1, next.first()) <= mostWords;
    }

    /** How many words after the run are neither digits nor fillers. */
    int othersAfter(DigitRun run) {
        return others(run.last() + 1, words.size());
    }

    private int others(int from, int to) {
        int others = 0;
        for (int i = from; i < to; i++) {
            others += NumberWords.part(words.get(i).word()) == NumberWords.Part.OTHER ? 1 : 0;
        }
        return others;
    }

    /**
     * The time of what is removed, with a margin on both sides that goes no further than the middle of a word that is kept.
     *
     * @param before the word before these; null when there is none
     */
    Redaction range(CardRules.Finding finding, List<CardRules.Finding> all, Utterance.@Nullable Word before) {
        long start = words.get(finding.first()).startMicros();
        long end = words.get(finding.last()).endMicros();
        Utterance.@Nullable Word previous = finding.first() > 0 ? words.get(finding.first() - 1) : before;
        long from = start - MARGIN_MICROS;
        if (previous != null && !isRemoved(finding.first() - 1, all)) {
            from = Math.min(start, Math.max(from, middle(previous)));
        }
        long to = end + MARGIN_MICROS;
        if (finding.last() + 1 < words.size() && !isRemoved(finding.last() + 1, all)) {
            to = Math.max(end, Math.min(to, middle(words.get(finding.last() + 1))));
        }
        return new Redaction(from, to, finding.kind());
    }

    /** The utterance with one word in place of each thing that is removed of it. @param at index of its first word in these */
    Spoken without(List<CardRules.Finding> findings, Spoken utterance, int at) {
        List<Utterance.Word> kept = new ArrayList<>();
        int size = utterance.text().words().size();
        boolean changed = false;
        for (int i = at; i < at + size; i++) {
            CardRules.Finding finding = finding(i, findings);
            if (finding == null) {
                kept.add(words.get(i));
                continue;
            }
            int last = Math.min(finding.last(), at + size - 1);
            kept.add(standIn(i, last, finding.kind()));
            changed = true;
            i = last;
        }
        if (!changed) {
            return utterance;
        }
        String text = String.join(" ", kept.stream().map(Utterance.Word::word).toList());
        return new Spoken(
                utterance.utteranceId(),
                utterance.startMicros(),
                utterance.endMicros(),
                utterance.partial(),
                new Utterance.Text(text, confidence(kept), kept));
    }

    private Utterance.Word standIn(int first, int last, Redaction.Kind kind) {
        List<Utterance.Word> removed = words.subList(first, last + 1);
        return new Utterance.Word(
                kind.word(), removed.getFirst().startMicros(), removed.getLast().endMicros(), confidence(removed));
    }

    private static double confidence(List<Utterance.Word> words) {
        return words.stream().mapToDouble(Utterance.Word::confidence).average().orElse(0);
    }

    private static boolean isRemoved(int word, List<CardRules.Finding> findings) {
        return finding(word, findings) != null;
    }

    private static CardRules.@Nullable Finding finding(int word, List<CardRules.Finding> findings) {
        for (CardRules.Finding finding : findings) {
            if (word >= finding.first() && word <= finding.last()) {
                return finding;
            }
        }
        return null;
    }

    private static long middle(Utterance.Word word) {
        return word.startMicros() + (word.endMicros() - word.startMicros()) / 2;
    }

    @Override
    public String toString() {
        return "HeldWords[" + words.size() + "]";
    }
}

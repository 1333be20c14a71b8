package hansard.transcribe;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one track says, made safe to show and fit to read. Utterances come in the order they were spoken; those of the last stretch may come
 * again, because the recogniser crashed in it, and change nothing then. Thread-safe.
 */
final class SafeWords {
    private final @Nullable Redactor redactor;
    private long stretchMicros = -1;
    /** How many utterances of the stretch were taken. */
    private int taken;

    /** @param redacts whether card numbers are to go */
    SafeWords(boolean redacts) {
        redactor = redacts ? new Redactor() : null;
    }

    /**
     * Takes a final utterance.
     *
     * @param stretchMicros when its stretch begins
     * @param number in the stretch
     * @return what may be shown now: it, or others that were kept back, or nothing yet
     */
    synchronized List<Spoken> hear(long stretchMicros, int number, Spoken utterance) {
        if (stretchMicros != this.stretchMicros) {
            this.stretchMicros = stretchMicros;
            taken = 0;
        }
        if (number < taken) {
            return List.of();
        }
        taken = number + 1;
        return readable(redactor == null ? List.of(utterance) : redactor.hear(utterance));
    }

    /** @param micros media time before which no word begins that is still to come. @return as {@link #hear} */
    synchronized List<Spoken> reach(long micros) {
        return redactor == null ? List.of() : readable(redactor.reach(micros));
    }

    /** The track is over. @return the rest */
    synchronized List<Spoken> finish() {
        return redactor == null ? List.of() : readable(redactor.finish());
    }

    /** What may be shown of an utterance that goes on. */
    synchronized Spoken partial(Spoken utterance) {
        return redactor == null ? utterance : redactor.mask(utterance);
    }

    /** Whether nothing that was said decides what becomes of later words: a process that begins here decides the same. */
    synchronized boolean isClear() {
        return redactor == null || redactor.isClear();
    }

    private static List<Spoken> readable(List<Spoken> utterances) {
        return utterances.stream().map(SafeWords::readable).toList();
    }

    private static Spoken readable(Spoken u) {
        return new Spoken(u.utteranceId(), u.startMicros(), u.endMicros(), u.partial(), DisplayText.added(u.text()));
    }
}

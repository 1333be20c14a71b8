package hansard.transcribe;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.SpeechRecord;
import hansard.wire.Utterance;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns one stretch of speech into utterances. The same pieces give the same utterances, ids included, whoever heard what
 * before: so a stretch may be heard again, by any recogniser. One thread.
 */
final class StretchTranscriber {
    private static final long PARTIAL_EVERY_SAMPLES = samples(150_000);
    /** A first word is known about this long after it began. */
    private static final long FIRST_WORD_SAMPLES = samples(1_000_000);
    /** What is missing of a stretch is at most what it may be long. */
    private static final long MAX_MISSING_SAMPLES = samples(60_000_000);

    private final String name;
    private final long startMicros;
    private final Listening listening;
    private final boolean partials;
    private long heard;
    private long settledAt;
    private long partialFrom;
    private long partialAsked;
    private String lastPartial = "";
    private int finals;

    /**
     * @param name what its utterances are named after
     * @param startMicros when its first sample was spoken
     * @param partials whether somebody may be watching
     */
    StretchTranscriber(String name, long startMicros, Listening listening, boolean partials) {
        this.name = name;
        this.startMicros = startMicros;
        this.listening = listening;
        this.partials = partials;
    }

    /**
     * Hears the next piece. Where pieces are missing it hears silence, so that times stay true.
     *
     * @param urgent whether its call goes on
     * @return what became known by it: a final utterance, and a partial one after it, which has no words with times and no confidence
     * @throws HansardException MALFORMED, and nothing was heard
     */
    List<Spoken> hear(Pcm piece, boolean urgent) {
        long missing = samples(piece.startMicros() - startMicros) - heard;
        if (missing < -1 || missing > MAX_MISSING_SAMPLES) {
            throw new HansardException(
                    ErrorCode.MALFORMED,
                    "a speech record starts at " + piece.startMicros() + " microseconds; its stretch is at "
                            + micros(heard));
        }
        List<Spoken> known = new ArrayList<>(2);
        if (missing > 1) { // one sample is rounding
            feed(new byte[(int) missing * Short.BYTES], urgent, known);
        }
        feed(piece.bytes(), urgent, known);
        return known;
    }

    /** The stretch is over: what was not final becomes final, and a partial that became nothing is taken back as one without text. */
    List<Spoken> finish(boolean urgent) {
        List<Spoken> known = new ArrayList<>(1);
        Hypothesis rest = listening.finish(urgent).result();
        boolean shown = !lastPartial.isEmpty();
        settle(rest, known);
        if (shown && known.isEmpty()) {
            known.add(partial("", settledAt));
        }
        return known;
    }

    private void feed(byte[] pcm, boolean urgent, List<Spoken> known) {
        heard += pcm.length / Short.BYTES;
        boolean ask = partials && heard - partialAsked >= PARTIAL_EVERY_SAMPLES;
        RecogniserProcess.Heard answer = listening.hear(pcm, urgent, ask);
        settle(answer.result(), known);
        if (ask) {
            partialAsked = heard;
            if (!answer.partial().equals(lastPartial)) {
                if (lastPartial.isEmpty()) {
                    partialFrom = Math.max(settledAt, heard - FIRST_WORD_SAMPLES);
                }
                lastPartial = answer.partial();
                known.add(partial(lastPartial, partialFrom));
            }
        }
    }

    private void settle(Hypothesis result, List<Spoken> known) {
        if (result.isInvented()) {
            if (!lastPartial.isEmpty()) {
                known.add(partial("", settledAt));
            }
            lastPartial = "";
            settledAt = heard;
        } else if (!result.isEmpty()) {
            known.add(settled(result));
            finals++;
            lastPartial = "";
            settledAt = heard;
        }
    }

    private Spoken partial(String text, long from) {
        return new Spoken(nextId(), micros(from), micros(heard), true, new Utterance.Text(text, 0, List.of()));
    }

    private Spoken settled(Hypothesis result) {
        List<Utterance.Word> words = new ArrayList<>(result.words().size());
        double confidence = 0;
        for (Hypothesis.Word word : result.words()) {
            long start = micros(Math.min(word.startSample(), heard));
            long end = Math.max(start, micros(Math.min(word.endSample(), heard)));
            words.add(new Utterance.Word(word.word(), start, end, word.confidence()));
            confidence += word.confidence() / result.words().size();
        }
        return new Spoken(
                nextId(),
                words.getFirst().startMicros(),
                words.getLast().endMicros(),
                false,
                new Utterance.Text(result.text(), Math.min(1, confidence), words));
    }

    private String nextId() {
        return name + "-" + startMicros + "-" + finals;
    }

    private long micros(long sample) {
        return startMicros + sample * 1_000_000L / SpeechRecord.SAMPLE_RATE;
    }

    /** The nearest. */
    static long samples(long micros) {
        return (micros * SpeechRecord.SAMPLE_RATE + 500_000L) / 1_000_000L;
    }
}

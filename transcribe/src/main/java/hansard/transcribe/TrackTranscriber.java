package hansard.transcribe;

import hansard.wire.Utterance;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns the speech of one track into utterances. Given the same speech it gives the same utterances, ids included, however
 * often it is fed: that is what makes starting a track anew harmless.
 *
 * <p>One thread. The recogniser is made with the first speech and lives until close.
 */
final class TrackTranscriber implements AutoCloseable {
    private static final long PARTIAL_EVERY_MICROS = 300_000;
    /** The recogniser looks less than a second back over the end of an utterance. */
    private static final long LOOK_BACK_SAMPLES = SpeechClock.microsToSamples(5_000_000);

    /** A first word is known about this long after it began. */
    private static final long FIRST_WORD_SAMPLES = SpeechClock.microsToSamples(1_000_000);

    private final String name;
    private final Supplier<Recogniser> recognisers;
    private final SpeechClock clock = new SpeechClock();
    private final List<Spoken> finals = new ArrayList<>();
    private @Nullable Recogniser recogniser;
    private String lastPartial = "";
    private long partialFrom;
    private long settledAt;
    private long lastPartialMicros = Long.MIN_VALUE;

    /** @param name what its utterances are named after */
    TrackTranscriber(String name, Supplier<Recogniser> recognisers) {
        this.name = name;
        this.recognisers = recognisers;
    }

    /**
     * Hears a stretch of speech.
     *
     * @param nowMicros the time now, for the pace of partial utterances
     * @return what became known by it: final utterances, and at most one partial one after them, which has no words with times and no
     *     confidence
     */
    List<Spoken> hear(Pcm speech, long nowMicros) {
        Recogniser listening = listening();
        List<Spoken> known = new ArrayList<>(1);
        switch (clock.seam(speech.startMicros())) {
            case SpeechClock.Seam.Joined ignored -> {}
            case SpeechClock.Seam.Bridged silence -> feed(listening, new byte[2 * silence.samples()], known);
            case SpeechClock.Seam.Cut ignored -> settle(listening.finish(), known);
        }
        clock.anchor(speech.startMicros());
        feed(listening, speech.bytes(), known);
        if (nowMicros - lastPartialMicros >= PARTIAL_EVERY_MICROS || lastPartialMicros == Long.MIN_VALUE) {
            lastPartialMicros = nowMicros;
            partial(listening, known);
        }
        return known;
    }

    /** The track is over: what was not final becomes final. */
    List<Spoken> finish() {
        List<Spoken> known = new ArrayList<>(1);
        if (recogniser != null) {
            settle(recogniser.finish(), known);
        }
        return known;
    }

    /** All final utterances so far, in order. */
    List<Spoken> finals() {
        return List.copyOf(finals);
    }

    private Recogniser listening() {
        Recogniser there = recogniser;
        if (there == null) {
            there = recognisers.get();
            recogniser = there;
        }
        return there;
    }

    private void feed(Recogniser listening, byte[] pcm, List<Spoken> known) {
        boolean paused = listening.accept(pcm);
        clock.fed(pcm.length / 2);
        if (paused) {
            settle(listening.result(), known);
        }
    }

    private void settle(Hypothesis heard, List<Spoken> known) {
        if (!heard.isEmpty()) {
            Spoken spoken = settled(heard);
            finals.add(spoken);
            known.add(spoken);
        }
        lastPartial = "";
        settledAt = clock.fedSamples();
        clock.forgetBefore(clock.fedSamples() - LOOK_BACK_SAMPLES);
    }

    private void partial(Recogniser listening, List<Spoken> known) {
        String text = listening.partial();
        if (text.isEmpty() || text.equals(lastPartial)) {
            return;
        }
        if (lastPartial.isEmpty()) {
            partialFrom = Math.max(settledAt, clock.fedSamples() - FIRST_WORD_SAMPLES);
        }
        lastPartial = text;
        known.add(new Spoken(
                nextId(),
                clock.startMicros(partialFrom),
                clock.endMicros(clock.fedSamples()),
                true,
                new Utterance.Text(text, 0, List.of())));
    }

    private Spoken settled(Hypothesis heard) {
        List<Utterance.Word> words = new ArrayList<>(heard.words().size());
        double confidence = 0;
        for (Hypothesis.Word word : heard.words()) {
            long start = clock.startMicros(word.startSample());
            long end = Math.max(start, clock.endMicros(word.endSample()));
            words.add(new Utterance.Word(word.word(), start, end, word.confidence()));
            confidence += word.confidence() / heard.words().size();
        }
        return new Spoken(
                nextId(),
                words.getFirst().startMicros(),
                words.getLast().endMicros(),
                false,
                new Utterance.Text(heard.text(), Math.min(1, confidence), words));
    }

    private String nextId() {
        return String.format(Locale.ROOT, "%s-%06d", name, finals.size());
    }

    @Override
    public void close() {
        if (recogniser != null) {
            recogniser.close();
        }
    }
}

package hansard.index;

import java.util.List;

/**
 * An utterance as the API shows it; times in ms on the call's clock.
 *
 * @param text the words as they were heard
 * @param display the same for reading
 */
record UtteranceView(
        String utteranceId,
        String participant,
        String participantId,
        long startMs,
        long endMs,
        String text,
        String display,
        double confidence,
        boolean partial,
        List<WordView> words) {

    record WordView(String word, long startMs, long endMs, double confidence) {}

    static UtteranceView of(Spoken spoken, CallRecord call, boolean partial) {
        long zero = call.zeroMicros();
        return new UtteranceView(
                spoken.utteranceId(),
                call.nameOf(spoken.participantId()),
                spoken.participantId(),
                Times.onClock(spoken.startMicros(), zero),
                Times.onClock(spoken.endMicros(), zero),
                spoken.text(),
                spoken.display(),
                spoken.confidence(),
                partial,
                spoken.words().stream()
                        .map(w -> new WordView(
                                w.word(),
                                Times.onClock(w.startMicros(), zero),
                                Times.onClock(w.endMicros(), zero),
                                w.confidence()))
                        .toList());
    }

    @Override
    public String toString() {
        return "UtteranceView[" + utteranceId + "]";
    }
}

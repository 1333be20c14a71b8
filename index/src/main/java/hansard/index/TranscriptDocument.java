package hansard.index;

import hansard.wire.Redaction;
import hansard.wire.Utterance;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call's transcript as one JSON document. Times in ms on the call's clock, 0 at its first media. Plaintext.
 *
 * @param version whose words these are: 0 for the first, a later one where it was heard again
 * @param startedAt when that was, ISO 8601, UTC; null before the first media
 * @param utterances the final ones, in the order in which they were begun
 * @param redactions what was removed from them, in the same order
 * @param withoutWords what else was said, in order
 */
record TranscriptDocument(
        String callId,
        int version,
        String title,
        @Nullable String startedAt,
        List<Line> utterances,
        List<Removed> redactions,
        List<WithoutWords> withoutWords) {

    /** Speech of which nobody knows what was said. @param reason in a sentence */
    record WithoutWords(
            String participantId, String participant, String streamId, long startMs, long endMs, String reason) {}

    /**
     * What one participant said between two pauses.
     *
     * @param generation of the track that was heard, 0 unless it was made anew with late keys
     * @param model what recognised it
     * @param text the words as they were heard
     * @param display the same for reading
     * @param confidence 0 to 1, mean over the words
     */
    record Line(
            String utteranceId,
            String participantId,
            String participant,
            String streamId,
            long generation,
            String model,
            long startMs,
            long endMs,
            String text,
            String display,
            double confidence,
            List<UtteranceView.WordView> words) {
        @Override
        public String toString() {
            return "Line[" + utteranceId + "]";
        }
    }

    /** Something that may not be kept readable. */
    record Removed(String utteranceId, Redaction.Kind kind, long startMs, long endMs) {}

    static TranscriptDocument of(CallRecord call, List<Spoken> transcript) {
        List<Line> lines = new ArrayList<>();
        List<Removed> removed = new ArrayList<>();
        long zero = call.zeroMicros();
        for (Spoken spoken : transcript) {
            UtteranceView view = UtteranceView.of(spoken, call, false);
            lines.add(new Line(
                    view.utteranceId(),
                    view.participantId(),
                    view.participant(),
                    spoken.streamId(),
                    spoken.generation(),
                    spoken.model(),
                    view.startMs(),
                    view.endMs(),
                    view.text(),
                    view.display(),
                    view.confidence(),
                    view.words()));
            for (Utterance.Word word : spoken.words()) {
                for (Redaction.Kind kind : Redaction.Kind.values()) {
                    if (kind.word().equals(word.word())) {
                        removed.add(new Removed(
                                spoken.utteranceId(),
                                kind,
                                Times.onClock(word.startMicros(), zero),
                                Times.onClock(word.endMicros(), zero)));
                    }
                }
            }
        }
        Opening opening = call.opening();
        String title = opening == null ? "" : opening.title();
        return new TranscriptDocument(
                call.callId(), call.currentVersion(), title, Times.iso(zero), lines, removed, withoutWords(call));
    }

    private static List<WithoutWords> withoutWords(CallRecord call) {
        List<WithoutWords> all = new ArrayList<>();
        call.tracks().forEach((streamId, track) -> {
            String participantId = track.stream().participantId();
            TrackView.WithoutWords.of(call, streamId)
                    .forEach(w -> all.add(new WithoutWords(
                            participantId, call.nameOf(participantId), streamId, w.startMs(), w.endMs(), w.reason())));
        });
        all.sort(Comparator.comparingLong(WithoutWords::startMs));
        return all;
    }
}

package hansard.transcribe;

import hansard.wire.Unheard;
import hansard.wire.Utterance;
import java.util.List;

/**
 * The content of {@code TENANT/CALL/STREAM.transcript.json}: all that was said on one track. Plaintext.
 *
 * @param model what recognised it
 * @param unheard what of its speech has no words, and why
 */
record TrackTranscript(
        String tenant,
        String callId,
        String streamId,
        String participantId,
        String model,
        List<Line> utterances,
        List<Unheard> unheard) {

    /** One final utterance; times are microseconds since 1970. */
    record Line(
            String utteranceId,
            long startMicros,
            long endMicros,
            String text,
            double confidence,
            List<Utterance.Word> words,
            String display) {
        Line {
            words = List.copyOf(words);
        }

        static Line of(Spoken spoken) {
            Utterance.Text text = DisplayText.added(spoken.text());
            return new Line(
                    spoken.utteranceId(),
                    spoken.startMicros(),
                    spoken.endMicros(),
                    text.text(),
                    text.confidence(),
                    text.words(),
                    text.display());
        }

        @Override
        public String toString() {
            return "Line[" + utteranceId + ", " + words.size() + " words]";
        }
    }

    TrackTranscript {
        utterances = List.copyOf(utterances);
        unheard = List.copyOf(unheard);
    }

    @Override
    public String toString() {
        return "TrackTranscript[" + streamId + ", " + utterances.size() + " utterances]";
    }
}

package hansard.wire;

import hansard.runtime.Json;
import java.util.List;

/**
 * What one participant said between two pauses, on {@link Topics#TRANSCRIPTS}.
 *
 * @param utteranceId deterministic: streamId, generation, hearing and ordinal, so that a repeat overwrites itself
 * @param generation of the track it was heard on, as in {@link FrameRecord}: those of a later one replace all of an earlier
 * @param partial true while it is being spoken: a later record with the same id replaces it
 * @param sealed JSON of {@link Text}, sealed under the track's data key for {@code transcripts}
 * @param hearing in which it was understood; those of different hearings replace nothing of one another
 */
public record Utterance(
        String utteranceId,
        String tenant,
        String callId,
        String streamId,
        long generation,
        String participantId,
        long startMicros,
        long endMicros,
        boolean partial,
        String model,
        Octets sealed,
        Hearing hearing) {
    public Utterance {
        hearing = Hearing.known(hearing);
    }

    /** Of the first hearing. */
    public Utterance(
            String utteranceId,
            String tenant,
            String callId,
            String streamId,
            long generation,
            String participantId,
            long startMicros,
            long endMicros,
            boolean partial,
            String model,
            Octets sealed) {
        this(
                utteranceId,
                tenant,
                callId,
                streamId,
                generation,
                participantId,
                startMicros,
                endMicros,
                partial,
                model,
                sealed,
                Hearing.FIRST);
    }

    /**
     * The words. Plaintext.
     *
     * @param text the words as they were heard, in lower case; what may not be kept readable is {@link Redaction.Kind#word()}
     * @param confidence 0 to 1, mean over the words
     * @param display the same for reading: digits, capitals, punctuation; {@code text} where nothing made one
     */
    public record Text(String text, double confidence, List<Word> words, String display) {
        public Text {
            words = List.copyOf(words);
            display = display == null ? text : display; // absent in what earlier releases wrote
        }

        public Text(String text, double confidence, List<Word> words) {
            this(text, confidence, words, text);
        }

        @Override
        public String toString() {
            return "Text[" + words.size() + " words]";
        }
    }

    /** One word, with the microseconds since 1970 between which it was spoken. */
    public record Word(String word, long startMicros, long endMicros, double confidence) {
        @Override
        public String toString() {
            return "Word[…]";
        }
    }

    public byte[] toBytes() {
        return Json.bytes(this);
    }

    public static Utterance fromBytes(byte[] json) {
        Utterance utterance = Json.read(json, Utterance.class);
        return Names.checked(utterance, utterance.tenant(), utterance.callId());
    }
}

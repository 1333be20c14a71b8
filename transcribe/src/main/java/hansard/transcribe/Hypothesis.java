package hansard.transcribe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Json;
import hansard.wire.SpeechRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a recogniser heard. Plaintext.
 *
 * @param words in order; positions in samples of the stretch
 */
record Hypothesis(String text, List<Word> words) {
    /** What the language model knows best without any sound: of noise Vosk makes "huh", of a knock "the". */
    private static final Set<String> SAYS_NOTHING =
            Set.of("a", "ah", "eh", "er", "hm", "hmm", "huh", "mm", "oh", "the", "uh", "um");

    /** It gave such words 0.53 and 0.54 in noise; how sure it is of one that somebody says alone was not measured. */
    private static final double SURE = 0.65;

    record Word(String word, long startSample, long endSample, double confidence) {
        @Override
        public String toString() {
            return "Word[…]";
        }
    }

    Hypothesis {
        words = List.copyOf(words);
    }

    boolean isEmpty() {
        return words.isEmpty();
    }

    /** Whether it is what the recogniser makes of a noise: one word that says nothing, and it is not sure of it. */
    boolean isInvented() {
        return words.size() == 1 && SAYS_NOTHING.contains(words.getFirst().word) && words.getFirst().confidence < SURE;
    }

    /**
     * Reads Vosk's JSON of a final result; words are there because they were asked for.
     *
     * @param began how much the recogniser had been fed when the stretch began: Vosk's times count from the recogniser's first sample
     */
    static Hypothesis ofResult(String json, long began) {
        JsonNode root = parse(json);
        List<Word> words = new ArrayList<>();
        for (JsonNode word : root.path("result")) {
            words.add(new Word(
                    word.path("word").asText(),
                    samples(word.path("start").asDouble(), began),
                    samples(word.path("end").asDouble(), began),
                    Math.clamp(word.path("conf").asDouble(1), 0, 1)));
        }
        return new Hypothesis(root.path("text").asText(), words);
    }

    /** Reads Vosk's JSON of a partial result. Its words have no times: with them Vosk answers a second later. */
    static String partialText(String json) {
        return parse(json).path("partial").asText();
    }

    private static JsonNode parse(String json) {
        try {
            return Json.mapper().readTree(json);
        } catch (JsonProcessingException e) {
            // without its cause, whose message quotes what was said
            throw new HansardException(
                    ErrorCode.MEDIA_FAILED,
                    "the recogniser answered something that is not JSON, " + json.length() + " characters");
        }
    }

    private static long samples(double seconds, long began) {
        return Math.max(0, Math.round(seconds * SpeechRecord.SAMPLE_RATE) - began);
    }

    @Override
    public String toString() {
        return "Hypothesis[" + words.size() + " words]";
    }
}

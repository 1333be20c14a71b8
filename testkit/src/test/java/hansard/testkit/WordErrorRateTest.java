package hansard.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class WordErrorRateTest {
    @Test
    void eachSubstitutionDeletionAndInsertionCountsOnce() {
        assertEquals(new WordErrorRate(1, 4), WordErrorRate.of("go forward ten meters", "go forward then meters"));
        assertEquals(new WordErrorRate(1, 4), WordErrorRate.of("go forward ten meters", "go forward meters"));
        assertEquals(new WordErrorRate(1, 4), WordErrorRate.of("go forward ten meters", "go forward at ten meters"));
        assertEquals(new WordErrorRate(4, 4), WordErrorRate.of("go forward ten meters", ""));
    }

    @Test
    void caseAndPunctuationAndSpellingVariantsAreNotErrors() {
        assertEquals(
                new WordErrorRate(0, 6),
                WordErrorRate.of("Okay, Mister Holmes: Doctor's orders!?", "ok mr holmes doctor's orders")
                        .plus(WordErrorRate.of("'doctor'", "dr")));
    }

    @Test
    void inventedWordsCountWhereNothingWasSaid() {
        assertEquals(2, WordErrorRate.of("", "huh huh").rate());
        assertEquals(0, WordErrorRate.of("", " ").rate());
    }

    @Test
    void ratesAddUpByWordsNotByTexts() {
        WordErrorRate all =
                WordErrorRate.NONE.plus(WordErrorRate.of("yes", "no")).plus(WordErrorRate.of("a b c", "a b c"));
        assertEquals(0.25, all.rate());
    }
}

package hansard.transcribe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.wire.Redaction;
import hansard.wire.Utterance;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {
    private static final String VISA = "four one one one one one one one one one one one one one one one";

    @ParameterizedTest
    @ValueSource(
            strings = {
                VISA,
                "four triple one triple one triple one triple one triple one",
                "for one one one one one won one one one one one one one one one",
                "forty one eleven eleven eleven eleven eleven eleven eleven",
                "forty one hundred and eleven eleven eleven one hundred and eleven one one one hundred eleven",
                "four one one one uh one one one one and then one one one one um the one one one one",
                "five five double oh double zero five bye bye bye bye bye bye bye bye nine",
                "five five nought nought o o five hive fife by buy five five five five nein",
                "thirty seven eighty two eighty two two four six three one triple zero five"
            })
    void aSpokenCardNumberIsRemoved(String digits) {
        assertEquals(List.of("i pay with [card number] please"), Said.published("i pay with " + digits + " please"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "my phone number is oh two oh seven nine four six oh nine five eight",
                "call me on plus four four seven seven double oh nine double oh one two three",
                "that is two thousand four hundred and fifty three dollars and twelve cents",
                "on the twenty first of march nineteen ninety nine at two thirty p m",
                "the order number is one two three four five six seven eight nine ten",
                "account number one two three four five six seven eight sort code one two three four five six",
                "i need to go to a meeting for two to three people by four",
                "the security code of the door was changed",
                "ninety nine red balloons go by"
            })
    void otherNumbersStay(String said) {
        assertEquals(List.of(said), Said.published(said));
    }

    @Test
    void aMisheardNumberIsRemovedWhereSomethingSpeaksForACard() {
        String misheard = "four one one one one two one one one one one three one";
        assertEquals(List.of(misheard), Said.published(misheard));
        assertEquals(List.of("my card [card number]"), Said.published("my card " + misheard));
        assertEquals(
                List.of("it is [card number]", "that was my visa"),
                Said.published("it is " + misheard, "that was my visa"));
        assertEquals(List.of("the long number", "[card number]"), Said.published("the long number", misheard));
        assertEquals(List.of("the number is [card number]"), Said.published("the number is " + misheard));
        String phone = "my card is lost and my phone number is two one two five five five oh one nine nine eight";
        assertEquals(List.of(phone), Said.published(phone));
    }

    @Test
    void aNumberMayBeSpreadOverUtterances() {
        assertEquals(
                List.of("it is [card number]", "[card number]", "[card number]", "[card number] okay", "bye"),
                Said.published(
                        "it is four one one one",
                        "one one one one",
                        "uh one one one one",
                        "one one one one okay",
                        "bye"));
    }

    /** Eighteen digits, the last two of them after four seconds in which only a filler is said. */
    @Test
    void aFillerInAPauseDoesNotPartANumberFromItsEnd() {
        List<Spoken> utterances = new Said()
                .say("three four thirty five ninety six seven um one eight ninety")
                .say("eight zero two oh seventy seven")
                .pause(2_400_000)
                .say("okay")
                .pause(2_400_000)
                .say("five eight")
                .utterances();
        assertEquals(
                List.of("[card number]"),
                Said.texts(Said.redacted(new Redactor(), utterances)).stream()
                        .filter(text -> !text.isEmpty())
                        .distinct()
                        .toList());
    }

    @Test
    void aNumberInPiecesIsRemovedWhereACardIsSpokenOf() {
        assertEquals(
                List.of("my card", "[card number]", "did you get that", "[card number]", "[card number] good bye now"),
                Said.published(
                        "my card",
                        "four one one one",
                        "did you get that",
                        "one one one one",
                        "one one one one good bye now"));
    }

    @Test
    void theSecurityCodeIsRemovedAndTheExpiryDateStays() {
        assertEquals(
                List.of("[card number] expires oh three twenty seven security code [security code]"),
                Said.published(VISA + " expires oh three twenty seven security code one two three"));
        assertEquals(List.of("[security code] is on the back"), Said.published("one two three is on the back"));
        assertEquals(List.of("the c v v is [security code]"), Said.published("the c v v is one two three four"));
        assertEquals(
                List.of("[card number]", "oh three twenty seven", "[security code]", "thanks"),
                Said.published(VISA, "oh three twenty seven", "one two three", "thanks"));
        assertEquals(List.of("room one two three"), Said.published("room one two three"));
    }

    @Test
    void aNumberThatIsSaidAgainIsRemovedAgain() {
        assertEquals(
                List.of("[card number]", "i said [card number]"),
                Said.published(VISA, "i said four one one one one one one one one one one one one"));
    }

    @Test
    void whatMayGoOnIsKeptBackUntilTheNextWordsTheTimeOrTheEndDecide() {
        Said said = new Said().say("it is four one one one").say("one one").say("no it is not mine i am sorry to say");
        Redactor redactor = new Redactor();
        assertEquals(List.of(), redactor.hear(said.utterances().get(0)));
        assertEquals(List.of(), redactor.hear(said.utterances().get(1)));
        assertEquals(said.utterances(), redactor.hear(said.utterances().get(2)));

        Redactor waiting = new Redactor();
        Spoken tail = said.utterances().getFirst();
        waiting.hear(tail);
        assertEquals(List.of(), waiting.reach(tail.endMicros() + 9_999_999));
        assertEquals(List.of(tail), waiting.reach(tail.endMicros() + 10_000_000));

        Redactor ending = new Redactor();
        ending.hear(tail);
        assertEquals(List.of(tail), ending.finish());
    }

    @Test
    void whoSaysNoNumberWaitsForNothing() {
        Redactor redactor = new Redactor();
        for (Spoken utterance : new Said()
                .say("good morning")
                .say("i want to buy two tickets please")
                .utterances()) {
            assertEquals(List.of(utterance), redactor.hear(utterance));
        }
    }

    @Test
    void theRangeGoesNoFurtherThanTheMiddleOfAKeptWord() {
        Spoken spoken = new Said().say("card " + VISA + " thanks").utterances().getFirst();
        Redactor redactor = new Redactor();
        Spoken safe = Said.redacted(redactor, List.of(spoken)).getFirst();

        List<Utterance.Word> words = spoken.text().words();
        Redaction range = redactor.redactions().getFirst();
        assertEquals(1, redactor.redactions().size());
        assertEquals(Redaction.Kind.CARD_NUMBER, range.kind());
        assertEquals(words.get(1).startMicros() - 150_000, range.startMicros());
        assertEquals(words.get(16).endMicros() + 150_000, range.endMicros());
        Utterance.Word standIn = safe.text().words().get(1);
        assertEquals("[card number]", standIn.word());
        assertEquals(words.get(1).startMicros(), standIn.startMicros());
        assertEquals(words.get(16).endMicros(), standIn.endMicros());
        assertEquals(spoken.startMicros(), safe.startMicros());
        assertEquals(spoken.endMicros(), safe.endMicros());
    }

    @Test
    void aShortWordBesideTheNumberIsNotHalved() {
        long start = Said.T0;
        List<Utterance.Word> words =
                new java.util.ArrayList<>(List.of(new Utterance.Word("is", start, start + 100_000, 1)));
        long at = start + 100_000;
        for (String digit : VISA.split(" ")) {
            words.add(new Utterance.Word(digit, at, at + 300_000, 1));
            at += 300_000;
        }
        words.add(new Utterance.Word("ok", at, at + 200_000, 1));
        words.add(new Utterance.Word("then", at + 200_000, at + 400_000, 1));
        Redactor redactor = new Redactor();
        Said.redacted(
                redactor, List.of(new Spoken("s-0", start, at + 400_000, false, new Utterance.Text("", 1, words))));
        assertEquals(
                List.of(new Redaction(start + 50_000, at + 100_000, Redaction.Kind.CARD_NUMBER)),
                redactor.redactions());
    }

    @Test
    void apartialShowsNoMoreThanThreeDigitsOfANumber() {
        Redactor redactor = new Redactor();
        Said said = new Said().say("it is four one");
        assertEquals(
                "four one one",
                redactor.mask(said.partial("four one one")).text().text());
        assertEquals(
                "i said [number]",
                redactor.mask(said.partial("i said four one one one")).text().text());
        assertEquals(
                "[number] thanks",
                redactor.mask(said.partial("forty one eleven thanks")).text().text());
        redactor.hear(said.utterances().getFirst());
        assertEquals("one", redactor.mask(said.partial("one")).text().text());
        assertEquals("[number]", redactor.mask(said.partial("one one")).text().text());
        assertEquals(
                "my card is [number]",
                redactor.mask(said.partial("my card is four")).text().text());
        assertTrue(redactor.mask(said.partial("one two three four")).partial());
    }
}

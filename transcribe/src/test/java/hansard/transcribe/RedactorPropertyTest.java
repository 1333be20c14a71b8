package hansard.transcribe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.wire.Redaction;
import hansard.wire.Utterance;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** With numbers, ways to say them and timings that nobody chose. */
class RedactorPropertyTest {
    private static final String[] DIGITS = {
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"
    };
    private static final String[] ALIKE = {"oh", "won", "to", "tree", "for", "bye", "sex", "seven", "ate", "nein"};
    private static final String[] TEENS = {
        "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"
    };
    private static final String[] TENS = {
        "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"
    };
    private static final String[] FILLERS = {"uh", "um", "and", "then", "the", "okay"};
    private static final String[] CHATTER = {
        "good morning how are you today", "i would like the blue one", "let me look for my glasses",
                "two tickets for friday",
        "it costs three hundred dollars", "thank you very much indeed", "is that all", "my card is here somewhere"
    };

    @Property(tries = 2000)
    void noCardNumberComesThroughHoweverItIsSaid(@ForAll long seed, @ForAll @IntRange(min = 13, max = 19) int length) {
        Random random = new Random(seed);
        List<Spoken> utterances = conversation(random, cardNumber(random, length));
        Redactor redactor = new Redactor();
        List<Spoken> safe = Said.redacted(redactor, utterances);

        assertEquals(utterances.size(), safe.size());
        assertTrue(
                redactor.redactions().stream().anyMatch(r -> r.kind() == Redaction.Kind.CARD_NUMBER),
                () -> Said.texts(safe).toString());
        for (DigitRun run : DigitRun.in(HeldWords.of(safe, 0).words())) {
            assertTrue(run.digits() <= 4, () -> Said.texts(safe).toString());
        }
    }

    @Property(tries = 2000)
    void theTimingOfTheCallsChangesNothing(@ForAll long seed) {
        Random random = new Random(seed);
        List<Spoken> utterances =
                conversation(random, random.nextBoolean() ? cardNumber(random, 16) : digits(random, 12));
        Redactor plain = new Redactor();
        List<Spoken> expected = Said.redacted(plain, utterances);

        Redactor hurried = new Redactor();
        List<Spoken> safe = new ArrayList<>();
        for (Spoken utterance : utterances) {
            while (random.nextInt(3) > 0) {
                safe.addAll(hurried.reach(utterance.startMicros() - random.nextLong(12_000_000)));
            }
            safe.addAll(hurried.hear(utterance));
        }
        safe.addAll(hurried.reach(utterances.getLast().endMicros() + random.nextLong(12_000_000)));
        safe.addAll(hurried.finish());

        assertEquals(expected, safe);
        assertEquals(plain.redactions(), hurried.redactions());
    }

    @Property(tries = 500)
    void whatIsKeptIsUntouchedAndWhatIsRemovedIsInARange(@ForAll long seed) {
        Random random = new Random(seed);
        List<Spoken> utterances = conversation(random, cardNumber(random, 16));
        Redactor redactor = new Redactor();
        List<Utterance.Word> kept =
                HeldWords.of(Said.redacted(redactor, utterances), 0).words();

        for (Utterance.Word word : HeldWords.of(utterances, 0).words()) {
            boolean removed = redactor.redactions().stream()
                    .anyMatch(r -> r.startMicros() <= word.startMicros() && r.endMicros() >= word.endMicros());
            assertEquals(!removed, kept.contains(word), word::word);
        }
    }

    @Property(tries = 2000)
    void aPartialNeverShowsMoreThanThreeDigitsInARow(@ForAll long seed) {
        Random random = new Random(seed);
        Redactor redactor = new Redactor();
        for (Spoken utterance : conversation(random, cardNumber(random, 16))) {
            Spoken partial = new Spoken(
                    utterance.utteranceId(), utterance.startMicros(), utterance.endMicros(), true, utterance.text());
            String shown = redactor.mask(partial).text().text();
            List<Utterance.Word> words = new ArrayList<>();
            for (String word : shown.split(" ")) {
                words.add(new Utterance.Word(word, 0, 0, 0));
            }
            for (DigitRun run : DigitRun.in(words)) {
                assertTrue(run.digits() <= 3, shown);
            }
            redactor.hear(utterance);
        }
    }

    /** Telephone numbers, amounts, dates, times, orders: 400 sentences. */
    @Property(tries = 400)
    void whereNothingSpeaksForACardNothingIsRemoved(@ForAll long seed) {
        Random random = new Random(seed);
        String sentence =
                switch (random.nextInt(8)) {
                    case 0 -> "my phone number is " + said(random, digits(random, 10 + random.nextInt(2)), 0);
                    case 1 -> "your order number is " + said(random, digits(random, 6 + random.nextInt(7)), 0);
                    case 2 ->
                        "that comes to " + amount(random) + " dollars and " + TENS[2 + random.nextInt(8)] + " cents";
                    case 3 ->
                        "we met on the " + TEENS[random.nextInt(10)] + " of may nineteen " + TENS[2 + random.nextInt(8)]
                                + " " + DIGITS[1 + random.nextInt(9)];
                    case 4 ->
                        "the train leaves at " + DIGITS[1 + random.nextInt(9)] + " " + TENS[2 + random.nextInt(4)]
                                + " p m";
                    case 5 ->
                        "call me on " + said(random, digits(random, 11), 0) + " or "
                                + said(random, digits(random, 10), 0);
                    case 6 ->
                        "reference " + said(random, digits(random, 12), 0) + " dated two thousand and "
                                + TEENS[random.nextInt(10)];
                    default ->
                        "between " + amount(random) + " and " + amount(random) + " to " + amount(random) + " people";
                };
        assertEquals(List.of(sentence), Said.published(sentence));
    }

    @Property(tries = 300)
    void checkDigitsAreLuhns(@ForAll long seed) {
        Random random = new Random(seed);
        String number = cardNumber(random, 16);
        assertTrue(CheckDigits.luhn(number, 0, number.length()));
        String wrong = number.substring(0, 15) + (char) ('0' + (number.charAt(15) - '0' + 1 + random.nextInt(9)) % 10);
        assertFalse(CheckDigits.luhn(wrong, 0, wrong.length()));
    }

    private static String amount(Random random) {
        return DIGITS[1 + random.nextInt(9)] + " thousand " + DIGITS[1 + random.nextInt(9)] + " hundred and "
                + TENS[2 + random.nextInt(8)] + " " + DIGITS[1 + random.nextInt(9)];
    }

    private static String digits(Random random, int length) {
        StringBuilder digits = new StringBuilder();
        while (digits.length() < length) {
            digits.append(random.nextInt(10));
        }
        return digits.toString();
    }

    private static String cardNumber(Random random, int length) {
        String number = (char) ('2' + random.nextInt(5)) + digits(random, length - 2);
        for (char check = '0'; check <= '9'; check++) {
            if (CheckDigits.luhn(number + check, 0, length)) {
                return number + check;
            }
        }
        throw new AssertionError(number);
    }

    /** Chatter, the number over some utterances, chatter. */
    private static List<Spoken> conversation(Random random, String number) {
        Said said = new Said();
        for (int i = random.nextInt(4); i > 0; i--) {
            said.say(CHATTER[random.nextInt(CHATTER.length)]).pause(500_000 + random.nextLong(12_000_000));
        }
        String[] words = said(random, number, 0.15).split(" ");
        int from = 0;
        while (from < words.length) {
            int to = Math.min(words.length, from + 1 + random.nextInt(12));
            said.say(String.join(" ", List.of(words).subList(from, to)))
                    .pause(random.nextLong(from == 0 ? 5_000_000 : 2_500_000));
            from = to;
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            said.say("thanks " + CHATTER[random.nextInt(CHATTER.length)]).pause(500_000 + random.nextLong(12_000_000));
        }
        return said.utterances();
    }

    /** @param alike how many of the digits come as a word that sounds like them */
    private static String said(Random random, String digits, double alike) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < digits.length(); ) {
            int digit = digits.charAt(i) - '0';
            int next = i + 1 < digits.length() ? digits.charAt(i + 1) - '0' : -1;
            if (alike > 0 && i > 0 && random.nextInt(6) == 0) {
                words.add(FILLERS[random.nextInt(FILLERS.length)]);
            }
            if (next == digit && random.nextInt(4) == 0) {
                words.add("double");
                words.add(DIGITS[digit]);
                i += 2;
            } else if (digit == 1 && next >= 0 && random.nextInt(3) == 0) {
                words.add(TEENS[next]);
                i += 2;
            } else if (digit > 1 && next > 0 && random.nextInt(3) == 0) {
                words.add(TENS[digit]);
                words.add(DIGITS[next]);
                i += 2;
            } else {
                // the first and the last are said: what stands beside the number may sound like a digit too
                boolean inside = i > 0 && i < digits.length() - 1;
                words.add(inside && random.nextDouble() < alike ? ALIKE[digit] : DIGITS[digit]);
                i++;
            }
        }
        return String.join(" ", words);
    }
}

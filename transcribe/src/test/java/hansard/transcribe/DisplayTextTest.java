package hansard.transcribe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hansard.wire.Utterance;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DisplayTextTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            twenty five people came                          | 25 people came.
            two people came                                  | Two people came.
            it was nineteen ninety nine                      | It was 1999.
            since twenty twenty four                         | Since 2024.
            in two thousand and five                         | In 2005.
            i counted twenty twenty four times               | I counted 20 24 times.
            meet me at two thirty p m                        | Meet me at 2:30 p.m.
            meet me at two thirty                            | Meet me at 2:30.
            at ten oh five a m sharp                         | At 10:05 a.m. sharp.
            it is five o'clock                               | It is 5 o'clock.
            at two hundred dollars                           | At $200.
            five dollars                                     | $5.
            five dollars and twenty cents please             | $5.20 please.
            two hundred and fifty thousand pounds            | £250,000.
            ten per cent of it                               | 10% of it.
            three point one four percent                     | 3.14%.
            the third of may                                 | The third of May.
            on the twenty first of march                     | On the 21st of March.
            march third or the eleventh                      | March third or the 11th.
            you may march on monday                          | You may march on Monday.
            call oh two oh seven nine four six oh nine five eight | Call 02079460958.
            double oh seven                                  | 007.
            one thousand two hundred and thirty four         | 1234.
            three million four hundred thousand              | 3,400,000.
            send me the p d f and the i b m invoice          | Send me the PDF and the IBM invoice.
            i watch t v                                      | I watch TV.
            i'm here and i'll stay                           | I'm here and I'll stay.
            mister hale is in new york                       | Mr Hale is in New York.
            what time is it                                  | What time is it?
            so how much does it cost                         | So how much does it cost?
            can you hear me                                  | Can you hear me?
            what i want is tea                               | What I want is tea.
            which is fine                                    | Which is fine.
            it's cold isn't it                               | It's cold, isn't it?
            why                                              | Why?
            yes i do                                         | Yes, I do.
            no one came                                      | No one came.
            well done                                        | Well done.
            one two                                          | One two.
            no                                               | No.
            two hundred                                      | 200.
            a hundred times                                  | A hundred times.
            """)
    void theDisplayFormIsWhatPeopleWrite(String heard, String shown) {
        Spoken spoken = new Said().say(heard).utterances().getFirst();
        assertEquals(shown, DisplayText.of(spoken.text().words()));
        assertEquals(heard, spoken.text().text());
    }

    @Test
    void aPauseIsACommaUnlessTheSpeakerLooksForAWord() {
        assertEquals("It was late, we left.", afterPause("it was late", "we left"));
        assertEquals("It was the end.", afterPause("it was the", "end"));
    }

    @Test
    void whatWasRemovedStays() {
        List<Utterance.Word> words = new ArrayList<>();
        for (String word : List.of("my", "card", "is", "[card number]", "and", "twenty", "five")) {
            words.add(new Utterance.Word(word, 0, 0, 1));
        }
        assertEquals("My card is [card number] and 25.", DisplayText.of(words));
        assertEquals("[card number].", DisplayText.of(words.subList(3, 4)));
        assertEquals("", DisplayText.of(List.of()));
    }

    private static String afterPause(String before, String after) {
        List<Utterance.Word> words = new ArrayList<>();
        new Said()
                .say(before)
                .pause(300_000)
                .say(after)
                .utterances()
                .forEach(u -> words.addAll(u.text().words()));
        return DisplayText.of(words);
    }
}

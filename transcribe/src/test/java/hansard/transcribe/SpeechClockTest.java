package hansard.transcribe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import org.junit.jupiter.api.Test;

class SpeechClockTest {
    private static final long T0 = 1_700_000_000_000_000L;

    private final SpeechClock clock = new SpeechClock();

    private void feed(long startMicros, int samples) {
        clock.anchor(startMicros);
        clock.fed(samples);
    }

    @Test
    void wordsAfterALeftOutPauseHaveTheirTrueTimes() {
        feed(T0, 16_000);
        assertInstanceOf(SpeechClock.Seam.Cut.class, clock.seam(T0 + 11_000_000));
        feed(T0 + 11_000_000, 16_000);

        assertEquals(T0 + 500_000, clock.startMicros(8_000));
        assertEquals(T0 + 11_500_000, clock.startMicros(24_000));
    }

    @Test
    void aWordThatEndsAtTheSeamEndsBeforeThePause() {
        feed(T0, 16_000);
        feed(T0 + 11_000_000, 16_000);

        assertEquals(T0 + 1_000_000, clock.endMicros(16_000));
        assertEquals(T0 + 11_000_000, clock.startMicros(16_000));
    }

    @Test
    void aShortHoleIsFedAsSilenceOfItsLength() {
        feed(T0, 16_000);
        assertEquals(new SpeechClock.Seam.Bridged(4_800), clock.seam(T0 + 1_300_000));
        assertEquals(new SpeechClock.Seam.Joined(), clock.seam(T0 + 1_020_000));
        assertEquals(new SpeechClock.Seam.Cut(), clock.seam(T0 + 1_300_001));
    }

    @Test
    void aDriftingMediaClockDoesNotAddUp() {
        for (int i = 0; i < 1_000; i++) { // each 200 ms stretch begins 201 ms after the one before
            long start = T0 + i * 201_000L;
            assertEquals(new SpeechClock.Seam.Joined(), clock.seam(start));
            feed(start, 3_200);
        }
        assertEquals(T0 + 999 * 201_000L, clock.startMicros(999 * 3_200L));
    }

    @Test
    void aClockSetBackCutsAndGoesOn() {
        feed(T0, 16_000);
        assertEquals(new SpeechClock.Seam.Joined(), clock.seam(T0 + 900_000));
        assertEquals(new SpeechClock.Seam.Cut(), clock.seam(T0));
        feed(T0, 16_000);
        assertEquals(T0 + 500_000, clock.startMicros(24_000));
    }

    @Test
    void memoryDoesNotGrowWithTheCall() {
        for (int i = 0; i < 10_000; i++) {
            feed(T0 + i * 2_000_000L, 3_200);
            clock.forgetBefore(clock.fedSamples() - 32_000);
        }
        assertEquals(11, clock.pieces(), 1);
        assertEquals(T0 + 9_999 * 2_000_000L, clock.startMicros(9_999 * 3_200L));
    }
}

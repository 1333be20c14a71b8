package hansard.transcribe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DitherTest {
    @Test
    void theSamePlaceGetsTheSameNoiseHoweverTheAudioIsCut() {
        byte[] silence = new byte[2_000];
        byte[] whole = Dither.added(silence, 500);
        byte[] second = Dither.added(Arrays.copyOfRange(silence, 640, 2_000), 820);
        assertArrayEquals(Arrays.copyOfRange(whole, 640, 2_000), second);
    }

    @Test
    void itIsOneQuantisationStepAroundNothing() {
        int count = 1_000_000;
        double sum = 0;
        double squares = 0;
        for (long i = 0; i < count; i++) {
            int n = Dither.noise(i);
            sum += n;
            squares += n * n;
        }
        assertEquals(0, sum / count, 0.01);
        assertEquals(1, squares / count, 0.01);
    }

    @Test
    void theLoudestSamplesStayInRange() {
        byte[] loudest = {(byte) 0xff, 0x7f, 0, (byte) 0x80};
        for (long at = 0; at < 100; at++) {
            byte[] noisy = Dither.added(loudest, at);
            int high = (noisy[0] & 0xff) | noisy[1] << 8;
            int low = (noisy[2] & 0xff) | noisy[3] << 8;
            assertEquals(Short.MAX_VALUE, high, 2);
            assertEquals(Short.MIN_VALUE, low, 2);
        }
    }
}

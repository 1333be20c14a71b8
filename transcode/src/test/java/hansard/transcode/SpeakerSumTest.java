package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpeakerSumTest {
    private static short[] block(int value) {
        short[] block = new short[960];
        Arrays.fill(block, (short) value);
        return block;
    }

    @Test
    void aLoneSpeakerIsUnchanged() {
        SpeakerSum sum = new SpeakerSum(2);
        assertArrayEquals(block(12_345), sum.add(List.of(block(12_345), block(0)), 960));
    }

    @Test
    void twoAtOnceAreThreeDecibelsLowerEach() {
        SpeakerSum sum = new SpeakerSum(2);
        sum.add(List.of(block(1_000), block(1_000)), 960); // the gain glides there
        assertEquals(1_416, sum.add(List.of(block(1_000), block(1_000)), 960)[500], 2);
    }

    @Test
    void whatIsTooLoudIsClippedAndNeverWraps() {
        SpeakerSum sum = new SpeakerSum(3);
        List<short[]> loud = List.of(block(32_767), block(32_767), block(32_767));
        sum.add(loud, 960);
        for (short sample : sum.add(loud, 960)) {
            assertTrue(sample > 30_000);
        }
    }
}

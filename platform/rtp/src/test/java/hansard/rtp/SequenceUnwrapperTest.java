package hansard.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SequenceUnwrapperTest {
    @Test
    void aCounterGoesOnOverItsWrap() {
        SequenceUnwrapper sequence = new SequenceUnwrapper(16);
        assertEquals(65534, sequence.unwrap(65534));
        assertEquals(65535, sequence.unwrap(65535));
        assertEquals(65536, sequence.unwrap(0));
        assertEquals(65535, sequence.unwrap(65535)); // late
        assertEquals(65538, sequence.unwrap(2));
    }

    @Test
    void aTimestampGoesOnOverItsWrap() {
        SequenceUnwrapper timestamp = new SequenceUnwrapper(32);
        assertEquals(0xfffffff0L, timestamp.unwrap(0xfffffff0L));
        assertEquals(0x1000003b0L, timestamp.unwrap(0x3b0));
    }

    @Test
    void whatCameBeforeTheFirstIsBelowIt() {
        SequenceUnwrapper sequence = new SequenceUnwrapper(16);
        assertEquals(2, sequence.unwrap(2));
        assertEquals(-1, sequence.unwrap(65535));
        assertEquals(0, sequence.unwrap(0));
    }

    @Test
    void itGoesOnFromAKnownValue() {
        SequenceUnwrapper sequence = new SequenceUnwrapper(16, 3L * 65536 + 65000);
        assertEquals(4L * 65536 + 10, sequence.unwrap(10));
    }

    @Property(tries = 500)
    void anyWalkOfLessThanHalfASpanIsFollowed(
            @ForAll @LongRange(min = 0, max = 65535) long start,
            @ForAll @Size(max = 200) List<@IntRange(min = -32768, max = 32767) Integer> steps) {
        SequenceUnwrapper sequence = new SequenceUnwrapper(16);
        long truth = start;
        assertEquals(truth, sequence.unwrap(truth));
        for (int step : steps) {
            truth += step;
            assertEquals(truth, sequence.unwrap(truth & 0xffff));
        }
    }
}

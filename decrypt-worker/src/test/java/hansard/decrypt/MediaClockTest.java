package hansard.decrypt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.decrypt.MediaClock.Stamp;
import java.util.List;
import org.junit.jupiter.api.Test;

class MediaClockTest {
    private static final long START = 1_795_387_864_000_000L;

    private final MediaClock clock = new MediaClock(48_000);

    @Test
    void placesByTimestampFromTheFirstArrival() {
        assertEquals(START, place(0xffff_fe00L, 0));
        assertEquals(
                START + 20_000, place((0xffff_fe00L + 960) & 0xffff_ffffL, 90_000)); // over the wrap, jitter ignored
        assertEquals(START + 40_000, place((0xffff_fe00L + 1_920) & 0xffff_ffffL, 91_000));
        assertEquals(START - 20_000, place(0xffff_fe00L - 960, 95_000)); // from before the first
    }

    @Test
    void clockThatStoodStillIsSteppedToTheArrival() {
        place(0, 0);
        place(960, 20_000);
        Stamp next = new Stamp(1_920, START + 3_000_000);
        assertTrue(clock.mayHaveStoodStill(next));
        clock.settle(List.of(next, new Stamp(2_880, START + 3_020_000), new Stamp(3_840, START + 3_041_000)));
        assertEquals(START + 3_000_000, place(1_920, 3_000_000));
        assertEquals(START + 3_020_000, place(2_880, 3_020_000));
    }

    @Test
    void packetsHeldUpOnTheWayAreNotMistakenForIt() {
        place(0, 0);
        Stamp next = new Stamp(960, START + 1_500_000);
        assertTrue(clock.mayHaveStoodStill(next));
        // a stalled network delivers a second and a half of audio at once
        clock.settle(List.of(next, new Stamp(48_000, START + 1_500_100), new Stamp(72_000, START + 1_501_000)));
        assertEquals(START + 20_000, place(960, 1_500_000));
    }

    @Test
    void driftAndDtxPausesAreLeftAlone() {
        place(0, 0);
        assertFalse(clock.mayHaveStoodStill(new Stamp(19_200, START + 400_000)));
        assertFalse(clock.mayHaveStoodStill(new Stamp(48_000 * 3, START + 3_020_000))); // a mute that moved the clock
        for (int i = 1; i < 200; i++) { // falls behind by 2 s without a gap
            assertFalse(clock.mayHaveStoodStill(new Stamp(i * 960L, START + i * 30_000L)));
            assertEquals(START + i * 20_000L, place(i * 960L, i * 30_000L));
        }
    }

    private long place(long timestamp, long arrivalAfterStart) {
        return clock.place(new Stamp(timestamp, START + arrivalAfterStart)).mediaMicros();
    }
}

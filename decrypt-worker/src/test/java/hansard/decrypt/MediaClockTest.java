package hansard.decrypt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.decrypt.MediaClock.Stamp;
import java.util.ArrayList;
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
    void theLeastLateOfTheFirstPacketsTellsWhereTheStreamBegins() {
        Stamp first = stamp(0, 80_000);
        assertTrue(clock.isDoubtful(first));
        List<Stamp> following = List.of(first, stamp(960, 81_000), stamp(1_920, 82_000), stamp(24_000, 505_000));
        assertFalse(clock.settle(following, START + 505_000, true), "half a second must be seen");
        assertTrue(clock.settle(following, START + 580_000, true));
        assertEquals(START + 5_000, place(0, 80_000));
    }

    @Test
    void clockThatStoodStillIsSteppedToTheArrival() {
        place(0, 0);
        place(960, 20_000);
        Stamp next = stamp(1_920, 3_000_000);
        assertTrue(clock.isDoubtful(next));
        List<Stamp> following = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            following.add(stamp(1_920 + i * 960L, 3_000_000 + i * 20_000L));
        }
        assertFalse(clock.settle(following, START + 3_240_000, true), "it may have been held up");
        for (int i = 12; i < 26; i++) {
            following.add(stamp(1_920 + i * 960L, 3_000_000 + i * 20_000L));
        }
        assertTrue(clock.settle(following, START + 3_500_000, true));
        assertEquals(START + 3_000_000, place(1_920, 3_000_000));
        assertEquals(START + 3_020_000, place(2_880, 3_020_000));
        assertEquals(1, clock.finding().steps());
    }

    @Test
    void packetsHeldUpOnTheWayAreNotMistakenForIt() {
        place(0, 0);
        Stamp next = stamp(960, 1_500_000);
        assertTrue(clock.isDoubtful(next));
        // a stalled network delivers a second and a half of audio at once
        assertTrue(clock.settle(
                List.of(next, stamp(48_000, 1_500_100), stamp(72_000, 1_501_000)), START + 1_501_000, true));
        assertEquals(START + 20_000, place(960, 1_500_000));
    }

    @Test
    void whatAQueueDeliversSlowlyIsWaitedFor() {
        place(0, 0);
        List<Stamp> draining = new ArrayList<>();
        for (int i = 1; i <= 50; i++) { // four times as fast as they were sent
            draining.add(stamp(i * 960L, 3_000_000 + i * 5_000L));
        }
        assertTrue(clock.isDoubtful(draining.getFirst()));
        assertFalse(clock.settle(draining, START + 3_250_000, true));
        for (int i = 51; i <= 190; i++) {
            draining.add(stamp(i * 960L, 3_000_000 + i * 5_000L));
        }
        assertTrue(clock.settle(draining, START + 3_950_000, true));
        assertEquals(START + 20_000, place(960, 3_005_000));
    }

    /** As it was recorded: one stall of a busy machine, in three pieces. */
    @Test
    void aWayThatIsBlockedAgainAndAgainIsNoClockThatStoodStill() {
        place(0, 0);
        place(960, 20_000);
        List<Stamp> following = new ArrayList<>();
        long timestamp = burst(following, 1_920, 4, 341_000);
        assertFalse(clock.settle(following, START + 345_000, true));
        timestamp = burst(following, timestamp, 3, 1_130_000);
        assertFalse(
                clock.settle(following, START + 1_130_000, true), "800 ms, and the newest are later than the first");
        timestamp = burst(following, timestamp, 9, 1_309_000);
        assertFalse(clock.settle(following, START + 1_320_000, true));
        burst(following, timestamp, 56, 1_349_000);
        assertTrue(clock.settle(following, START + 1_360_000, true));
        assertEquals(START + 40_000, place(1_920, 341_000));
        assertEquals(0, clock.finding().steps());
    }

    private static long burst(List<Stamp> to, long timestamp, int count, long arrival) {
        for (int i = 0; i < count; i++) {
            to.add(stamp(timestamp + i * 960L, arrival + i * 500L));
        }
        return timestamp + count * 960L;
    }

    @Test
    void whatIsUndecidedKeepsItsPlaceUntilItIsCertain() {
        place(0, 0);
        place(960, 20_000);
        List<Stamp> following = new ArrayList<>();
        long timestamp = burst(following, 1_920, 4, 5_000_000);
        timestamp = burst(following, timestamp, 4, 6_150_000); // and then the way is blocked, too
        assertTrue(clock.settle(following, START + 6_200_000, true), "no longer than this");
        for (int i = 0; i < 8; i++) {
            assertEquals(
                    START + 40_000 + i * 20_000, clock.place(following.get(i)).mediaMicros());
        }
        List<Stamp> after = new ArrayList<>();
        for (int i = 0; i < 26; i++) { // as late as before, and no queue ran empty
            after.add(stamp(timestamp + i * 960L, 6_220_000 + i * 20_000L));
        }
        assertTrue(clock.isDoubtful(after.getFirst()));
        assertFalse(clock.settle(after.subList(0, 12), START + 6_440_000, true));
        assertTrue(clock.settle(after, START + 6_720_000, true));
        assertEquals(START + 6_220_000, place(timestamp, 6_220_000));
    }

    @Test
    void whoSendsFasterThanAnybodySpeaksIsKeptByItsTimestamps() {
        List<Stamp> all = new ArrayList<>();
        burst(all, 0, 350, 0);
        assertTrue(clock.settle(all, START + 175_000, false));
        for (int i = 0; i < all.size(); i++) {
            assertTrue(i == 0 || !clock.isDoubtful(all.get(i)));
            assertEquals(START + i * 20_000L, clock.place(all.get(i)).mediaMicros());
        }
        Stamp lie = stamp(350 * 960L + 48_000 * 5, 176_000);
        assertTrue(clock.isDoubtful(lie), "five seconds ahead even of those");
        assertEquals(START + 7_000_000, place(350 * 960L, 176_000));
    }

    @Test
    void whatGoesOnAheadOfTimeForEverHasNoPlaceInIt() {
        place(0, 0);
        long media = 0;
        for (int i = 1; i <= 1_300; i++) { // half a second of it each millisecond
            media = place(i * 24_000L, i * 1_000L);
        }
        assertEquals(START + 1_300_000, media, "then they are where they arrived");
        assertTrue(clock.isDoubtful(stamp(0x4000_0000, 1_301_000)));
    }

    @Test
    void dtxPausesAndMutesAreNoDoubt() {
        place(0, 0);
        assertFalse(clock.isDoubtful(stamp(19_200, 400_000)));
        assertFalse(clock.isDoubtful(stamp(48_000 * 3, 3_020_000))); // a mute that moved the clock
    }

    @Test
    void clockThatIsSetIsFollowedWithoutMovingWhatStands() {
        place(0, 0);
        place(960, 20_000);
        long ahead = 960 * 2 + 48_000 * 30;
        List<Stamp> following = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            following.add(stamp(ahead + i * 960L, 40_000 + i * 20_000L));
        }
        assertTrue(clock.isDoubtful(following.getFirst()));
        assertTrue(clock.settle(following, START + 260_000, true));
        assertEquals(START + 40_000, place(ahead, 40_000));
        long back = 960 * 3;
        List<Stamp> again = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            again.add(stamp(back + i * 960L, 60_000 + i * 20_000L));
        }
        assertTrue(clock.isDoubtful(again.getFirst()));
        assertTrue(clock.settle(again, START + 280_000, true));
        assertEquals(START + 60_000, place(back, 60_000));
    }

    @Test
    void oneLyingTimestampMovesNobodyElse() {
        place(0, 0);
        place(960, 20_000);
        Stamp lie = stamp(48_000 * 30, 40_000);
        assertTrue(clock.isDoubtful(lie));
        assertTrue(clock.settle(List.of(lie, stamp(2_880, 60_000)), START + 60_000, true));
        assertEquals(START + 40_000, clock.place(lie).mediaMicros());
        assertEquals(START + 60_000, place(2_880, 60_000));
    }

    private static Stamp stamp(long timestamp, long arrivalAfterStart) {
        return new Stamp(timestamp, START + arrivalAfterStart);
    }

    private long place(long timestamp, long arrivalAfterStart) {
        return clock.place(new Stamp(timestamp, START + arrivalAfterStart)).mediaMicros();
    }
}

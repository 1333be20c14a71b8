package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class LoneSpeakersTest {
    private static final long SECOND = 1_000_000;

    private static Job.Voice voice(long from, long seconds, Job.Quiet... quiet) {
        return new Job.Voice(0, "opus", 2, from, seconds * SECOND, List.of(), List.of(), List.of(quiet));
    }

    private static Job.Quiet quiet(long from, long to) {
        return new Job.Quiet(from * SECOND, to * SECOND);
    }

    private static LoneSpeakers of(long seconds, Job.Voice... voices) {
        return LoneSpeakers.of(new Job.Mix(List.of(voices), seconds * SECOND, 32_000, 3));
    }

    @Test
    void whoIsInACallAloneIsAlwaysAlone() {
        assertEquals(
                List.of(new LoneSpeakers.Turn(0, 0, 500)), of(10, voice(0, 10)).of(0));
    }

    @Test
    void twoWhoTakeTurnsAreAloneWhileTheOtherIsNotHeard() {
        LoneSpeakers turns = of(10, voice(0, 10, quiet(5, 10)), voice(0, 10, quiet(0, 5)));
        // the other is silent from 0.36 s on, and is heard again 0.1 s before its quiet ends
        assertEquals(List.of(new LoneSpeakers.Turn(0, 18, 244)), turns.of(0));
        assertEquals(List.of(new LoneSpeakers.Turn(1, 268, 494)), turns.of(1));
        assertEquals(LoneSpeakers.NONE, turns.at(17));
        assertEquals(0, turns.at(18));
        assertEquals(226, turns.left(18));
        assertEquals(0, turns.at(243));
        assertEquals(LoneSpeakers.NONE, turns.at(244));
        assertEquals(1, turns.at(268));
    }

    @Test
    void nobodyIsAloneWhileSomebodyIsThereOfWhomNothingIsKnown() {
        LoneSpeakers turns = of(10, voice(0, 10), voice(0, 10));
        assertEquals(List.of(), turns.of(0));
        assertEquals(List.of(), turns.of(1));
    }

    @Test
    void whoComesLaterOrHasLeftIsNotHeard() {
        LoneSpeakers turns = of(20, voice(0, 20), voice(4 * SECOND, 6));
        assertEquals(List.of(new LoneSpeakers.Turn(0, 0, 199), new LoneSpeakers.Turn(0, 525, 1000)), turns.of(0));
        assertEquals(List.of(), turns.of(1));
    }

    @Test
    void trackOfUnknownLengthMayBeHeardUntilTheEnd() {
        LoneSpeakers turns = of(20, voice(0, 20), voice(4 * SECOND, 0));
        assertEquals(List.of(new LoneSpeakers.Turn(0, 0, 199)), turns.of(0));
    }

    @Test
    void whatIsLostAndWhatFollowsItIsDecoded() {
        Job.Voice voice =
                new Job.Voice(0, "opus", 2, 0, 10 * SECOND, List.of(new Job.Loss(5 * SECOND, 1)), List.of(), List.of());
        assertEquals(
                List.of(new LoneSpeakers.Turn(0, 0, 235), new LoneSpeakers.Turn(0, 266, 500)),
                of(10, voice).of(0));
    }

    /** The packet after the hole carries some of it, and what begins it is concealed when that is decoded. */
    @Test
    void packetAfterALongLossIsDecodedToo() {
        Job.Voice voice = new Job.Voice(
                0, "opus", 2, 0, 10 * SECOND, List.of(new Job.Loss(5 * SECOND, 40)), List.of(), List.of());
        assertEquals(new LoneSpeakers.Turn(0, 305, 500), of(10, voice).of(0).getLast());
        Job.Voice lying = new Job.Voice(
                0, "opus", 2, 0, 100 * SECOND, List.of(new Job.Loss(5 * SECOND, Long.MAX_VALUE)), List.of(), List.of());
        assertEquals(2, of(100, lying).of(0).size());
    }

    @Test
    void ofOnesOwnQuietOnlyWhatIsBetweenTheFadesIsLeftToIt() {
        // not heard from 4.2 s to 7.9 s, and 20 ms of fading before and after; 360 ms after the last sound nobody is
        // heard at all
        assertEquals(
                List.of(new LoneSpeakers.Turn(0, 0, 208), new LoneSpeakers.Turn(0, 397, 500)),
                of(10, voice(0, 10, quiet(4, 8))).of(0));
    }

    @Test
    void turnsOfLessThanHalfASecondAreNone() {
        assertEquals(List.of(), of(10, voice(0, 10), voice(400_000, 9)).of(0));
    }
}

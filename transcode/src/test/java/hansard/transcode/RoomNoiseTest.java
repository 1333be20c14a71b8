package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whose noise is left out, in calls in which everybody's room gives some. Times in milliseconds. */
class RoomNoiseTest {
    private static final long MILLI = 1_000;

    /** A voice that is known: {@code from} to {@code to} it is there. */
    private static Job.Voice voice(long from, long to, Job.Quiet... quiet) {
        return new Job.Voice(0, "opus", 2, from * MILLI, (to - from) * MILLI, List.of(), List.of(), List.of(quiet));
    }

    private static Job.Quiet span(long from, long to) {
        return new Job.Quiet(from * MILLI, to * MILLI);
    }

    @SafeVarargs
    private static List<List<Job.Quiet>> leftOut(long to, List<Job.Voice> voices, List<Job.Quiet>... noise) {
        return RoomNoise.withoutOthers(voices, List.of(noise), to * MILLI).stream()
                .map(Job.Voice::quiet)
                .toList();
    }

    @Test
    void whoSpokeLastIsHeardUntilShortlyBeforeTheNextSpeaks() {
        // the first speaks until 10 s, the other from 15 to 20 s, and the first again from 20.3 s
        List<List<Job.Quiet>> leftOut = leftOut(
                30_000,
                List.of(voice(0, 30_000), voice(0, 30_000)),
                List.of(span(10_000, 20_300)),
                List.of(span(0, 15_000), span(20_000, 30_000)));
        assertEquals(List.of(span(14_200, 20_000)), leftOut.get(0));
        assertEquals(List.of(span(0, 14_200), span(20_000, 30_000)), leftOut.get(1));
    }

    @Test
    void pausesOfASpeakerChangeNothing() {
        List<List<Job.Quiet>> leftOut = leftOut(
                20_000,
                List.of(voice(0, 20_000), voice(0, 20_000)),
                List.of(span(5_000, 8_000), span(12_000, 20_000)),
                List.of(span(0, 20_000)));
        assertEquals(List.of(List.of(), List.of(span(0, 20_000))), leftOut);
    }

    @Test
    void whileTwoSpeakBothAreHeardAndAThirdIsNot() {
        List<List<Job.Quiet>> leftOut = leftOut(
                20_000,
                List.of(voice(0, 20_000), voice(0, 20_000), voice(0, 20_000)),
                List.of(span(10_000, 20_000)),
                List.of(span(0, 9_000), span(12_000, 20_000)),
                List.of(span(0, 20_000)));
        assertEquals(
                List.of(List.of(span(10_000, 20_000)), List.of(span(0, 9_000)), List.of(span(0, 20_000))), leftOut);
    }

    @Test
    void whenNobodyEverSpeaksTheNoisiestIsHeard() {
        List<List<Job.Quiet>> leftOut = leftOut(
                20_000,
                List.of(voice(0, 20_000, span(0, 15_000)), voice(0, 20_000)),
                List.of(span(15_000, 20_000)),
                List.of(span(0, 20_000)));
        assertEquals(List.of(List.of(span(0, 15_000), span(15_000, 20_000)), List.of()), leftOut);
    }

    /** From noise to who gives none: there is no silence in between. */
    @Test
    void noiseFadesWhenWhoIsInAQuietRoomBeginsToBeHeard() {
        List<List<Job.Quiet>> leftOut = leftOut(
                20_000,
                List.of(voice(0, 20_000), voice(0, 20_000, span(0, 15_000))),
                List.of(span(10_000, 20_000)),
                List.of());
        assertEquals(List.of(span(14_700, 20_000)), leftOut.get(0));
        assertEquals(
                QuietGate.openMicros(span(0, 15_000)),
                QuietGate.shutMicros(leftOut.get(0).getFirst()));
    }

    @Test
    void whoHasLeftGivesNoNoise() {
        List<List<Job.Quiet>> leftOut = leftOut(
                20_000,
                List.of(voice(0, 11_000), voice(0, 20_000)),
                List.of(span(10_000, 11_000)),
                List.of(span(0, 20_000)));
        assertEquals(List.of(List.of(), List.of(span(0, 11_000))), leftOut);
    }

    @Test
    void ofWhomNothingIsKnownMaySpeakAllTheTime() {
        List<List<Job.Quiet>> leftOut = leftOut(
                20_000,
                List.of(voice(0, 20_000), new Job.Voice(1, "opus", 2, 0, 0, List.of(), List.of(), List.of())),
                List.of(span(0, 20_000)),
                List.of());
        assertEquals(List.of(List.of(span(0, 20_000)), List.of()), leftOut);
    }

    /** What only touches is a change of the noise, around which the gate is open. */
    @Test
    void stretchesOfNoiseThatTouchStayApartAndThoseThatAreQuietInPartAreOne() {
        List<List<Job.Quiet>> leftOut = leftOut(
                20_000,
                List.of(voice(0, 20_000), voice(0, 20_000, span(14_000, 16_000))),
                List.of(),
                List.of(span(0, 8_000), span(8_000, 15_000), span(15_500, 20_000)));
        assertEquals(List.of(span(0, 8_000), span(8_000, 20_000)), leftOut.get(1));
    }

    /** As many stretches as a track may have: who sends them must not keep the stage busy. */
    @Test
    void manyChangesTakeNoTime() {
        List<Job.Quiet> noise = new ArrayList<>();
        List<Job.Quiet> other = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            noise.add(span(i * 3_000, i * 3_000 + 1_000));
            other.add(span(i * 3_000 + 500, i * 3_000 + 2_000));
        }
        assertTimeoutPreemptively(
                Duration.ofSeconds(30),
                () -> leftOut(300_000_000, List.of(voice(0, 300_000_000), voice(0, 300_000_000)), noise, other));
    }
}

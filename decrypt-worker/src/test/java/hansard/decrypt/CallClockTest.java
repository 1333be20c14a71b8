package hansard.decrypt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.decrypt.SimulatedSpeaker.Troubles;
import hansard.wire.Frame;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where frames are on the call's clock, against a speaker of whom the truth is known, through real SRTP. */
class CallClockTest {
    /** What a listener takes for lip-synchronous (ITU-R BT.1359-1 has 45 ms for sound that is early) is a little more. */
    private static final long TOLERANCE_MICROS = 40_000;

    private static final long MINUTE_MICROS = 60_000_000;

    private final SyntheticStream stream = new SyntheticStream("s");

    @ParameterizedTest
    @ValueSource(ints = {-200, 200})
    void fourHoursOfADriftingClockEndWhereTheyWereSpoken(int skewPpm) {
        Errors errors = run(1, skewPpm, Troubles.JITTER, false, speaker -> speaker.live(4 * 3_600 - 60), 60);
        errors.assertWithin(TOLERANCE_MICROS);
        assertEquals(skewPpm, -errors.clock.finding().skewPpb() / 1_000.0, 20, "the clock's rate is found");
        assertEquals(0, errors.clock.finding().steps(), "estimated, not jumped");
        errors.assertStateStayedFlat();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void whateverHappensEveryFrameIsWhereItWasSpoken(long seed) {
        int skewPpm = (int) (seed * 149 % 401) - 200;
        run(seed, skewPpm, Troubles.ALL, false, speaker -> speaker.live(1_200), 10)
                .assertWithin(TOLERANCE_MICROS);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void aWayThatIsBlockedIsNoClockThatStandsStill(long seed) {
        int skewPpm = (int) (seed * 149 % 401) - 200;
        run(seed, skewPpm, Troubles.ALL, false, speaker -> speaker.blocked(900), 10)
                .assertWithin(TOLERANCE_MICROS);
    }

    @ParameterizedTest
    @CsvSource({"1, 200", "2, -200", "3, 50"})
    void withSenderReportsToo(long seed, int skewPpm) {
        run(seed, skewPpm, Troubles.ALL, true, speaker -> speaker.live(1_200), 10)
                .assertWithin(TOLERANCE_MICROS);
    }

    @Test
    void aLongQueueDoesNotMoveTheMediaOfASenderThatReports() {
        Consumer<SimulatedSpeaker> queued = speaker -> {
            speaker.speak(60);
            speaker.queue(180, 25);
            speaker.speak(60);
        };
        Errors reported = run(3, 100, Troubles.JITTER, true, queued, 0);
        reported.assertWithin(10_000);
    }

    private Errors run(
            long seed,
            int skewPpm,
            Troubles troubles,
            boolean reports,
            Consumer<SimulatedSpeaker> story,
            double lastWords) {
        SimulatedSpeaker speaker = new SimulatedSpeaker(
                seed, skewPpm, troubles, stream.sender(stream.keyAndSalt, new byte[0], SyntheticStream.SSRC));
        if (reports) {
            speaker.withReports();
        }
        Track track = new Track();
        KeyRing keys = stream.keys();
        speaker.speak(10);
        story.accept(speaker);
        speaker.speak(lastWords);
        List<Frame> frames = new ArrayList<>();
        List<Integer> stateBytes = new ArrayList<>();
        var arrived = speaker.arrived();
        for (int at = 0; at < arrived.size(); at += 500) {
            var bundle = stream.bundle(arrived.subList(at, Math.min(arrived.size(), at + 500)));
            frames.addAll(
                    new TrackDecryption(stream.description, track, keys, null, 250_000, "highest").take(bundle).frames);
            stateBytes.add(track.toBytes().length);
        }
        frames.addAll(new TrackDecryption(stream.description, track, keys, null, 250_000, "highest")
                .take(SyntheticStream.closed())
                .frames);
        return new Errors(speaker, frames, track.sources.get(0).clock(), stateBytes);
    }

    private record Errors(SimulatedSpeaker speaker, List<Frame> frames, MediaClock clock, List<Integer> stateBytes) {
        /** What is kept of a stream between records, of which there is one in memory for each: in the last half no more than in the first. */
        void assertStateStayedFlat() {
            int half = stateBytes.size() / 2;
            int before = Collections.max(stateBytes.subList(0, half));
            int after = Collections.max(stateBytes.subList(half, stateBytes.size()));
            assertTrue(after <= before * 1.1, after + " bytes of state, before that " + before);
            assertTrue(after < 16_384, after + " bytes of state for one voice");
        }

        void assertWithin(long micros) {
            assertTrue(frames.size() > speaker.frames() * 0.98, frames.size() + " of " + speaker.frames());
            List<String> worst = new ArrayList<>();
            for (Frame frame : frames) {
                byte[] payload = frame.payload().array();
                int number = java.nio.ByteBuffer.wrap(payload).getInt(1);
                long error = frame.mediaMicros() - speaker.spokenMicros(number);
                if (Math.abs(error) > micros && worst.size() < 10) {
                    worst.add("%.3f s: %d ms"
                            .formatted((speaker.spokenMicros(number) - SyntheticStream.START) / 1e6, error / 1_000));
                }
            }
            assertTrue(worst.isEmpty(), () -> "off by more than " + micros / 1_000 + " ms: " + worst);
            assertTrue(speaker.nowMicros() - SyntheticStream.START > MINUTE_MICROS);
        }
    }
}

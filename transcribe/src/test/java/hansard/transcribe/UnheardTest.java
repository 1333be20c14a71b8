package hansard.transcribe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hansard.wire.Hearing;
import hansard.wire.Octets;
import hansard.wire.SpeechRecord;
import hansard.wire.Unheard;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** What a track knows of stretches that got no words. */
class UnheardTest {
    private static final int SECOND = SpeechRecord.SAMPLE_RATE;

    private final Track track = new Track(
            TestStage.stream("s"), 0, Hearing.FIRST, new TopicPartition("speech", 0), true, new SafeWords(true));

    private Stretch stretch(long startMicros, long offset) {
        return new Stretch(track, startMicros, offset, 0, false);
    }

    private static SpeechRecord.Speech second(long startMicros) {
        return new SpeechRecord.Speech(startMicros, SECOND, Octets.of(new byte[1]));
    }

    @Test
    void whatComesOfAStretchAfterItWasGivenUpIsUnheardToo() {
        Stretch stretch = stretch(5_000_000, 7);
        stretch.add(second(5_000_000));
        track.givenUp(stretch, List.of(), 0, "it crashed", false);
        stretch.add(second(6_000_000));
        assertEquals(List.of(new Unheard(5_000_000, 7_000_000, "it crashed")), track.unheard());
    }

    @Test
    void anotherProcessHearsItAgainUnlessItWouldKnowAnyway() {
        track.givenUp(stretch(1, 1), List.of(), 0, "no model", true);
        assertEquals(1, track.noLongerNeeded().size());
        track.givenUp(stretch(2, 2), List.of(), 0, "it crashed", false);
        track.heard(stretch(3, 3), List.of());
        assertEquals(List.of(), track.noLongerNeeded());
        assertEquals(2, track.allNeeded().size(), "once the track is over");
    }
}

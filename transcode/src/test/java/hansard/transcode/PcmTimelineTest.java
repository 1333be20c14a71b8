package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PcmTimelineTest {
    private final PcmTimeline timeline = new PcmTimeline(48_000, 1_000_000);

    @Test
    void holesAreFilledToTheSampleAndLongOnesBeginAnew() {
        assertEquals(new PcmTimeline.Begin(), timeline.place(5_000_000, 960));
        assertEquals(new PcmTimeline.Append(0, 0), timeline.place(5_020_000, 960));
        assertEquals(new PcmTimeline.Append(0, 0), timeline.place(5_043_000, 960)); // rounding is no hole
        assertEquals(new PcmTimeline.Append(4_800, 0), timeline.place(5_160_000, 960));
        assertEquals(new PcmTimeline.Begin(), timeline.place(7_000_000, 960));
    }

    @Test
    void soundThatIsThereAlreadyIsCut() {
        timeline.place(0, 960);
        timeline.place(20_000, 960);
        assertEquals(new PcmTimeline.Drop(), timeline.place(0, 960));
        assertEquals(new PcmTimeline.Append(0, 720), timeline.place(25_000, 960));
    }
}

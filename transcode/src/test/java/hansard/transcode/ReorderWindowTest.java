package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hansard.wire.Frame;
import hansard.wire.Octets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReorderWindowTest {
    private static Frame at(long ms) {
        return new Frame(ms * 1_000, 0, 0, 1, true, false, -1, Octets.of(new byte[0]));
    }

    @Test
    void framesComeOutInTheOrderOfTheirTime() {
        ReorderWindow window = new ReorderWindow();
        List<Long> out = new ArrayList<>();
        for (long ms : new long[] {0, 40, 20, 60, 100, 80, 400}) {
            window.add(at(ms), 0).forEach(f -> out.add(f.mediaMicros() / 1_000));
        }
        window.drain().forEach(f -> out.add(f.mediaMicros() / 1_000));
        assertEquals(List.of(0L, 20L, 40L, 60L, 80L, 100L, 400L), out);
        assertEquals(0, window.late());
    }

    @Test
    void aFrameAfterItsTurnIsCountedAndNotGiven() {
        ReorderWindow window = new ReorderWindow();
        window.add(at(0), 0);
        window.add(at(100), 0);
        assertEquals(2, window.add(at(300), 0).size());
        assertEquals(List.of(), window.add(at(50), 0));
        assertEquals(1, window.late());
    }

    @Test
    void soundThatGoesOnDoesNotWait() {
        ReorderWindow window = new ReorderWindow();
        for (long ms = 0; ms < 200; ms += 20) {
            assertEquals(List.of(), window.add(at(ms), 20_000)); // what came first may not have been sent first
        }
        assertEquals(11, window.add(at(200), 20_000).size());
        assertEquals(List.of(at(220)), window.add(at(220), 20_000));
        assertEquals(List.of(at(243)), window.add(at(243), 20_000)); // the call's clock has moved a little
        assertEquals(List.of(), window.add(at(283), 20_000)); // one is missing
        assertEquals(List.of(at(263), at(283)), window.add(at(263), 20_000));
        assertEquals(0, window.late());
    }
}

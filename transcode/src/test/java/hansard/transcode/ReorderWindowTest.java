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
            window.add(at(ms)).forEach(f -> out.add(f.mediaMicros() / 1_000));
        }
        window.drain().forEach(f -> out.add(f.mediaMicros() / 1_000));
        assertEquals(List.of(0L, 20L, 40L, 60L, 80L, 100L, 400L), out);
        assertEquals(0, window.late());
    }

    @Test
    void aFrameAfterItsTurnIsCountedAndNotGiven() {
        ReorderWindow window = new ReorderWindow();
        window.add(at(0));
        window.add(at(100));
        assertEquals(2, window.add(at(300)).size());
        assertEquals(List.of(), window.add(at(50)));
        assertEquals(1, window.late());
    }
}

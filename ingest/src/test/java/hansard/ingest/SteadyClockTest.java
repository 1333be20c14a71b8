package hansard.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SteadyClockTest {
    private Instant machine = Instant.parse("2026-03-29T00:59:58Z");
    private long nanos = -5;
    private final SteadyClock clock = new SteadyClock(() -> machine, () -> nanos);

    @Test
    void machineThatIsSetDuringACallDoesNotMoveTheCall() {
        clock.hold();
        Instant began = clock.instant();
        pass(Duration.ofSeconds(2));
        machine = machine.plus(Duration.ofHours(1));
        clock.watch();
        assertEquals(began.plusSeconds(2), clock.instant());
        assertTrue(clock.problem().contains("3600.0 s"), clock.problem());
        machine = machine.minus(Duration.ofHours(2));
        pass(Duration.ofSeconds(3));
        clock.watch();
        assertEquals(began.plusSeconds(5), clock.instant());
        assertTrue(clock.problem().contains("-3600.0 s"), clock.problem());
    }

    @Test
    void betweenCallsTheTimeIsTheMachines() {
        clock.hold();
        machine = machine.plus(Duration.ofHours(1));
        clock.watch();
        clock.release();
        assertEquals(machine, clock.instant());
        assertEquals("", clock.problem());
        clock.hold();
        pass(Duration.ofSeconds(1));
        assertEquals(machine, clock.instant());
    }

    @Test
    void secondStreamDoesNotMoveTheFirst() {
        clock.hold();
        Instant began = clock.instant();
        machine = machine.plus(Duration.ofHours(1));
        clock.hold();
        assertEquals(began, clock.instant());
    }

    private void pass(Duration time) {
        machine = machine.plus(time);
        nanos += time.toNanos();
    }
}

package hansard.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PendingErasuresTest {
    private static final Instant NOW = Instant.parse("2026-11-01T09:00:00Z");

    private final PendingErasures pending = new PendingErasures();

    @Test
    void failedPurgeKeepsTheCommitBackAndNotTheOthers() {
        pending.add(3, Events.purge("bad"));
        pending.add(7, Events.purge("good"));

        pending.failed(pending.next(NOW).orElseThrow(), NOW, "the store is full");
        PendingErasures.Pending next = pending.next(NOW).orElseThrow();
        assertEquals("good", next.order().callId());
        pending.done(next);

        assertEquals(3, pending.committable(9));
        assertTrue(pending.problem().contains("call bad has failed 1 times"), pending.problem());
    }

    @Test
    void failedPurgeIsTriedAgainLaterEachTimeAndNeverGivenUp() {
        pending.add(3, Events.purge("bad"));
        Instant now = NOW;
        Duration lastWait = Duration.ZERO;
        for (int i = 0; i < 40; i++) {
            PendingErasures.Pending one = pending.next(now).orElseThrow();
            pending.failed(one, now, "no");
            Instant notBefore = pending.next(Instant.MAX).orElseThrow().notBefore();
            Duration wait = Duration.between(now, notBefore);
            assertTrue(wait.compareTo(lastWait) >= 0 && wait.compareTo(Duration.ofMinutes(5)) <= 0, "wait " + wait);
            assertTrue(pending.next(notBefore.minusMillis(1)).isEmpty());
            lastWait = wait;
            now = notBefore;
        }
        pending.done(pending.next(now).orElseThrow());

        assertEquals(9, pending.committable(9));
        assertEquals("", pending.problem());
    }
}

package hansard.transcribe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TurnsTest {
    private final Turns turns = new Turns(1);
    private final List<String> order = new CopyOnWriteArrayList<>();

    private Thread queued(String name, boolean urgent) {
        Thread thread = Thread.ofPlatform().start(() -> {
            try {
                turns.begin(urgent);
                order.add(name);
                turns.end();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        while (thread.getState() != Thread.State.WAITING) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        return thread;
    }

    @Test
    void whoIsUrgentGoesFirstAndOthersInTheOrderTheyCame() throws InterruptedException {
        turns.begin(false);
        List<Thread> threads = List.of(
                queued("old", false), queued("older call", false), queued("live", true), queued("live too", true));
        turns.end();
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of("live", "live too", "old", "older call"), order);
    }

    @Test
    void aTurnThatIsGivenBackIsThereAgain() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            turns.begin(false);
            turns.end();
        }
        turns.begin(true);
        Thread waits = queued("next", false);
        assertTrue(order.isEmpty());
        turns.end();
        waits.join();
        assertEquals(List.of("next"), order);
    }
}

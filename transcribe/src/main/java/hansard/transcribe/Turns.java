package hansard.transcribe;

import java.util.PriorityQueue;
import java.util.concurrent.CountDownLatch;

/**
 * Who may use a core: as many at a time as there are cores for it, and of those who wait first the urgent, then who came first.
 * Thread-safe.
 */
final class Turns {
    private record Waiting(boolean urgent, long number, CountDownLatch called) implements Comparable<Waiting> {
        @Override
        public int compareTo(Waiting other) {
            return urgent != other.urgent ? Boolean.compare(other.urgent, urgent) : Long.compare(number, other.number);
        }
    }

    private final PriorityQueue<Waiting> waiting = new PriorityQueue<>();
    private int free;
    private long numbers;

    /** @param cores how many may be busy at once */
    Turns(int cores) {
        free = cores;
    }

    /** Waits for a turn; {@link #end()} gives it back. */
    void begin(boolean urgent) throws InterruptedException {
        CountDownLatch called;
        synchronized (this) {
            if (free > 0) {
                free--;
                return;
            }
            called = new CountDownLatch(1);
            waiting.add(new Waiting(urgent, numbers++, called));
        }
        called.await();
    }

    synchronized void end() {
        Waiting next = waiting.poll();
        if (next == null) {
            free++;
        } else {
            next.called().countDown();
        }
    }
}

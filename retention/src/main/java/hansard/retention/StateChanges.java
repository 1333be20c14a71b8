package hansard.retention;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** Lets the API wait until the Streams thread has taken in what the API wrote. Thread-safe. */
final class StateChanges {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** The Streams thread has changed the state of some call. */
    void signal() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until a condition over the state holds. @return false when it still does not after the time given */
    boolean await(Duration atMost, BooleanSupplier condition) throws InterruptedException {
        long left = atMost.toNanos();
        lock.lock();
        try {
            while (!condition.getAsBoolean()) {
                if (left <= 0) {
                    return false;
                }
                // a state that is being moved between threads gives no signal, so look again now and then
                long slice = Math.min(left, TimeUnit.MILLISECONDS.toNanos(500));
                left -= slice - Math.max(0, changed.awaitNanos(slice));
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}

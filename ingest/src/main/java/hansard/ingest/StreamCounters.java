package hansard.ingest;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where the datagrams of one stream are: {@code received = durable + not durable + discarded + those still waiting}. Written by
 * the receiver and by Kafka's sender thread, read by anyone.
 */
final class StreamCounters {
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong durable = new AtomicLong();
    private final AtomicLong notDurable = new AtomicLong();
    private final AtomicLong discarded = new AtomicLong();
    private final AtomicLong lastSeenMicros = new AtomicLong();
    private final AtomicInteger recordsInFlight = new AtomicInteger();

    /** Counters that go on from what an earlier life of the process left on the topic. */
    static StreamCounters from(StreamMemory memory) {
        StreamCounters counters = new StreamCounters();
        counters.received.set(memory.nextOrdinal() + memory.discarded());
        counters.durable.set(memory.durable());
        counters.notDurable.set(memory.notDurable());
        counters.discarded.set(memory.discarded());
        return counters;
    }

    void arrived(long nowMicros) {
        received.incrementAndGet();
        lastSeenMicros.lazySet(nowMicros);
    }

    void discard() {
        discarded.incrementAndGet();
    }

    void recordSent() {
        recordsInFlight.incrementAndGet();
    }

    void recordSettled(int datagrams, boolean isDurable) {
        (isDurable ? durable : notDurable).addAndGet(datagrams);
        if (recordsInFlight.decrementAndGet() == 0) {
            synchronized (recordsInFlight) {
                recordsInFlight.notifyAll();
            }
        }
    }

    void notKept(int datagrams) {
        notDurable.addAndGet(datagrams);
    }

    /** Waits until Kafka has answered for every record. False when it did not within the time. */
    boolean awaitSettled(long deadlineNanos) throws InterruptedException {
        synchronized (recordsInFlight) {
            while (recordsInFlight.get() != 0) {
                long left = deadlineNanos - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                recordsInFlight.wait(left / 1_000_000 + 1);
            }
            return true;
        }
    }

    long received() {
        return received.get();
    }

    long durable() {
        return durable.get();
    }

    long notDurable() {
        return notDurable.get();
    }

    long discarded() {
        return discarded.get();
    }

    /** Wall clock of the last datagram, 0 before the first. */
    long lastSeenMicros() {
        return lastSeenMicros.get();
    }
}

package hansard.retention;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts records that do not parse, and keeps them in health until a person has looked. Thread-safe. */
final class UnreadableRecords {
    private static final Logger log = LoggerFactory.getLogger(UnreadableRecords.class);

    private final Counter counter;
    private volatile String problem = "";

    UnreadableRecords(MeterRegistry meters) {
        this.counter = meters.counter("hansard.retention.unreadable");
    }

    void add(String topic, int partition, long offset, RuntimeException why) {
        counter.increment();
        problem = topic + "-" + partition + " at offset " + offset + " cannot be read: " + why.getMessage();
        log.warn("passed over a record: {}", problem);
    }

    /** Empty when there was none. */
    String problem() {
        return problem;
    }
}

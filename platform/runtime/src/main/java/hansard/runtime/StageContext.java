package hansard.runtime;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;

/**
 * What the process gives to each stage it starts.
 *
 * @param clock wall clock; arrival times and audit times come from it
 * @param meters where counters go; names start with {@code hansard.}
 * @param faults what to do when a background thread cannot go on
 */
public record StageContext(InstantSource clock, MeterRegistry meters, Faults faults) {
    /** Now, in microseconds since 1970. */
    public long nowMicros() {
        var now = clock.instant();
        return Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000L), now.getNano() / 1_000);
    }
}

package hansard.ingest;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ingest's time. While any stream is open it is the machine's time as it was when the first of them began, carried on by a clock
 * that nobody sets: if the machine's time is set during a call, the call's timeline does not jump. Between calls it is the machine's.
 *
 * <p>Thread-safe.
 */
final class SteadyClock implements InstantSource {
    private static final Logger log = LoggerFactory.getLogger(SteadyClock.class);
    /** Smaller differences are two clocks being read one after the other, on a busy machine. */
    private static final Duration TOLERANCE = Duration.ofMillis(250);

    private final InstantSource machine;
    private final LongSupplier nanos;
    private volatile Anchor anchor = Anchor.NONE;
    private volatile Duration off = Duration.ZERO;

    private record Anchor(Instant at, long nanos, boolean held) {
        static final Anchor NONE = new Anchor(Instant.EPOCH, 0, false);
    }

    /** @param nanos a clock that only ever goes on, such as {@link System#nanoTime} */
    SteadyClock(InstantSource machine, LongSupplier nanos) {
        this.machine = machine;
        this.nanos = nanos;
    }

    @Override
    public Instant instant() {
        Anchor now = anchor;
        return now.held ? now.at.plusNanos(nanos.getAsLong() - now.nanos) : machine.instant();
    }

    /** The first stream begins: from now on the time does not jump. */
    void hold() {
        if (!anchor.held) {
            anchor = new Anchor(machine.instant(), nanos.getAsLong(), true);
        }
    }

    /** The last stream has ended: the time is the machine's again. */
    void release() {
        anchor = Anchor.NONE;
        off = Duration.ZERO;
    }

    /** Compares with the machine's time; says so once when that was set. */
    void watch() {
        if (!anchor.held) {
            return;
        }
        Duration now = Duration.between(instant(), machine.instant());
        if (now.minus(off).abs().compareTo(TOLERANCE) > 0) {
            off = now;
            log.warn(
                    "the machine's clock was set: it is {} ms from the time of the open calls, which keep theirs",
                    now.toMillis());
        }
    }

    /** What a person should know, or empty. */
    String problem() {
        Duration now = off;
        return now.abs().compareTo(TOLERANCE) > 0
                ? "the machine's clock was set during a call and is %.1f s from the call's time; open calls keep theirs until the last of them ends"
                        .formatted(now.toMillis() / 1e3)
                : "";
    }
}

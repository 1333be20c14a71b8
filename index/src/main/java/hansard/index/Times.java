package hansard.index;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Microseconds since 1970 as people and the API see them. */
final class Times {
    private Times() {}

    /** On the call's clock, in ms; never before its zero. */
    static long onClock(long micros, long zeroMicros) {
        return Math.max(0, micros - zeroMicros) / 1_000;
    }

    static @Nullable String iso(long micros) {
        return micros == 0
                ? null
                : Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000)
                        .truncatedTo(java.time.temporal.ChronoUnit.MILLIS)
                        .toString();
    }
}

package hansard.retention;

import hansard.runtime.Settings;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;

/**
 * How long something is kept. Years are calendar years: what is kept for seven of them goes on the same day of the month, not
 * two leap days early.
 *
 * @param text as configured, such as {@code 7y}
 */
record Keep(String text, Period years, Duration rest) {
    /** @throws IllegalArgumentException saying what a duration looks like */
    static Keep parse(String text) {
        String t = text.strip();
        Duration whole = Settings.parseDuration(t);
        if (whole.isZero()) {
            throw new IllegalArgumentException("must be longer than nothing");
        }
        if (t.endsWith("y") || t.endsWith("Y")) {
            int years = Math.toIntExact(whole.toDays() / 365);
            if (years > 1_000) {
                throw new IllegalArgumentException("must be at most 1000y");
            }
            return new Keep(t, Period.ofYears(years), Duration.ZERO);
        }
        if (whole.toDays() > 366_000) {
            throw new IllegalArgumentException("must be at most 1000 years");
        }
        return new Keep(t, Period.ZERO, whole);
    }

    /** The first instant at which it need not be kept any more. */
    Instant from(Instant date) {
        return date.atZone(ZoneOffset.UTC).plus(years).plus(rest).toInstant();
    }
}

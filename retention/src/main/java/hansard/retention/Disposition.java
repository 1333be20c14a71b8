package hansard.retention;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/**
 * Decides whether a call may go. Pure: time is a parameter.
 *
 * @param sealWait how long after its end a closed call that was never sealed is waited for
 * @param abandonedAfter how long nothing was heard of a call that was never closed and has no open stream
 * @param discardAfter how long nothing was heard of a sealed call before originals go that are not kept
 */
record Disposition(Policies policies, Duration sealWait, Duration abandonedAfter, Duration discardAfter) {

    /** Where a call stands, in the words of the API. */
    enum Standing {
        OPEN,
        KEPT,
        HELD,
        DUE,
        PURGING,
        PURGED;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Where a call stands now. */
    Standing standing(CallState call, Instant now) {
        if (call.finished()) {
            return Standing.PURGED;
        }
        if (call.orders().purge() != null) {
            return Standing.PURGING;
        }
        if (!call.orders().holds().isEmpty()) {
            return Standing.HELD;
        }
        if (isOpen(call, now)) {
            return Standing.OPEN;
        }
        return now.isBefore(keepUntil(call)) ? Standing.KEPT : Standing.DUE;
    }

    /** Whether a purge is to be ordered now. */
    boolean isDue(CallState call, Instant now) {
        return call.facts().identity() != null && !call.requested() && standing(call, now) == Standing.DUE;
    }

    /** Tracks of it whose sound as it came is to go now. Never while a hold is in force. */
    List<String> originalsDue(CallState call, Instant now) {
        Standing standing = standing(call, now);
        boolean settled = call.facts().identity() != null
                && call.facts().dates().sealed()
                && (standing == Standing.KEPT || standing == Standing.DUE)
                && !now.isBefore(instant(call.facts().dates().heardMicros()).plus(discardAfter));
        return settled ? call.originalsLeft() : List.of();
    }

    /** Whether more may still come of it, so that its period has not begun. */
    boolean isOpen(CallState call, Instant now) {
        return !isOver(call.facts(), now);
    }

    /** When its period ends, by the policy in force now. */
    Instant keepUntil(CallState call) {
        return policies.of(call.identity())
                .keep()
                .from(instant(call.facts().dates().callMicros()));
    }

    private boolean isOver(CallFacts facts, Instant now) {
        CallDates dates = facts.dates();
        Instant heard = instant(dates.heardMicros());
        if (dates.isClosed()) {
            return dates.sealed() || !now.isBefore(heard.plus(sealWait));
        }
        return !facts.hasOpenStream() && !now.isBefore(heard.plus(abandonedAfter));
    }

    static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}

package hansard.index;

import hansard.access.Caller;
import hansard.audit.AuditLog;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Writes down who heard what, before they hear it, and who read what. A player asks for a track in dozens of ranges and a page
 * looks again and again: one event stands for ten minutes of one user and thing. Thread-safe.
 */
final class ReadingAudit {
    private static final long ONE_READING_MICROS = 600_000_000L;
    private static final int REMEMBERED = 10_000;

    private final AuditLog audit;
    private final LongSupplier nowMicros;
    private final Map<Reading, Long> recent = new LinkedHashMap<>();

    private record Reading(String tenant, String actor, String callId, String what) {}

    ReadingAudit(AuditLog audit, LongSupplier nowMicros) {
        this.audit = audit;
        this.nowMicros = nowMicros;
    }

    /** @param original with what others do not hear */
    record Play(String callId, String track, boolean download, boolean original) {
        String action() {
            return (download ? "download" : "play") + (original ? ".original" : "");
        }
    }

    /** Returns when the play is on record. @throws hansard.runtime.HansardException KAFKA_UNAVAILABLE: it must not be played */
    void require(Caller caller, Play play) {
        Reading reading = new Reading(
                caller.tenant(),
                caller.actor(),
                play.callId(),
                (play.original() ? "original of track " : "track ") + play.track());
        if (!play.download() && isRecent(reading)) {
            return;
        }
        audit.require(audit.event(
                caller.tenant(), caller.actor(), play.action(), play.callId(), "ok", Map.of("track", play.track())));
        remember(reading);
    }

    /** Notes that they looked at the recording, its transcript or its events. */
    void note(Caller caller, String callId, String what) {
        Reading view = new Reading(caller.tenant(), caller.actor(), callId, what);
        if (!isRecent(view)) {
            audit.note(audit.event(caller.tenant(), caller.actor(), "view", callId, "ok", Map.of("what", what)));
            remember(view);
        }
    }

    private boolean isRecent(Reading reading) {
        synchronized (recent) {
            Long last = recent.get(reading);
            return last != null && nowMicros.getAsLong() - last < ONE_READING_MICROS;
        }
    }

    private void remember(Reading reading) {
        synchronized (recent) {
            recent.remove(reading);
            recent.put(reading, nowMicros.getAsLong());
            if (recent.size() > REMEMBERED) {
                recent.remove(recent.keySet().iterator().next());
            }
        }
    }
}

package hansard.ingest;

import hansard.wire.CallEvent;
import hansard.wire.MediaKind;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a connector says of a participant: {@code {"event":"muted","kind":"audio","at":"2026-11-25T08:00:00.120Z"}}.
 *
 * @param kind null for all of their media
 * @param atMicros 0 when the request does not say when
 */
record ParticipantNews(CallEvent.Change change, @Nullable MediaKind kind, long atMicros) {
    /** A connector's clock may be so much ahead of ours. */
    private static final long AHEAD_MICROS = Duration.ofSeconds(5).toNanos() / 1_000;

    private static final Map<String, CallEvent.Change> EVENTS = Map.of(
            "muted", CallEvent.Change.MUTED,
            "unmuted", CallEvent.Change.UNMUTED,
            "screen-started", CallEvent.Change.SCREEN_STARTED,
            "screen-stopped", CallEvent.Change.SCREEN_STOPPED,
            "held", CallEvent.Change.HELD,
            "unheld", CallEvent.Change.UNHELD);

    static ParticipantNews from(Fields f, long nowMicros) {
        String event = f.choice("event", EVENTS.keySet());
        String kind = f.given("kind") ? f.choice("kind", Set.of("audio", "video")) : "";
        long at = at(f, nowMicros);
        f.check();
        CallEvent.Change change = EVENTS.getOrDefault(event, CallEvent.Change.MUTED);
        return new ParticipantNews(
                change, kind.isEmpty() ? null : kind.equals("audio") ? MediaKind.AUDIO : MediaKind.VIDEO, at);
    }

    private static long at(Fields f, long nowMicros) {
        String text = f.text("at", 40);
        if (text.isEmpty()) {
            return 0;
        }
        try {
            long at = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(text));
            if (at <= 0 || at > nowMicros + AHEAD_MICROS) {
                f.problem("at", "must be a moment that has passed");
            }
            return at;
        } catch (DateTimeException | ArithmeticException e) {
            f.problem("at", "must be a time like 2026-11-25T08:00:00.120Z");
            return 0;
        }
    }
}

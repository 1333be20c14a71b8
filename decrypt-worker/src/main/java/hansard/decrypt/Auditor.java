package hansard.decrypt;

import hansard.wire.AuditEvent;
import hansard.wire.SealedSessionKeys.FrameKey;
import hansard.wire.StreamDescription;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down what the worker did with keys, and what a person must look at. */
final class Auditor {
    private static final Logger log = LoggerFactory.getLogger(Auditor.class);

    private final Consumer<AuditEvent> sink;
    private final InstantSource clock;
    private final String actor;

    Auditor(Consumer<AuditEvent> sink, InstantSource clock, String identity) {
        this.sink = sink;
        this.clock = clock;
        this.actor = "decrypt-worker/" + identity;
    }

    /** Every opening is an event of its own: after a restart a key is opened again. */
    void keyOpened(StreamDescription stream) {
        sink.accept(event(UUID.randomUUID(), stream, "key.opened", "ok", ""));
    }

    /** An end-to-end key was opened for a stream; after a restart it is opened again. */
    void frameKeyOpened(StreamDescription stream, FrameKey key) {
        sink.accept(about(
                event(UUID.randomUUID(), stream, "frame-key.opened", "ok", ""),
                Map.of("kid", Long.toUnsignedString(key.kid()), "frameCipher", stream.frameCipher())));
    }

    /** A released end-to-end key that is not for this worker, or no key. One event for each such key. */
    void frameKeyRefused(StreamDescription stream, FrameKey key, String why) {
        String action = "alarm.frame-key-refused";
        log.warn("{}: call {} stream {}: {}", action, stream.callId(), stream.streamId(), why);
        UUID id = UUID.nameUUIDFromBytes((action + "/" + stream.tenant() + "/" + stream.streamId() + "/" + key.kid()
                        + "/" + key.cms().hashCode())
                .getBytes(StandardCharsets.UTF_8));
        sink.accept(about(event(id, stream, action, "refused", why), Map.of("kid", Long.toUnsignedString(key.kid()))));
    }

    /**
     * What a key release after the end of a stream came to. One event for each release.
     *
     * @param outcome {@code ok} when frames were opened
     */
    void reopened(StreamDescription stream, long generation, String outcome, String why, Map<String, String> counts) {
        log.info("call {} stream {}: made anew: {} {}", stream.callId(), stream.streamId(), outcome, why);
        UUID id = UUID.nameUUIDFromBytes(
                ("track.reopened/" + stream.tenant() + "/" + stream.streamId() + "/" + generation)
                        .getBytes(StandardCharsets.UTF_8));
        sink.accept(about(event(id, stream, "track.reopened", outcome, why), counts));
    }

    /** Keys that were released after the end of a stream and open nothing. One event for each release. */
    void keyDoubted(StreamDescription stream, long generation, String why) {
        String action = Alarm.FRAME_KEY_DOUBTED.action();
        log.warn("{}: call {} stream {}: {}", action, stream.callId(), stream.streamId(), why);
        UUID id = UUID.nameUUIDFromBytes((action + "/" + stream.tenant() + "/" + stream.streamId() + "/" + generation)
                .getBytes(StandardCharsets.UTF_8));
        sink.accept(event(id, stream, action, "refused", why));
    }

    private static AuditEvent about(AuditEvent event, Map<String, String> more) {
        Map<String, String> detail = new LinkedHashMap<>(event.detail());
        detail.putAll(more);
        return new AuditEvent(
                event.eventId(),
                event.tenant(),
                event.atMicros(),
                event.actor(),
                event.action(),
                event.callId(),
                event.outcome(),
                detail);
    }

    /** An alarm has one event per stream, however often the worker restarts. */
    void alarm(StreamDescription stream, Alarm alarm, String detail) {
        log.warn(
                "{}: call {} stream {} port {}: {}",
                alarm.action(),
                stream.callId(),
                stream.streamId(),
                stream.port(),
                detail.isEmpty() ? alarm.meaning() : detail);
        UUID id = UUID.nameUUIDFromBytes(
                (alarm.action() + "/" + stream.tenant() + "/" + stream.streamId()).getBytes(StandardCharsets.UTF_8));
        sink.accept(event(id, stream, alarm.action(), "refused", detail.isEmpty() ? alarm.meaning() : detail));
    }

    private AuditEvent event(UUID id, StreamDescription stream, String action, String outcome, String why) {
        var now = clock.instant();
        long micros = now.getEpochSecond() * 1_000_000L + now.getNano() / 1_000;
        Map<String, String> detail = new LinkedHashMap<>();
        detail.put("streamId", stream.streamId());
        detail.put("participantId", stream.participantId());
        detail.put("port", Integer.toString(stream.port()));
        detail.put("suite", stream.srtp().suite());
        if (!why.isEmpty()) {
            detail.put("why", why);
        }
        return new AuditEvent(id.toString(), stream.tenant(), micros, actor, action, stream.callId(), outcome, detail);
    }
}

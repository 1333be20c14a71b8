package hansard.decrypt;

import hansard.wire.AuditEvent;
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

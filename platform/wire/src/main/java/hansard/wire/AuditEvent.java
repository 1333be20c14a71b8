package hansard.wire;

import hansard.runtime.Json;
import java.util.Map;

/**
 * Who did what to what, when, with what outcome, on {@link Topics#AUDIT_EVENTS}.
 *
 * @param eventId unique; a repeat has the same
 * @param actor a user, {@code connector/NAME}, or a stage with its identity, {@code decrypt-worker/CN=…}
 * @param action dotted verb: {@code call.opened}, {@code key.opened}, {@code search}, {@code play}, {@code alarm.plaintext}, …
 * @param callId empty when it is not about one call
 * @param outcome {@code ok}, {@code refused} or {@code failed}
 * @param detail small facts; no keys, no spoken words
 */
public record AuditEvent(
        String eventId,
        String tenant,
        long atMicros,
        String actor,
        String action,
        String callId,
        String outcome,
        Map<String, String> detail) {
    public AuditEvent {
        detail = Map.copyOf(detail);
    }

    public byte[] toBytes() {
        return Json.bytes(this);
    }

    public static AuditEvent fromBytes(byte[] json) {
        return Json.read(json, AuditEvent.class);
    }
}

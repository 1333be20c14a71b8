package hansard.wire;

import hansard.runtime.Json;

/**
 * Datagrams of one bundle that were rejected for one reason, on {@link Topics#MEDIA_REJECTED}.
 *
 * @param detail what the person who must act needs to know; no payload bytes
 */
public record Rejected(
        String tenant,
        String callId,
        String streamId,
        RejectReason reason,
        long count,
        long firstArrivalMicros,
        long lastArrivalMicros,
        String detail) {
    public byte[] toBytes() {
        return Json.bytes(this);
    }

    public static Rejected fromBytes(byte[] json) {
        return Json.read(json, Rejected.class);
    }
}

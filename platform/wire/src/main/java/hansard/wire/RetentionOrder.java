package hansard.wire;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import hansard.runtime.Json;

/** What must be kept and what must go, on {@link Topics#RETENTION_ORDERS}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(RetentionOrder.HoldPlaced.class),
    @JsonSubTypes.Type(RetentionOrder.HoldReleased.class),
    @JsonSubTypes.Type(RetentionOrder.PurgeOrdered.class)
})
public sealed interface RetentionOrder {
    String orderId();

    String tenant();

    String callId();

    long atMicros();

    default byte[] toBytes() {
        return Json.bytes(this);
    }

    static RetentionOrder fromBytes(byte[] json) {
        RetentionOrder order = Json.read(json, RetentionOrder.class);
        return Names.checked(order, order.tenant(), order.callId());
    }

    record HoldPlaced(
            String orderId, String tenant, String callId, long atMicros, String holdId, String by, String reason)
            implements RetentionOrder {}

    record HoldReleased(
            String orderId, String tenant, String callId, long atMicros, String holdId, String by, String reason)
            implements RetentionOrder {}

    /** @param policy the policy that says so, with its period, for the receipt */
    record PurgeOrdered(String orderId, String tenant, String callId, long atMicros, String policy)
            implements RetentionOrder {}
}

package hansard.wire;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import hansard.runtime.Json;
import java.util.List;

/** What must be kept and what must go, on {@link Topics#RETENTION_ORDERS}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(RetentionOrder.HoldPlaced.class),
    @JsonSubTypes.Type(RetentionOrder.HoldReleased.class),
    @JsonSubTypes.Type(RetentionOrder.PurgeOrdered.class),
    @JsonSubTypes.Type(RetentionOrder.DiscardOrdered.class)
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

    /**
     * One track's sound as it came is to go; what people may hear of it stays, under keys of its own (decision 60).
     *
     * @param policy that says so, for the receipt
     * @param objects all that is sealed under the track's own keys, by key in the store, sorted
     */
    record DiscardOrdered(
            String orderId,
            String tenant,
            String callId,
            long atMicros,
            String streamId,
            String policy,
            List<String> objects)
            implements RetentionOrder {
        public DiscardOrdered {
            objects = List.copyOf(objects);
            String folder = tenant + "/" + callId + "/";
            if (!objects.stream().allMatch(object -> object.startsWith(folder))) {
                throw new IllegalArgumentException("an object is none of the call's");
            }
        }
    }
}

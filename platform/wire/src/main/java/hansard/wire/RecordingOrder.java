package hansard.wire;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import hansard.runtime.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What somebody wants made of a recording, on {@link Topics#RECORDING_ORDERS}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
@JsonSubTypes({@JsonSubTypes.Type(RecordingOrder.CompositeOrdered.class)})
public sealed interface RecordingOrder {
    String orderId();

    String tenant();

    String callId();

    long atMicros();

    default byte[] toBytes() {
        return Json.bytes(this);
    }

    static RecordingOrder fromBytes(byte[] json) {
        RecordingOrder order = Json.read(json, RecordingOrder.class);
        return Names.checked(order, order.tenant(), order.callId());
    }

    /**
     * One picture of all participants. Says itself what it is made of, so that whoever makes it needs to know nothing of the call; the
     * objects open for this call only.
     *
     * @param by who ordered it
     * @param startMicros when it begins, microseconds since 1970: the call's first media
     * @param sound the mix, or null when there is none
     */
    record CompositeOrdered(
            String orderId,
            String tenant,
            String callId,
            long atMicros,
            String by,
            long startMicros,
            long durationMicros,
            List<Tile> tiles,
            @Nullable Part sound)
            implements RecordingOrder {
        public CompositeOrdered {
            tiles = List.copyOf(tiles);
        }
    }

    /** @param parts video tracks, one after the other; none for who had no camera */
    record Tile(String name, List<Part> parts) {
        public Tile {
            parts = List.copyOf(parts);
        }
    }

    /** @param track its name in the vault */
    record Part(String track, long startMicros, long durationMicros, Artifact.StoredObject object) {}
}

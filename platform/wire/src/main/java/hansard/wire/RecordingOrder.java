package hansard.wire;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import hansard.runtime.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What somebody wants made of a recording, on {@link Topics#RECORDING_ORDERS}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(RecordingOrder.CompositeOrdered.class),
    @JsonSubTypes.Type(RecordingOrder.TranscriptOrdered.class)
})
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

    /**
     * The words of a sealed recording once more, by another model. Says itself what is heard, as it was stored.
     *
     * @param by who ordered it
     * @param reason why, in their words
     * @param hearing its {@code orderId} is this order's
     * @param tracks audio, one at the least
     */
    record TranscriptOrdered(
            String orderId,
            String tenant,
            String callId,
            long atMicros,
            String by,
            String reason,
            Hearing hearing,
            List<Voice> tracks)
            implements RecordingOrder {
        public TranscriptOrdered {
            tracks = List.copyOf(tracks);
            if (hearing.isFirst() || !hearing.orderId().equals(orderId)) {
                throw new IllegalArgumentException("a hearing that is ordered has a version, and the order's id");
            }
        }
    }

    /**
     * An audio track, as {@link Artifact.TrackStored} has it.
     *
     * @param files in order; the sound as it came, not the one from which words were taken out
     */
    record Voice(StreamDescription stream, long generation, long startMicros, List<Artifact.Segment> files) {
        public Voice {
            files = List.copyOf(files);
        }
    }
}

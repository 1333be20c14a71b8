package hansard.wire;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * What befell a track between its frames, as the decrypt-worker saw it. Sequence numbers are extended: rollovers times 65,536 plus the
 * sixteen bits on the wire (RFC 3711 section 3.3.1). Times are microseconds since 1970.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(Observation.Missing.class),
    @JsonSubTypes.Type(Observation.Found.class),
    @JsonSubTypes.Type(Observation.Paused.class),
    @JsonSubTypes.Type(Observation.Refused.class)
})
public sealed interface Observation {
    /**
     * Packets whose turn had come and that were not there.
     *
     * @param source ordinal of the track's source that they are of
     * @param fromSequence the first
     * @param toSequence the last
     * @param afterMicros media time of the last frame before them; 0 when there was none
     * @param beforeMicros arrival of the packet after them
     */
    record Missing(int source, long fromSequence, long toSequence, long afterMicros, long beforeMicros)
            implements Observation {}

    /** A packet that was told as missing came after all. */
    record Found(int source, long sequence) implements Observation {}

    /** @param packets that arrived and were let go unopened */
    record Paused(long fromMicros, long toMicros, long packets) implements Observation {}

    /** Datagrams that did not become media. */
    record Refused(RejectReason reason, long count, long firstArrivalMicros, long lastArrivalMicros)
            implements Observation {}
}

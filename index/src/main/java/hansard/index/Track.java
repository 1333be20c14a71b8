package hansard.index;

import hansard.wire.Artifact.StoredObject;
import hansard.wire.StreamAccount;
import hansard.wire.StreamDescription;
import org.jspecify.annotations.Nullable;

/**
 * @param startMicros of its first frame; 0 until that is there
 * @param account null until the track is stored or known to be empty
 * @param emptyReason why there is no media; empty while it may still come, and when it is there
 */
record Track(
        StreamDescription stream,
        @Nullable StreamAccount account,
        long startMicros,
        long durationMicros,
        @Nullable StoredObject object,
        String emptyReason) {

    static Track announced(StreamDescription stream) {
        return new Track(stream, null, 0, 0, null, "");
    }
}

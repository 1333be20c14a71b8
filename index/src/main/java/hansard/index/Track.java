package hansard.index;

import hansard.wire.Artifact.StoredObject;
import hansard.wire.StreamAccount;
import hansard.wire.StreamDescription;
import org.jspecify.annotations.Nullable;

/**
 * @param generation as in {@link hansard.wire.FrameRecord}
 * @param startMicros of its first frame; 0 until that is there
 * @param account null until the track is stored or known to be empty
 * @param emptyReason why there is no media; empty while it may still come, and when it is there
 * @param unopened frames that are still sealed end to end
 */
record Track(
        StreamDescription stream,
        long generation,
        @Nullable StreamAccount account,
        long startMicros,
        long durationMicros,
        @Nullable StoredObject object,
        String emptyReason,
        long unopened) {

    static Track announced(StreamDescription stream) {
        return new Track(stream, 0, null, 0, 0, null, "", 0);
    }
}

package hansard.index;

import hansard.wire.Artifact;
import hansard.wire.Artifact.StoredObject;
import hansard.wire.StreamAccount;
import hansard.wire.StreamDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * @param generation as in {@link hansard.wire.FrameRecord}
 * @param startMicros of its first frame; 0 until that is there
 * @param account null until the track is stored or known to be empty
 * @param emptyReason why there is no media; empty while it may still come, and when it is there
 * @param unopened frames that are still sealed end to end
 * @param withheld as in {@link Artifact.TrackStored}
 * @param announcedMicros when it was announced, as long as nothing has come of it; else 0
 * @param segments its files, where its sender changed the codec; else empty
 */
record Track(
        StreamDescription stream,
        long generation,
        @Nullable StreamAccount account,
        long startMicros,
        long durationMicros,
        @Nullable StoredObject object,
        String emptyReason,
        long unopened,
        List<Artifact.Segment> segments,
        Boolean withheld,
        long announcedMicros) {
    Track {
        segments = segments == null ? List.of() : List.copyOf(segments); // absent in what earlier releases kept
        withheld = withheld != null && withheld; // likewise absent
    }

    static Track announced(StreamDescription stream, long atMicros) {
        return new Track(stream, 0, null, 0, 0, null, "", 0, List.of(), false, atMicros);
    }

    /** Its files, in order; none while there is no media. */
    List<Artifact.Segment> files() {
        StoredObject only = object;
        return !segments.isEmpty()
                ? segments
                : only == null
                        ? List.of()
                        : List.of(new Artifact.Segment(
                                stream.codec(), stream.channels(), startMicros, durationMicros, only, null));
    }
}

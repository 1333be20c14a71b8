package hansard.ingest;

import hansard.wire.StreamDescription;
import org.jspecify.annotations.Nullable;

/** A stream of a call, from its announcement to after its end. Fields change under the call's command lock; anyone may read. */
final class CallStream {
    private final StreamDescription description;
    private final long announcedMicros;
    private volatile String keyDigest = "";
    private volatile @Nullable StreamCounters counters;
    private volatile @Nullable StreamIntake intake;
    private volatile boolean closedOnTopic;
    private volatile boolean ended;

    CallStream(StreamDescription description, long announcedMicros) {
        this.description = description;
        this.announcedMicros = announcedMicros;
    }

    long announcedMicros() {
        return announcedMicros;
    }

    StreamDescription description() {
        return description;
    }

    String streamId() {
        return description.streamId();
    }

    /** SHA-256 of the sealed session key, to know a repeated announcement; empty when it is not known. */
    String keyDigest() {
        return keyDigest;
    }

    void keyDigest(String digest) {
        keyDigest = digest;
    }

    void receiving(StreamIntake by) {
        intake = by;
        counters = by.counters();
    }

    /** Null when nothing is received for it in this process. */
    @Nullable
    StreamIntake intake() {
        return intake;
    }

    /** Null for a stream that ended in an earlier life of the process. */
    @Nullable
    StreamCounters counters() {
        return counters;
    }

    /** Its last mark is durable: nothing may be written for it any more. */
    boolean closedOnTopic() {
        return closedOnTopic;
    }

    void closeOnTopic() {
        closedOnTopic = true;
    }

    boolean ended() {
        return ended;
    }

    void end() {
        ended = true;
        intake = null;
    }
}

package hansard.ingest;

import hansard.wire.SealedSessionKeys;
import hansard.wire.StreamDescription;
import org.jspecify.annotations.Nullable;

/** A stream of a call, from its announcement to after its end. Fields change under the call's command lock; anyone may read. */
final class CallStream {
    private final StreamDescription description;
    private final long announcedMicros;
    private volatile @Nullable SealedSessionKeys keys;
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

    /** The sealed keys it was given so far; null when they are not known, and once it has ended. */
    @Nullable
    SealedSessionKeys keys() {
        return keys;
    }

    void keys(SealedSessionKeys sealed) {
        keys = sealed;
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
        keys = null;
    }
}

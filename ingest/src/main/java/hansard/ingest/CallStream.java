package hansard.ingest;

import hansard.wire.StreamDescription;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A stream of a call, from its announcement to after its end. Fields change under the call's command lock; anyone may read. */
final class CallStream {
    private final StreamDescription description;
    private final long announcedMicros;
    private volatile List<String> keyDigests = List.of();
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

    /** Digests of the sealed master keys it was given, the first one first. The keys themselves are not kept. */
    List<String> keyDigests() {
        return keyDigests;
    }

    /** A repeat changes nothing. */
    void keyed(String keyDigest) {
        if (!keyDigests.contains(keyDigest)) {
            List<String> all = new ArrayList<>(keyDigests);
            all.add(keyDigest);
            keyDigests = List.copyOf(all);
        }
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

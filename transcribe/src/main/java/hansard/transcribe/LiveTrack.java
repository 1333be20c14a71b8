package hansard.transcribe;

import hansard.keys.KeyRef;
import hansard.wire.StreamDescription;
import org.apache.kafka.common.TopicPartition;

/**
 * A track between its Opened record and the moment its transcript is durable. When transcode begins the track anew, this one is
 * abandoned and another takes its place: compared by identity.
 */
final class LiveTrack {
    private final StreamDescription stream;
    private final long generation;
    private final TopicPartition partition;
    private final long openedOffset;
    private final int worker;
    private volatile boolean abandoned;

    LiveTrack(StreamDescription stream, long generation, TopicPartition partition, long openedOffset, int worker) {
        this.stream = stream;
        this.generation = generation;
        this.partition = partition;
        this.openedOffset = openedOffset;
        this.worker = worker;
    }

    StreamDescription stream() {
        return stream;
    }

    /** As in {@link hansard.wire.FrameRecord}. */
    long generation() {
        return generation;
    }

    /** What its utterances are named after: those of one generation do not overwrite another's. */
    String name() {
        return generation == 0 ? stream.streamId() : stream.streamId() + "-" + generation;
    }

    KeyRef keyRef() {
        return new KeyRef(stream.tenant(), stream.callId(), stream.streamId());
    }

    TopicPartition partition() {
        return partition;
    }

    long openedOffset() {
        return openedOffset;
    }

    /** Which worker hears it, from first to last. */
    int worker() {
        return worker;
    }

    /** Nothing more is to be published of it. */
    void abandon() {
        abandoned = true;
    }

    boolean isAbandoned() {
        return abandoned;
    }

    @Override
    public String toString() {
        return keyRef().toString();
    }
}

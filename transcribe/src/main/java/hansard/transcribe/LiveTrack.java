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
    private final boolean readAgain;
    private final int worker;
    private volatile boolean abandoned;
    private volatile String refusal = "";

    /** @param readAgain its tenant had to wait for leave, and everybody else is further on in the partition */
    LiveTrack(
            StreamDescription stream,
            long generation,
            TopicPartition partition,
            long openedOffset,
            boolean readAgain,
            int worker) {
        this.stream = stream;
        this.generation = generation;
        this.partition = partition;
        this.openedOffset = openedOffset;
        this.readAgain = readAgain;
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

    boolean isReadAgain() {
        return readAgain;
    }

    /** Which worker hears it, from first to last. */
    int worker() {
        return worker;
    }

    /** Nothing more is to be published of it. */
    void abandon() {
        abandoned = true;
    }

    /** The vault refuses a key of it: nothing more is to be done with it until there is leave. */
    void refuse(String why) {
        refusal = why;
        abandon();
    }

    /** Empty when nothing was refused. */
    String refusal() {
        return refusal;
    }

    boolean isAbandoned() {
        return abandoned;
    }

    @Override
    public String toString() {
        return keyRef().toString();
    }
}

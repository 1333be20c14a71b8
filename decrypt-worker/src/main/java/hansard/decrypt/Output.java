package hansard.decrypt;

import hansard.wire.FrameRecord;
import hansard.wire.RejectReason;
import hansard.wire.Rejected;
import hansard.wire.StreamDescription;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** The two topics the worker writes, for the stream whose record is in hand. */
final class Output {
    static final String FRAMES = "frames";
    static final String REJECTED = "rejected";

    private final ProcessorContext<String, byte[]> context;

    Output(ProcessorContext<String, byte[]> context) {
        this.context = context;
    }

    void frames(String streamId, FrameRecord record) {
        context.forward(new Record<>(streamId, record.toBytes(), timestamp()), FRAMES);
    }

    /** @param stream null when no session key has told what the stream is */
    void rejected(
            String streamId, @Nullable StreamDescription stream, RejectReason reason, Tally tally, String detail) {
        if (tally.count() == 0) {
            return;
        }
        Rejected rejected = new Rejected(
                stream == null ? "" : stream.tenant(),
                stream == null ? "" : stream.callId(),
                streamId,
                reason,
                tally.count(),
                tally.firstArrivalMicros(),
                tally.lastArrivalMicros(),
                detail);
        context.forward(new Record<>(streamId, rejected.toBytes(), timestamp()), REJECTED);
    }

    private long timestamp() {
        return Math.max(0, context.currentStreamTimeMs());
    }
}

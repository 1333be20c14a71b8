package hansard.decrypt;

import hansard.wire.RejectReason;
import hansard.wire.SealedSessionKeys;
import hansard.wire.SrtpRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of records of a stream that nobody has told us about, or that is over: they wait, or are counted. */
final class SessionlessStreams {
    private static final Logger log = LoggerFactory.getLogger(SessionlessStreams.class);

    private final Parking parking;
    private final Output output;
    private final DecryptTools tools;

    SessionlessStreams(Parking parking, Output output, DecryptTools tools) {
        this.parking = parking;
        this.output = output;
        this.tools = tools;
    }

    /** The stream's next state. */
    StreamState await(String streamId, Waiting waiting, SrtpRecord record) {
        if (record instanceof SrtpRecord.Closed closed) {
            for (long i = waiting.from(); i < waiting.to(); i++) {
                turnAway(streamId, null, parking.take(streamId, i), "no session key came before the stream was closed");
            }
            output.rejected(
                    streamId, null, RejectReason.NOT_DURABLE, Tally.of(closed.notDurable(), closed.atMicros()), "");
            log.warn("stream {} was closed without a session key: nothing of it can be opened", streamId);
            return new StreamState.Ended(closed.atMicros(), 0, 0);
        }
        byte[] bytes = record.toBytes();
        if (record instanceof SrtpRecord.Datagrams bundle
                && waiting.bytes() + bytes.length > tools.parkedBytes()
                && !bundle.datagrams().isEmpty()) {
            turnAway(streamId, null, record, "too much waits for the session key");
            return waiting.andTurnedAway(bundle.datagrams().size());
        }
        parking.put(streamId, waiting.to(), bytes);
        return waiting.andParked(bytes.length, Tally.of(record).firstArrivalMicros());
    }

    /** Counts datagrams that no session will ever open. */
    void turnAway(String streamId, @Nullable SealedSessionKeys session, SrtpRecord record, String why) {
        if (record instanceof SrtpRecord.Datagrams) {
            Tally tally = Tally.of(record);
            output.rejected(streamId, session == null ? null : session.stream(), RejectReason.NO_SESSION, tally, why);
            tools.meters().rejected(RejectReason.NO_SESSION, tally.count());
        } else if (record instanceof SrtpRecord.Resumed resumed) {
            output.rejected(
                    streamId,
                    session == null ? null : session.stream(),
                    RejectReason.PAUSED,
                    Tally.of(resumed.discarded(), resumed.atMicros()),
                    why);
        }
    }
}

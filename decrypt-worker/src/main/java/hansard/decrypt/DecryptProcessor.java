package hansard.decrypt;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.RejectReason;
import hansard.wire.SealedSessionKeys;
import hansard.wire.SrtpRecord;
import hansard.wire.StreamDescription;
import hansard.wire.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rim between Kafka and a track: takes the records of both topics, loads and stores the stream's state, and keeps what has no
 * key yet. Everything in memory here can be made again from the stores.
 */
final class DecryptProcessor implements Processor<String, byte[], String, byte[]> {
    static final String STREAMS = "streams";
    static final String KEYS = "keys";
    static final String PARKED = "parked";

    private static final Logger log = LoggerFactory.getLogger(DecryptProcessor.class);
    private static final Duration SWEEP = Duration.ofHours(1);
    private static final Duration KEEP_ENDED = Duration.ofHours(24);
    private static final Duration ASK_FOR_LEAVE = Duration.ofSeconds(5);
    private static final Duration REOPENING_TURN = Duration.ofMillis(200);
    /** How long packets may fail to authenticate before a person is told: a new key may be on its way. */
    private static final Duration DOUBT = Duration.ofSeconds(2);

    private static final String ERASED = "the track's data key was destroyed";

    private final DecryptTools tools;
    private final SessionKeys sessionKeys;
    private final TrackKeys trackKeys;
    private final FrameKeys frameKeys;
    private final RefusedStreams refused;
    private final Map<String, SealedSessionKeys> sessions = new HashMap<>();

    private @Nullable Rim rim;
    private boolean waitingFound;

    /** What exists once Kafka Streams has given us our stores. */
    private record Rim(
            ProcessorContext<String, byte[]> context,
            KeyValueStore<String, byte[]> streams,
            KeyValueStore<String, byte[]> keys,
            Parking parking,
            Reopenings reopenings,
            SessionlessStreams sessionless,
            Output output,
            TrackWriter writer) {}

    DecryptProcessor(DecryptTools tools) {
        this.tools = tools;
        this.sessionKeys = new SessionKeys(tools.vault(), tools.patience(), tools.auditor());
        this.trackKeys = new TrackKeys(tools.vault(), tools.patience());
        this.frameKeys = new FrameKeys(tools.vault(), tools.patience(), tools.auditor());
        this.refused = new RefusedStreams(tools.refusals(), sessionKeys, frameKeys, trackKeys);
    }

    @Override
    public void init(ProcessorContext<String, byte[]> context) {
        KeyValueStore<String, byte[]> streams = context.getStateStore(STREAMS);
        KeyValueStore<String, byte[]> keys = context.getStateStore(KEYS);
        KeyValueStore<String, byte[]> parked = context.getStateStore(PARKED);
        Output output = new Output(context);
        Reopenings reopenings = new Reopenings(context.getStateStore(Reopenings.STORE), streams, output, tools);
        Parking parking = new Parking(parked);
        rim = new Rim(
                context,
                streams,
                keys,
                parking,
                reopenings,
                new SessionlessStreams(parking, output, tools),
                output,
                new TrackWriter(output, tools.envelopes(), trackKeys, tools.auditor(), tools.meters()));
        context.schedule(REOPENING_TURN, PunctuationType.WALL_CLOCK_TIME, now -> reopenings.turn(now * 1_000));
        context.schedule(ASK_FOR_LEAVE, PunctuationType.WALL_CLOCK_TIME, now -> askForLeave());
        context.schedule(SWEEP, PunctuationType.WALL_CLOCK_TIME, now -> forgetEnded(streams, now));
    }

    @Override
    public void process(Record<String, byte[]> record) {
        Rim at = rim;
        if (at == null) {
            throw new IllegalStateException("a record before init");
        }
        String streamId = record.key();
        String topic = at.context.recordMetadata().map(m -> m.topic()).orElse("");
        if (streamId == null) {
            log.warn("a record of {} has no key and is passed over", topic);
        } else if (topic.equals(Topics.SESSION_KEYS)) {
            key(at, streamId, record.value());
        } else if (record.value() != null) {
            media(at, streamId, record.value());
        }
    }

    private void key(Rim at, String streamId, byte @Nullable [] value) {
        sessions.remove(streamId);
        if (value == null) { // the call is sealed: its session keys are forgotten
            sessionKeys.forget(streamId);
            at.keys.delete(streamId);
            frameKeys.forget(streamId);
            return;
        }
        SealedSessionKeys session;
        try {
            session = SealedSessionKeys.fromBytes(value);
        } catch (HansardException e) {
            log.warn("the session key of stream {} is passed over: {}", streamId, e.getMessage());
            return;
        }
        if (!session.stream().streamId().equals(streamId)) {
            log.warn(
                    "a session key of stream {} under the name of {} is passed over",
                    session.stream().streamId(),
                    streamId);
            return;
        }
        if (isReleaseAfterTheEnd(at, session)) {
            long basis = load(at, streamId) instanceof StreamState.Ended ended ? ended.generation() : 0;
            at.reopenings.begin(session, null, basis, at.context.currentSystemTimeMs() * 1_000);
            return;
        }
        SealedSessionKeys before = stored(at, streamId);
        if (before != null) {
            session = before.with(session);
        }
        at.keys.put(streamId, session.toBytes());
        if (load(at, streamId) instanceof Waiting waiting) {
            reconsider(at, session, waiting);
        }
    }

    /** Of a stream that ended too long ago to be remembered, a release brings frame keys and nothing else. */
    private static boolean isReleaseAfterTheEnd(Rim at, SealedSessionKeys session) {
        return !session.frameKeys().isEmpty()
                && session.stream().isEndToEndEncrypted()
                && switch (load(at, session.stream().streamId())) {
                    case StreamState.Ended ended -> ended.unopened() > 0;
                    case Waiting ignored ->
                        session.masterKeys().isEmpty()
                                && stored(at, session.stream().streamId()) == null;
                    case Track ignored -> false;
                };
    }

    private void media(Rim at, String streamId, byte[] value) {
        SealedSessionKeys session = session(at, streamId);
        SrtpRecord record;
        try {
            record = SrtpRecord.fromBytes(value);
        } catch (HansardException e) {
            log.warn("a record of stream {} is passed over: {}", streamId, e.getMessage());
            at.output.rejected(
                    streamId,
                    described(session),
                    RejectReason.MALFORMED,
                    Tally.of(1, 0),
                    "a record that does not parse");
            return;
        }
        switch (load(at, streamId)) {
            case Waiting waiting -> {
                if (session == null) {
                    store(at, streamId, at.sessionless.await(streamId, waiting, record));
                } else {
                    next(at, session, waiting, record);
                }
            }
            case Track track -> {
                if (session == null) {
                    at.sessionless.turnAway(streamId, null, record, "the session key was withdrawn");
                } else {
                    next(at, session, Waiting.none(track), record);
                }
            }
            case StreamState.Ended ended -> {
                at.sessionless.turnAway(streamId, session, record, "arrived after the stream was closed");
                sessions.remove(streamId);
            }
        }
    }

    /** The track that is waited with; begun now when the session key has only just come. */
    private static Track begun(Waiting waiting) {
        Track track = waiting.track();
        if (track == null) {
            track = new Track();
            track.account.received(waiting.turnedAway());
            track.account.rejected(RejectReason.NO_SESSION, waiting.turnedAway());
        }
        return track;
    }

    /** What waits goes first, as soon as anything can be opened; until then the record waits too. */
    private void next(Rim at, SealedSessionKeys session, Waiting waiting, SrtpRecord record) {
        String streamId = session.stream().streamId();
        if (!hasLeave(at, session, waiting)) {
            store(at, streamId, parkUnopened(at, streamId, waiting, record));
            return;
        }
        Track track = begun(waiting);
        KeyRing keys = usable(session, track);
        Admission admission = new Admission(session.stream(), keys, track, waiting.suspicion());
        if (track.isErased() || admission.admits(record, !waiting.isEmpty())) {
            store(at, streamId, continued(at, session, keys, track, waiting, record));
        } else {
            store(at, streamId, park(at, session, keys, waiting.on(track), record));
        }
    }

    private StreamState continued(
            Rim at, SealedSessionKeys session, KeyRing keys, Track track, Waiting waiting, SrtpRecord record) {
        StreamState state = release(at, session, keys, track, waiting.from(), waiting.to());
        if (state instanceof StreamState.Ended) {
            at.sessionless.turnAway(
                    session.stream().streamId(), session, record, "arrived after the stream was closed");
            return state;
        }
        return advance(at, session, keys, track, record);
    }

    private boolean hasLeave(Rim at, SealedSessionKeys session, Waiting waiting) {
        return refused.mayOpen(session, waiting.track(), at.context.currentSystemTimeMs());
    }

    /** It must wait, whatever it is. @throws HansardException KEY_REFUSED when no more may wait: then the partition does */
    private Waiting parkUnopened(Rim at, String streamId, Waiting waiting, SrtpRecord record) {
        byte[] bytes = record.toBytes();
        if (waiting.bytes() + bytes.length > tools.parkedBytes()) {
            throw new HansardException(
                    ErrorCode.KEY_REFUSED,
                    "no more of stream " + streamId + " may wait for leave, so its partition does: "
                            + refused.why(streamId));
        }
        at.parking.put(streamId, waiting.to(), bytes);
        return waiting.andParked(bytes.length, Tally.of(record).firstArrivalMicros());
    }

    /** What waited when this process took the partition over: nobody may send anything more of it. */
    private void findWaiting(KeyValueStore<String, byte[]> streams) {
        try (KeyValueIterator<String, byte[]> all = streams.all()) {
            while (all.hasNext()) {
                KeyValue<String, byte[]> entry = all.next();
                if (StreamState.fromBytes(entry.value) instanceof Waiting waiting && !waiting.isEmpty()) {
                    refused.waits(entry.key);
                }
            }
        }
    }

    private void askForLeave() {
        Rim at = rim;
        if (at == null) {
            return;
        }
        if (!waitingFound) {
            waitingFound = true;
            findWaiting(at.streams);
        }
        for (String streamId : refused.all()) {
            SealedSessionKeys session = session(at, streamId);
            if (session != null && load(at, streamId) instanceof Waiting waiting && !waiting.isEmpty()) {
                if (hasLeave(at, session, waiting)) {
                    reconsider(at, session, waiting);
                }
            } else {
                refused.granted(streamId);
            }
        }
    }

    @Override
    public void close() {
        refused.forgetAll();
    }

    /** Another key has come: what it opens need not wait any longer, nor what came before that. */
    private void reconsider(Rim at, SealedSessionKeys session, Waiting waiting) {
        String streamId = session.stream().streamId();
        if (!hasLeave(at, session, waiting)) {
            return;
        }
        Track track = begun(waiting);
        KeyRing keys = usable(session, track);
        Admission admission = new Admission(session.stream(), keys, track, new PlaintextSuspicion());
        long from = waiting.from();
        long bytesLeft = 0;
        for (long i = from; i < waiting.to(); i++) {
            SrtpRecord parked = at.parking.get(streamId, i);
            bytesLeft += parked.toBytes().length;
            if (admission.admits(parked, from < i)) {
                if (release(at, session, keys, track, from, i + 1) instanceof StreamState.Ended ended) {
                    store(at, streamId, ended);
                    return;
                }
                from = i + 1;
                bytesLeft = 0;
            }
        }
        store(at, streamId, from == waiting.to() ? track : waiting.on(track).after(from, bytesLeft));
    }

    /** @return the track, or that it has ended: nothing waits behind that */
    private StreamState release(Rim at, SealedSessionKeys session, KeyRing keys, Track track, long from, long to) {
        StreamState state = track;
        for (long i = from; i < to; i++) {
            SrtpRecord waited = at.parking.take(session.stream().streamId(), i);
            if (state instanceof StreamState.Ended) {
                at.sessionless.turnAway(
                        session.stream().streamId(), session, waited, "arrived after the stream was closed");
            } else {
                state = advance(at, session, keys, track, waited);
            }
        }
        return state;
    }

    private KeyRing usable(SealedSessionKeys session, Track track) {
        if (track.isErased()) {
            return new KeyRing(List.of(), ERASED);
        }
        KeyRing keys = sessionKeys.ring(session);
        if (!keys.denied().isEmpty() && track.raise(Alarm.KEY_REFUSED)) {
            tools.auditor().alarm(session.stream(), Alarm.KEY_REFUSED, keys.denied());
        }
        return keys;
    }

    private Waiting park(Rim at, SealedSessionKeys session, KeyRing keys, Waiting waiting, SrtpRecord record) {
        String streamId = session.stream().streamId();
        Track track = begun(waiting);
        Tally tally = Tally.of(record);
        byte[] bytes = record.toBytes();
        if (waiting.bytes() + bytes.length > tools.parkedBytes() && tally.count() > 0) {
            RejectReason reason = keys.isEmpty() ? RejectReason.NO_KEY : RejectReason.AUTH_FAILED;
            track.account.received(tally.count());
            track.account.rejected(reason, tally.count());
            at.output.rejected(streamId, session.stream(), reason, tally, "too much waits for a key that opens it");
            tools.meters().rejected(reason, tally.count());
            return waiting;
        }
        at.parking.put(streamId, waiting.to(), bytes);
        if (!keys.isEmpty()
                && tally.count() > 0
                && tally.lastArrivalMicros() - waiting.sinceMicros() > DOUBT.toNanos() / 1_000
                && track.raise(Alarm.AUTH_FAILED)) {
            tools.auditor().alarm(session.stream(), Alarm.AUTH_FAILED, "");
        }
        return waiting.andParked(bytes.length, tally.firstArrivalMicros());
    }

    private StreamState advance(Rim at, SealedSessionKeys session, KeyRing ring, Track track, SrtpRecord record) {
        StreamDescription stream = session.stream();
        KeyRing keys = track.isErased() ? new KeyRing(List.of(), ERASED) : ring;
        String denied = keys.isEmpty() ? keys.denied() : "";
        long framedBefore = track.account.framedCount();
        SframeReceiver frames = stream.isEndToEndEncrypted()
                ? new SframeReceiver(stream, frameKeys.ringOf(session), track.frameLayer)
                : null;
        Outcome outcome = new TrackDecryption(
                        stream, track, keys, frames, tools.reorderWindowMicros(), tools.simulcastLayer())
                .take(record);
        tools.meters().framed(track.account.framedCount() - framedBefore);
        at.writer.write(stream, track, outcome, denied);
        if (record instanceof SrtpRecord.Closed closed) {
            at.writer.end(stream, track, closed, denied);
            sessionKeys.forget(stream.streamId());
            trackKeys.forget(stream.streamId());
            frameKeys.forget(stream.streamId());
            sessions.remove(stream.streamId());
            long unopened = track.frameLayer.unopened();
            if (unopened > 0 && !session.frameKeys().isEmpty()) {
                // keys came in mid-call, or were the wrong ones: what came before them may open now
                at.reopenings.begin(session, track.frameLayer, 0, at.context.currentSystemTimeMs() * 1_000);
            }
            return new StreamState.Ended(closed.atMicros(), unopened, 0);
        }
        return track;
    }

    private @Nullable SealedSessionKeys session(Rim at, String streamId) {
        SealedSessionKeys known = sessions.get(streamId);
        if (known == null) {
            known = stored(at, streamId);
            if (known != null) {
                sessions.put(streamId, known);
            }
        }
        return known;
    }

    private static @Nullable SealedSessionKeys stored(Rim at, String streamId) {
        byte[] stored = at.keys.get(streamId);
        return stored == null ? null : SealedSessionKeys.fromBytes(stored);
    }

    private static @Nullable StreamDescription described(@Nullable SealedSessionKeys session) {
        return session == null ? null : session.stream();
    }

    private static StreamState load(Rim at, String streamId) {
        byte[] stored = at.streams.get(streamId);
        return stored == null ? Waiting.none(null) : StreamState.fromBytes(stored);
    }

    private static void store(Rim at, String streamId, StreamState state) {
        at.streams.put(streamId, state.toBytes());
    }

    private static void forgetEnded(KeyValueStore<String, byte[]> streams, long nowMillis) {
        List<String> old = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> all = streams.all()) {
            while (all.hasNext()) {
                KeyValue<String, byte[]> entry = all.next();
                if (StreamState.fromBytes(entry.value) instanceof StreamState.Ended ended
                        && ended.endedMicros() / 1_000 < nowMillis - KEEP_ENDED.toMillis()) {
                    old.add(entry.key);
                }
            }
        }
        old.forEach(streams::delete);
    }
}

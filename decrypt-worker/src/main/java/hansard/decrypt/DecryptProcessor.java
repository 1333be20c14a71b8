package hansard.decrypt;

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
    /** Records of one stream that may wait for its key: some minutes of audio. */
    static final int MAX_PARKED = 2_000;

    private static final Logger log = LoggerFactory.getLogger(DecryptProcessor.class);
    private static final Duration SWEEP = Duration.ofHours(1);
    private static final Duration KEEP_ENDED = Duration.ofHours(24);
    private static final Duration REOPENING_TURN = Duration.ofMillis(200);

    private final DecryptTools tools;
    private final SessionKeys sessionKeys;
    private final TrackKeys trackKeys;
    private final FrameKeys frameKeys;
    private final Map<String, SealedSessionKeys> sessions = new HashMap<>();

    private @Nullable Rim rim;

    /** What exists once Kafka Streams has given us our stores. */
    private record Rim(
            ProcessorContext<String, byte[]> context,
            KeyValueStore<String, byte[]> streams,
            KeyValueStore<String, byte[]> keys,
            Parking parking,
            Reopenings reopenings,
            Output output,
            TrackWriter writer) {}

    DecryptProcessor(DecryptTools tools) {
        this.tools = tools;
        this.sessionKeys = new SessionKeys(tools.vault(), tools.patience(), tools.auditor());
        this.trackKeys = new TrackKeys(tools.vault(), tools.patience());
        this.frameKeys = new FrameKeys(tools.vault(), tools.patience(), tools.auditor());
    }

    @Override
    public void init(ProcessorContext<String, byte[]> context) {
        KeyValueStore<String, byte[]> streams = context.getStateStore(STREAMS);
        KeyValueStore<String, byte[]> keys = context.getStateStore(KEYS);
        KeyValueStore<String, byte[]> parked = context.getStateStore(PARKED);
        Output output = new Output(context);
        Reopenings reopenings = new Reopenings(context.getStateStore(Reopenings.STORE), streams, output, tools);
        rim = new Rim(
                context,
                streams,
                keys,
                new Parking(parked),
                reopenings,
                output,
                new TrackWriter(output, tools.envelopes(), trackKeys, tools.auditor(), tools.meters()));
        context.schedule(REOPENING_TURN, PunctuationType.WALL_CLOCK_TIME, now -> reopenings.turn(now * 1_000));
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
        sessionKeys.forget(streamId);
        if (value == null) { // the call is sealed: its session keys are forgotten
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
        if (load(at, streamId) instanceof StreamState.Waiting waiting && waiting.records() + waiting.turnedAway() > 0) {
            begin(at, session, waiting, List.of());
        }
    }

    /** Of a stream that ended too long ago to be remembered, a release brings frame keys and nothing else. */
    private static boolean isReleaseAfterTheEnd(Rim at, SealedSessionKeys session) {
        return !session.frameKeys().isEmpty()
                && session.stream().isEndToEndEncrypted()
                && switch (load(at, session.stream().streamId())) {
                    case StreamState.Ended ended -> ended.unopened() > 0;
                    case StreamState.Waiting ignored ->
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
            case StreamState.Waiting waiting -> {
                if (session == null) {
                    await(at, streamId, waiting, record);
                } else {
                    begin(at, session, waiting, List.of(record));
                }
            }
            case Track track -> {
                if (session == null) {
                    turnAway(at, streamId, record, "the session key was withdrawn");
                } else {
                    store(at, streamId, advance(at, session, track, record));
                }
            }
            case StreamState.Ended ended -> {
                turnAway(at, streamId, record, "arrived after the stream was closed");
                sessions.remove(streamId);
            }
        }
    }

    /** The key is here: what waited for it goes first. */
    private void begin(Rim at, SealedSessionKeys session, StreamState.Waiting waiting, List<SrtpRecord> next) {
        String streamId = session.stream().streamId();
        Track track = new Track(session.stream());
        track.account.received(waiting.turnedAway());
        if (waiting.turnedAway() > 0) {
            track.account.rejected(RejectReason.NO_SESSION, waiting.turnedAway());
        }
        List<SrtpRecord> records = new ArrayList<>(at.parking.takeAll(streamId, waiting));
        records.addAll(next);
        StreamState state = track;
        for (SrtpRecord record : records) {
            state = advance(at, session, track, record);
        }
        store(at, streamId, state);
    }

    private StreamState advance(Rim at, SealedSessionKeys session, Track track, SrtpRecord record) {
        StreamDescription stream = session.stream();
        PacketCipher cipher = null;
        String denied = "";
        if (track.isErased()) {
            denied = "the track's data key was destroyed";
        } else {
            switch (sessionKeys.access(session)) {
                case KeyAccess.Granted granted -> cipher = granted.cipher();
                case KeyAccess.Denied refusal -> {
                    denied = refusal.why();
                    if (track.raise(Alarm.KEY_REFUSED)) {
                        tools.auditor().alarm(stream, Alarm.KEY_REFUSED, denied);
                    }
                }
            }
        }
        long framedBefore = track.account.framedCount();
        SframeReceiver frames = stream.isEndToEndEncrypted()
                ? new SframeReceiver(stream, frameKeys.ringOf(session), track.frameLayer)
                : null;
        Outcome outcome = new TrackDecryption(stream, track, cipher, frames, tools.reorderWindowMicros()).take(record);
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

    private void await(Rim at, String streamId, StreamState.Waiting waiting, SrtpRecord record) {
        if (record instanceof SrtpRecord.Closed closed) {
            for (SrtpRecord parked : at.parking.takeAll(streamId, waiting)) {
                turnAway(at, streamId, parked, "no session key came before the stream was closed");
            }
            at.output.rejected(
                    streamId, null, RejectReason.NOT_DURABLE, Tally.of(closed.notDurable(), closed.atMicros()), "");
            log.warn("stream {} was closed without a session key: nothing of it can be opened", streamId);
            store(at, streamId, new StreamState.Ended(closed.atMicros(), 0, 0));
            return;
        }
        long datagrams = record instanceof SrtpRecord.Datagrams bundle
                ? bundle.datagrams().size()
                : 0;
        if (waiting.records() >= MAX_PARKED && datagrams > 0) {
            turnAway(at, streamId, record, "too much waits for the session key");
            store(at, streamId, waiting.andTurnedAway(datagrams));
        } else {
            at.parking.park(streamId, waiting, record);
            store(at, streamId, waiting.andParked());
        }
    }

    /** Counts datagrams that no session will ever open. */
    private void turnAway(Rim at, String streamId, SrtpRecord record, String why) {
        if (record instanceof SrtpRecord.Datagrams bundle && !bundle.datagrams().isEmpty()) {
            Tally tally = new Tally(
                    bundle.datagrams().size(),
                    bundle.datagrams().getFirst().arrivalMicros(),
                    bundle.datagrams().getLast().arrivalMicros());
            at.output.rejected(streamId, described(session(at, streamId)), RejectReason.NO_SESSION, tally, why);
            tools.meters().rejected(RejectReason.NO_SESSION, tally.count());
        } else if (record instanceof SrtpRecord.Resumed resumed) {
            at.output.rejected(
                    streamId,
                    described(session(at, streamId)),
                    RejectReason.PAUSED,
                    Tally.of(resumed.discarded(), resumed.atMicros()),
                    why);
        }
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
        return stored == null ? StreamState.Waiting.NOTHING : StreamState.fromBytes(stored);
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

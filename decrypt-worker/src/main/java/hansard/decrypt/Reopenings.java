package hansard.decrypt;

import hansard.keys.DataKey;
import hansard.keys.KeyRef;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.Frame;
import hansard.wire.FrameRecord;
import hansard.wire.KeptFrames;
import hansard.wire.Octets;
import hansard.wire.RejectReason;
import hansard.wire.SealedSessionKeys;
import hansard.wire.StreamAccount;
import hansard.wire.StreamDescription;
import hansard.wire.Topics;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Makes ended tracks anew from their kept frames when end-to-end keys were released for them. Works in steps, between two of which
 * Kafka commits: a step reads so much, and what it writes and where it stands become durable together.
 */
final class Reopenings {
    static final String STORE = "reopenings";

    private static final int STEP_BYTES = 4 << 20;
    private static final long TURN_NANOS = Duration.ofMillis(500).toNanos();
    /** How long after a release the kept frames may still be on their way to the store. */
    private static final long PATIENCE_MICROS = Duration.ofMinutes(30).toNanos() / 1_000;

    private final KeyValueStore<String, byte[]> store;
    private final KeyValueStore<String, byte[]> streams;
    private final Output output;
    private final DecryptTools tools;
    private final FrameKeys frameKeys;

    /** @param streams where the state of ended streams is */
    Reopenings(
            KeyValueStore<String, byte[]> store,
            KeyValueStore<String, byte[]> streams,
            Output output,
            DecryptTools tools) {
        this.store = store;
        this.streams = streams;
        this.output = output;
        this.tools = tools;
        // a vault that does not answer is asked again at the next turn: other streams need not wait for it here
        this.frameKeys = new FrameKeys(tools.vault(), new VaultPatience(0), tools.auditor());
    }

    /**
     * Begins, or begins again with more keys.
     *
     * @param live what is known from the call itself; null when keys were released after it
     * @param basis generation of the track that is there
     */
    void begin(SealedSessionKeys keys, @Nullable FrameLayer live, long basis, long nowMicros) {
        String streamId = keys.stream().streamId();
        byte[] earlier = store.get(streamId);
        SealedSessionKeys all = keys;
        long generation = nowMicros;
        if (earlier != null) {
            Reopening interrupted = Reopening.fromBytes(earlier);
            all = interrupted.keys().with(keys);
            generation = Math.max(nowMicros, interrupted.generation() + 1);
            abandon(interrupted);
        }
        Reopening reopening = new Reopening(all, basis, generation, live == null);
        if (live != null) {
            live.proven().forEach(reopening.layer::prove);
        }
        store.put(streamId, reopening.toBytes());
    }

    /** Takes a turn: a step of each, for as long as a turn lasts. */
    void turn(long nowMicros) {
        long began = System.nanoTime();
        for (String streamId : underWay()) {
            if (System.nanoTime() - began > TURN_NANOS) {
                return;
            }
            byte[] kept = store.get(streamId);
            if (kept != null) {
                step(streamId, Reopening.fromBytes(kept), nowMicros);
            }
        }
    }

    private List<String> underWay() {
        List<String> streamIds = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> all = store.all()) {
            all.forEachRemaining(entry -> streamIds.add(entry.key));
        }
        return streamIds;
    }

    private void step(String streamId, Reopening reopening, long nowMicros) {
        List<FrameRecord> written = new ArrayList<>();
        try {
            boolean more = reopening.head == null ? read(reopening) : write(reopening, written);
            written.forEach(record -> output.frames(streamId, record));
            if (more) {
                store.put(streamId, reopening.toBytes());
            } else {
                finish(reopening);
            }
        } catch (HansardException e) {
            failed(reopening, e, nowMicros);
        }
    }

    private void failed(Reopening reopening, HansardException e, long nowMicros) {
        if (e.code() == ErrorCode.NOT_FOUND && nowMicros - reopening.generation() < PATIENCE_MICROS) {
            awaitFrames(reopening);
        } else if (!e.code().isRetriable()) {
            giveUp(reopening, String.valueOf(e.getMessage()));
        }
    }

    /** The frames are on their way to the store, unless the call was erased: then the vault says so. */
    private void awaitFrames(Reopening reopening) {
        if (reopening.wrappedKey == null) {
            try {
                dataKey(reopening);
                store.put(reopening.stream().streamId(), reopening.toBytes());
            } catch (HansardException e) {
                if (!e.code().isRetriable()) {
                    giveUp(reopening, String.valueOf(e.getMessage()));
                }
            }
        }
    }

    /** The first reading. @return true while there is more to do */
    private boolean read(Reopening reopening) {
        FrameKeyring ring = frameKeys.ringOf(reopening.keys());
        try (SeekableByteChannel object = open(reopening)) {
            KeptFrames head = KeptFrames.readFrom(object);
            if (head.generation() < reopening.basis()) {
                throw notYetStored(reopening);
            }
            long end = begin(object, reopening);
            while (object.position() < end) {
                List<Frame> frames = KeptFrames.next(object);
                if (frames == null) {
                    reopening.beginWriting(head);
                    return reopening.opening > 0;
                }
                if (ring != null) {
                    frames.stream().filter(Frame::sealed).forEach(frame -> tryKeys(reopening, ring, frame));
                }
            }
            reopening.position = object.position();
            return true;
        } catch (IOException e) {
            throw unreadable(reopening, e);
        }
    }

    private static void tryKeys(Reopening reopening, FrameKeyring ring, Frame frame) {
        byte[] bytes = frame.payload().array();
        SframeHeader header = SframeHeader.parse(bytes);
        if (header == null || !ring.covers(header.kid())) {
            return;
        }
        reopening.covered++;
        boolean knowsAll = reopening.opening > 0 && reopening.layer.isProven(header.kid());
        if (!knowsAll && ring.open(bytes, header) != null) {
            reopening.layer.prove(header.kid());
            reopening.opening++;
        }
    }

    /** The second reading. @return true while there is more to do */
    private boolean write(Reopening reopening, List<FrameRecord> to) {
        StreamDescription stream = reopening.stream();
        SframeReceiver receiver = new SframeReceiver(stream, frameKeys.ringOf(reopening.keys()), reopening.layer);
        DataKey key = dataKey(reopening);
        try (SeekableByteChannel object = open(reopening)) {
            KeptFrames head = KeptFrames.readFrom(object);
            if (reopening.position == 0) {
                to.add(new FrameRecord.Opened(stream, reopening.generation()));
            }
            long end = begin(object, reopening);
            while (object.position() < end) {
                List<Frame> frames = KeptFrames.next(object);
                if (frames == null) {
                    to.add(ended(reopening, head));
                    return false;
                }
                List<Frame> opened = opened(reopening, receiver, frames);
                if (!opened.isEmpty()) {
                    to.add(sealed(reopening, key, opened));
                }
            }
            reopening.position = object.position();
            return true;
        } catch (IOException e) {
            throw unreadable(reopening, e);
        }
    }

    private static List<Frame> opened(Reopening reopening, SframeReceiver receiver, List<Frame> frames) {
        List<Frame> opened = new ArrayList<>(frames.size());
        for (Frame frame : frames) {
            if (!frame.sealed()) { // it was opened in the call
                opened.add(frame);
                continue;
            }
            switch (receiver.open(frame)) {
                case FrameOpening.Opened now -> {
                    opened.add(now.frame());
                    reopening.opened++;
                }
                case FrameOpening.LeftSealed left -> opened.add(left.frame());
                case FrameOpening.Refused refused -> reopening.refusedPackets += frame.packets();
            }
        }
        return opened;
    }

    private FrameRecord sealed(Reopening reopening, DataKey key, List<Frame> frames) {
        String subject = FrameRecord.subject(reopening.stream().streamId(), reopening.generation(), reopening.ordinal);
        Octets sealed = tools.envelopes().seal(key, Topics.MEDIA_FRAMES, subject, Frame.toBytes(frames));
        FrameRecord record = new FrameRecord.Frames(reopening.ordinal, sealed);
        reopening.ordinal += frames.size();
        return record;
    }

    private static FrameRecord ended(Reopening reopening, KeptFrames head) {
        StreamAccount before = head.account();
        Map<RejectReason, Long> rejected = new TreeMap<>(before.rejected());
        if (reopening.refusedPackets > 0) {
            rejected.merge(RejectReason.FRAME_REFUSED, reopening.refusedPackets, Long::sum);
        }
        StreamAccount account = new StreamAccount(
                before.received(),
                before.framed() - reopening.refusedPackets,
                rejected,
                before.inFlight(),
                before.expected(),
                before.lost(),
                before.paused());
        return new FrameRecord.Ended(
                reopening.stream(), reopening.generation(), account, head.endedMicros(), head.reason());
    }

    private void finish(Reopening reopening) {
        KeptFrames head = reopening.head;
        String streamId = reopening.stream().streamId();
        if (reopening.opening > 0 && head != null) {
            long unopened = reopening.layer.unopened();
            streams.put(
                    streamId, new StreamState.Ended(head.endedMicros(), unopened, reopening.generation()).toBytes());
            if (reopening.refusedPackets > 0) {
                tools.auditor().alarm(reopening.stream(), Alarm.FRAME_REFUSED, "");
            }
            tools.auditor()
                    .reopened(
                            reopening.stream(),
                            reopening.generation(),
                            "ok",
                            "",
                            Map.of(
                                    "framesOpened", Long.toString(reopening.opened),
                                    "framesUnopened", Long.toString(unopened)));
        } else if (reopening.isReleased()) {
            tools.auditor()
                    .keyDoubted(
                            reopening.stream(),
                            reopening.generation(),
                            reopening.covered == 0
                                    ? "no frame bears a key identifier of the released end-to-end keys"
                                    : Alarm.FRAME_KEY_DOUBTED.meaning());
        }
        forget(streamId);
    }

    /** It cannot be done, now or ever: the generation that is there stays. */
    private void giveUp(Reopening reopening, String why) {
        abandon(reopening);
        tools.auditor().reopened(reopening.stream(), reopening.generation(), "failed", why, Map.of());
        forget(reopening.stream().streamId());
    }

    private void abandon(Reopening reopening) {
        if (reopening.hasWritten()) {
            output.frames(reopening.stream().streamId(), new FrameRecord.Abandoned(reopening.generation()));
        }
    }

    private void forget(String streamId) {
        store.delete(streamId);
        frameKeys.forget(streamId);
    }

    private DataKey dataKey(Reopening reopening) {
        KeyRef ref = refOf(reopening);
        Octets wrapped = reopening.wrappedKey;
        if (wrapped != null) {
            return new DataKey(ref, tools.vault().unwrap(ref, wrapped), wrapped);
        }
        DataKey made = tools.vault().newDataKey(ref);
        reopening.wrappedKey = made.wrapped();
        return made;
    }

    private SeekableByteChannel open(Reopening reopening) {
        return tools.objects().open(KeptFrames.objectKey(reopening.stream()), refOf(reopening));
    }

    private static KeyRef refOf(Reopening reopening) {
        StreamDescription stream = reopening.stream();
        return new KeyRef(stream.tenant(), stream.callId(), stream.streamId());
    }

    /** Goes where the reading stands. @return where this step may end */
    private static long begin(SeekableByteChannel object, Reopening reopening) throws IOException {
        if (reopening.position > 0) {
            object.position(reopening.position);
        }
        return object.position() + STEP_BYTES;
    }

    private static HansardException notYetStored(Reopening reopening) {
        return new HansardException(
                ErrorCode.NOT_FOUND,
                KeptFrames.objectKey(reopening.stream()) + " is still that of an earlier generation of the track");
    }

    private static HansardException unreadable(Reopening reopening, IOException e) {
        return new HansardException(
                ErrorCode.STORE_UNAVAILABLE,
                KeptFrames.objectKey(reopening.stream()) + " cannot be read, will be tried again: " + e.getMessage(),
                e);
    }
}

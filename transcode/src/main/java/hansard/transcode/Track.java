package hansard.transcode;

import hansard.keys.DataKey;
import hansard.keys.Envelopes;
import hansard.keys.KeyRef;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.Artifact;
import hansard.wire.Codec;
import hansard.wire.Frame;
import hansard.wire.FrameRecord;
import hansard.wire.MediaKind;
import hansard.wire.StreamDescription;
import hansard.wire.Topics;
import hansard.wire.TrackCoverage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One track in the making, from its Opened to its Ended. The same records make the same file. A record that could not be
 * taken because the vault or the store is down leaves the track as it was: the caller brings it again.
 */
final class Track implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Track.class);

    /**
     * What a track needs of its surroundings.
     *
     * @param speech whether voices are handed on for recognition
     * @param redaction whose are withheld until their words are known
     */
    record Tools(
            Envelopes envelopes,
            MediaObjects objects,
            Output output,
            TrackCounters counters,
            boolean speech,
            SoundPolicy redaction,
            LongSupplier nowMicros) {}

    private final StreamDescription stream;
    private final long generation;
    private final KeyRef ref;
    private final KeyRef told;
    private final Tools tools;
    private final ReorderWindow window = new ReorderWindow();
    private final TrackSegments segments = new TrackSegments();
    private final TrackObjects objects;
    private final CoverageLog coverage;
    private final @Nullable UnopenedFrames unopened;
    private final boolean spoken;
    private final Tones tones;
    private final WholePackets packets = new WholePackets();
    private @Nullable TrackSpeech speech;
    private @Nullable DataKey key;
    private @Nullable String failure;
    private @Nullable String firstBad;
    private long nextOrdinal;
    private long bad;
    private long unkeyed;
    private boolean begun;
    private boolean drained;

    /** @param generation as in {@link FrameRecord} */
    Track(StreamDescription stream, long generation, Tools tools) {
        this.stream = stream;
        this.generation = generation;
        this.tools = tools;
        this.ref = new KeyRef(stream.tenant(), stream.callId(), stream.streamId());
        this.told = KeyRef.told(stream.tenant(), stream.callId(), stream.streamId());
        this.objects = new TrackObjects(stream, generation, tools.objects(), tools.nowMicros());
        this.coverage = new CoverageLog(stream);
        this.unopened = stream.isEndToEndEncrypted() ? new UnopenedFrames(generation) : null;
        this.spoken = tools.speech() && SoundDecoder.hears(stream);
        this.tones = new Tones();
        if (spoken && unopened == null) { // what is sealed end to end may never be heard
            speech();
        }
    }

    String tenant() {
        return stream.tenant();
    }

    long generation() {
        return generation;
    }

    private TrackSpeech speech() {
        TrackSpeech there = speech;
        if (there == null) {
            there = new TrackSpeech(stream, generation, tools.envelopes(), tools.output());
            speech = there;
        }
        return there;
    }

    /** Opens a bundle and muxes what is in place. @throws HansardException VAULT_UNAVAILABLE: bring it again later */
    void add(FrameRecord.Frames bundle) {
        if (failure != null || bundle.ordinal() < nextOrdinal) {
            return; // failed for good, or a repeat
        }
        byte[] opened;
        List<Frame> frames;
        DataKey under;
        try {
            String subject = FrameRecord.subject(stream.streamId(), generation, bundle.ordinal());
            opened = tools.envelopes().open(ref, Topics.MEDIA_FRAMES, subject, bundle.sealed());
            frames = Frame.fromBytes(opened);
            under = key != null ? key : tools.envelopes().keyOf(ref, bundle.sealed());
        } catch (HansardException e) {
            refused(bundle, e);
            return;
        }
        key = under;
        nextOrdinal = bundle.ordinal() + frames.size();
        tools.counters().frames().increment(frames.size());
        if (unopened != null) {
            unopened.add(opened);
        }
        for (Frame frame : frames) {
            if (frame.sealed()) {
                leftSealed(frame);
                continue;
            }
            if (frame.isWholePacket()) {
                tools.counters().otherCodec().increment();
                packets.add(frame);
                continue;
            }
            if (stream.encoding(frame.payloadType()).equals("telephone-event")
                    && frame.payloadType() != Frame.OF_THE_CODEC) {
                tone(frame);
                continue;
            }
            long late = window.late();
            mux(window.add(frame, soundMicros(frame)), under);
            if (window.late() > late) {
                tools.counters().late().increment();
                coverage.late(frame);
            }
        }
    }

    /** Takes what the worker saw besides the frames. */
    void observe(FrameRecord.Observed observed) {
        coverage.observed(observed.observations());
        if (spoken && (unopened == null || speech != null)) {
            speech().observe(observed.observations());
        }
    }

    /** For how long a frame sounds; 0 of pictures. */
    private long soundMicros(Frame frame) {
        Codec codec = stream.codec(frame.payloadType());
        if (codec.name().equals("opus")) {
            return OpusPacket.samples(frame.payload().array()).orElse(0) * 1_000_000L / OpusPacket.SAMPLE_RATE;
        }
        boolean telephone = TelephoneCodec.of(codec.name(), codec.channels()).isPresent();
        return telephone ? frame.payload().length() * 1_000_000L / codec.channels() / TelephoneCodec.BYTES_A_SECOND : 0;
    }

    private void leftSealed(Frame frame) {
        coverage.kept(frame, TrackCoverage.Content.SEALED);
        tools.counters().unopened().increment();
        if (unopened != null) {
            unopened.leftSealed(frame);
            begun(frame.mediaMicros());
        }
    }

    private void tone(Frame frame) {
        tools.counters().tones().increment();
        if (tones.add(frame, eventRate(frame))) {
            begun(frame.mediaMicros());
        }
    }

    /** That of the audio that the events are sent with, where they have none of their own (RFC 4733 section 2.5.1.2). */
    private int eventRate(Frame frame) {
        int rate = stream.codec(frame.payloadType()).clockRate();
        return rate > 0 ? rate : stream.clockRate();
    }

    private void refused(FrameRecord.Frames bundle, HansardException e) {
        if (e.code().isRetriable()) {
            throw e;
        }
        if (e.code() == ErrorCode.KEY_GONE) {
            fail("its key was destroyed");
            return;
        }
        tools.counters().malformed().increment();
        note("bundle " + bundle.ordinal() + " was passed over: " + e.getMessage());
    }

    private void mux(List<Frame> frames, DataKey under) {
        for (Frame frame : frames) {
            if (failure != null) {
                return;
            }
            try {
                mux(frame, stream.codec(frame.payloadType()), under);
            } catch (HansardException e) {
                if (e.code() != ErrorCode.MEDIA_FAILED) {
                    throw e;
                }
                failNatively(e);
            }
        }
    }

    private void mux(Frame frame, Codec codec, DataKey under) {
        switch (segments.add(frame, codec)) {
            case TrackSegments.Muxed muxed -> {
                begun(segments.startMicros());
                Optional<Long> duration = muxed.look().durationMicros();
                if (duration.isEmpty()) {
                    tools.counters().muxed().increment();
                    coverage.picture(frame);
                } else if (muxed.leftOutMicros() >= duration.get()) {
                    tools.counters().unplaced().increment();
                    coverage.unplaced(frame, duration.get());
                } else {
                    tools.counters().muxed().increment();
                    coverage.trimmed(muxed.leftOutMicros());
                    sound(frame, codec, duration.get(), under);
                }
            }
            case TrackSegments.Unkeyed ignored -> {
                coverage.kept(frame, TrackCoverage.Content.UNUSABLE);
                unkeyed++;
                tools.counters().unkeyed().increment();
            }
            case TrackSegments.Bad refused -> {
                coverage.kept(frame, TrackCoverage.Content.UNUSABLE);
                bad++;
                tools.counters().bad().increment();
                note("a frame was passed over: " + refused.why());
            }
            case TrackSegments.Elsewhere elsewhere -> {
                coverage.kept(frame, TrackCoverage.Content.UNUSABLE);
                tools.counters().otherCodec().increment();
                note(elsewhere.why());
            }
        }
    }

    private void sound(Frame frame, Codec codec, long durationMicros, DataKey under) {
        int level = spoken ? speech().add(frame, codec, under) : TrackSpeech.saidLevel(frame);
        if (spoken && speech().isDecoded()) {
            coverage.heard(frame, durationMicros, level);
        } else {
            coverage.sound(frame, durationMicros, level);
        }
    }

    private void begun(long startMicros) {
        if (!begun) {
            begun = true;
            tools.output()
                    .early(new Artifact.TrackBegun(
                            stream.tenant(), stream.callId(), tools.nowMicros().getAsLong(), stream, startMicros));
        }
    }

    /**
     * Writes the rest, stores what there is to store, and says what became of the track, in the order in which it is to be told. May be
     * called again when the store was down.
     */
    List<Artifact> finish(FrameRecord.Ended ended) {
        DataKey under = key;
        if (!drained && under != null) {
            drained = true;
            mux(window.drain(), under);
        }
        if (speech != null) {
            speech.finish();
        }
        try {
            segments.finish();
        } catch (HansardException e) {
            if (e.code() != ErrorCode.MEDIA_FAILED) {
                throw e;
            }
            failNatively(e);
        }
        try {
            List<Artifact> artifacts = new ArrayList<>();
            artifacts.add(coverageStored(ended));
            if (failure != null || under == null) {
                artifacts.add(empty(ended));
            } else {
                artifacts.addAll(stored(ended, under));
            }
            return artifacts;
        } catch (HansardException e) {
            if (e.code() != ErrorCode.KEY_GONE) {
                throw e;
            }
            fail("its key was destroyed");
            return List.of(empty(ended));
        }
    }

    /** Also of a track without media: that nothing came is what its account says. */
    private Artifact coverageStored(FrameRecord.Ended ended) {
        TrackCoverage.Mended mended = speech == null
                ? coverage.mended(0, 0)
                : coverage.mended(speech.recoveredMillis() * 1_000, speech.concealedMillis() * 1_000);
        byte[] document = (generation == 0
                        ? coverage.finish(stream.streamId(), generation, ended.endedMicros(), packets.byType(), mended)
                        : coverage.finish(firstCoverage(ended, mended), generation, mended))
                .toBytes();
        Artifact.StoredObject object = tools.objects()
                .store(
                        tools.envelopes().newKey(told),
                        TrackCoverage.objectName(stream.streamId(), generation),
                        TrackCoverage.CONTENT_TYPE,
                        to -> MediaObjects.write(to, document));
        return new Artifact.CoverageStored(
                stream.tenant(), stream.callId(), tools.nowMicros().getAsLong(), stream.streamId(), generation, object);
    }

    /** What was seen of the track when it was first made: the worker says it once. */
    private TrackCoverage firstCoverage(FrameRecord.Ended ended, TrackCoverage.Mended mended) {
        String objectKey =
                stream.tenant() + "/" + stream.callId() + "/" + TrackCoverage.objectName(stream.streamId(), 0);
        try {
            return TrackCoverage.fromBytes(tools.objects().read(objectKey, told));
        } catch (HansardException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
            return coverage.finish(stream.streamId(), generation, ended.endedMicros(), packets.byType(), mended);
        }
    }

    private List<Artifact> stored(FrameRecord.Ended ended, DataKey under) {
        List<Artifact> artifacts = new ArrayList<>();
        if (unopened != null && unopened.mustBeStored()) {
            artifacts.add(objects.frames(unopened, ended, under));
        }
        if (packets.count() > 0) {
            artifacts.add(objects.packets(packets, under));
        }
        if (tones.count() > 0) {
            artifacts.add(objects.tones(tones, under));
        }
        Rendition rendition =
                segments.all().size() == 1 ? segments.all().getFirst().rendition() : null;
        if (rendition != null) {
            artifacts.add(objects.playable(rendition, under));
        }
        if (!segments.isEmpty()) {
            artifacts.add(trackStored(ended, under));
        } else if (unopened != null && unopened.count() > 0) {
            artifacts.add(trackUnopened(unopened, ended));
        } else {
            artifacts.add(empty(ended));
        }
        return artifacts;
    }

    private Artifact trackUnopened(UnopenedFrames frames, FrameRecord.Ended ended) {
        log.info(
                "call {} stream {}: {} frames are sealed end to end and their key was not released",
                stream.callId(),
                stream.streamId(),
                frames.count());
        return new Artifact.TrackUnopened(
                stream.tenant(),
                stream.callId(),
                tools.nowMicros().getAsLong(),
                ended.stream(),
                generation,
                ended.account(),
                frames.startMicros(),
                frames.durationMicros(),
                frames.count());
    }

    private Artifact trackStored(FrameRecord.Ended ended, DataKey under) {
        boolean withheld = stream.kind() == MediaKind.AUDIO && tools.redaction().withholds(stream.tenant());
        Artifact.TrackStored stored =
                objects.track(segments, ended, unopened == null ? 0 : unopened.count(), withheld, under);
        tools.counters().stored().increment();
        log.info(
                "call {} stream {}: stored {} frames, {} ms in {} files ({} bad, {} late, {} before the first key frame, {} unopened)",
                stream.callId(),
                stream.streamId(),
                segments.written(),
                segments.durationMicros() / 1_000,
                segments.all().size(),
                bad,
                window.late(),
                unkeyed,
                stored.unopened());
        return stored;
    }

    private Artifact empty(FrameRecord.Ended ended) {
        String reason = failure != null
                ? failure
                : unkeyed > 0
                        ? "no key frame among " + unkeyed + " frames"
                        : bad > 0 ? "none of " + bad + " frames could be used: " + firstBad : ended.reason();
        tools.counters().empty().increment();
        log.warn("call {} stream {}: no track: {}", stream.callId(), stream.streamId(), reason);
        return new Artifact.TrackEmpty(
                stream.tenant(),
                stream.callId(),
                tools.nowMicros().getAsLong(),
                ended.stream(),
                generation,
                ended.account(),
                reason);
    }

    private void failNatively(HansardException e) {
        fail("media failed: " + e.getMessage());
        tools.counters().failed().increment();
        tools.objects().alarm(stream.tenant(), stream.callId(), stream.streamId(), String.valueOf(e.getMessage()));
    }

    private void fail(String reason) {
        if (failure == null) {
            failure = reason;
            log.warn("call {} stream {}: {}", stream.callId(), stream.streamId(), reason);
        }
    }

    /** The first of its kind is logged, all are counted. */
    private void note(String what) {
        if (firstBad == null) {
            firstBad = what;
            log.warn("call {} stream {}: {} (logged once)", stream.callId(), stream.streamId(), what);
        }
    }

    @Override
    public void close() {
        if (speech != null) {
            speech.close();
        }
        if (unopened != null) {
            unopened.close();
        }
        packets.close();
        segments.close();
    }
}

package hansard.transcode;

import hansard.keys.DataKey;
import hansard.keys.Envelopes;
import hansard.keys.KeyRef;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.Artifact;
import hansard.wire.Frame;
import hansard.wire.FrameRecord;
import hansard.wire.KeptFrames;
import hansard.wire.MediaKind;
import hansard.wire.StreamDescription;
import hansard.wire.ToneEvent;
import hansard.wire.Topics;
import hansard.wire.TrackCoverage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
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
     */
    record Tools(
            Envelopes envelopes,
            MediaObjects objects,
            Output output,
            TrackCounters counters,
            boolean speech,
            LongSupplier nowMicros) {}

    private final StreamDescription stream;
    private final long generation;
    private final KeyRef ref;
    private final Tools tools;
    private final Optional<FrameGate> gate;
    private final ReorderWindow window = new ReorderWindow();
    private final TrackFile file = new TrackFile();
    private final CoverageLog coverage;
    private final @Nullable UnopenedFrames unopened;
    private final boolean spoken;
    private final Tones tones;
    private @Nullable TrackSpeech speech;
    private @Nullable Rendition rendition;
    private @Nullable DataKey key;
    private @Nullable String failure;
    private @Nullable String firstBad;
    private long nextOrdinal;
    private long bad;
    private long unkeyed;
    private long elsewhere;
    private boolean begun;
    private boolean drained;

    /** @param generation as in {@link FrameRecord} */
    Track(StreamDescription stream, long generation, Tools tools) {
        this.stream = stream;
        this.generation = generation;
        this.tools = tools;
        this.ref = new KeyRef(stream.tenant(), stream.callId(), stream.streamId());
        this.gate = FrameGate.of(stream);
        this.coverage = new CoverageLog(stream);
        this.unopened = stream.isEndToEndEncrypted() ? new UnopenedFrames(generation) : null;
        this.spoken = tools.speech() && stream.kind() == MediaKind.AUDIO && SoundDecoder.hears(stream);
        this.tones = new Tones(stream.clockRate());
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
            if (frame.payloadType() != Frame.OF_THE_CODEC) {
                beside(frame);
                continue;
            }
            long late = window.late();
            mux(window.add(frame), under);
            tools.counters().late().increment(window.late() - late);
        }
    }

    /** Takes what the worker saw besides the frames. */
    void observe(FrameRecord.Observed observed) {
        coverage.observed(observed.observations());
        if (spoken && (unopened == null || speech != null)) {
            speech().observe(observed.observations());
        }
    }

    private void leftSealed(Frame frame) {
        coverage.kept(frame, TrackCoverage.Content.SEALED);
        tools.counters().unopened().increment();
        if (unopened != null) {
            unopened.leftSealed(frame);
            begun(frame.mediaMicros());
        }
    }

    /** What came on the stream in another encoding than its codec. */
    private void beside(Frame frame) {
        String encoding = stream.encoding(frame.payloadType());
        if (encoding.equals("telephone-event")) {
            tools.counters().tones().increment();
            if (tones.add(frame)) {
                begun(frame.mediaMicros());
            }
        } else {
            elsewhere++;
            tools.counters().otherCodec().increment();
            note("frames in " + encoding + " are not in the file: a track has one codec");
        }
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
            if (failure != null || gate.isEmpty()) {
                return;
            }
            switch (gate.get().look(frame.payload().array())) {
                case FrameGate.Bad refused -> {
                    coverage.kept(frame, TrackCoverage.Content.UNUSABLE);
                    bad++;
                    tools.counters().bad().increment();
                    note("a frame was passed over: " + refused.why());
                }
                case FrameGate.Usable usable -> {
                    mux(frame, usable);
                    int level = spoken ? speech().add(frame, under) : TrackSpeech.saidLevel(frame);
                    usable.durationMicros().ifPresent(micros -> coverage.sound(frame, micros, level));
                }
            }
        }
    }

    private void mux(Frame frame, FrameGate.Usable usable) {
        try {
            if (file.add(frame, usable)) {
                tools.counters().muxed().increment();
                begun(file.startMicros());
                if (usable.durationMicros().isEmpty()) {
                    coverage.picture(frame);
                }
                render(frame);
            } else {
                coverage.kept(frame, TrackCoverage.Content.UNUSABLE);
                unkeyed++;
                tools.counters().unkeyed().increment();
            }
        } catch (HansardException e) {
            if (e.code() != ErrorCode.MEDIA_FAILED) {
                throw e;
            }
            failNatively(e);
        }
    }

    private void render(Frame frame) {
        if (file.format() instanceof TrackFormat.G722) {
            if (rendition == null) {
                rendition = new Rendition(stream, file.startMicros());
            }
            rendition.add(frame);
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
            file.finish();
            if (rendition != null) {
                rendition.finish();
            }
        } catch (HansardException e) {
            if (e.code() != ErrorCode.MEDIA_FAILED) {
                throw e;
            }
            failNatively(e);
        }
        try {
            List<Artifact> artifacts = new ArrayList<>();
            artifacts.add(coverageStored(ended, under));
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
    private Artifact coverageStored(FrameRecord.Ended ended, @Nullable DataKey under) {
        DataKey sealedUnder = under == null ? tools.envelopes().newKey(ref) : under;
        byte[] document = (generation == 0
                        ? coverage.finish(stream.streamId(), generation, ended.endedMicros())
                        : coverage.finish(firstCoverage(ended), generation))
                .toBytes();
        Artifact.StoredObject object = tools.objects()
                .store(
                        sealedUnder,
                        TrackCoverage.objectName(stream.streamId(), generation),
                        TrackCoverage.CONTENT_TYPE,
                        to -> MediaObjects.write(to, document));
        return new Artifact.CoverageStored(
                stream.tenant(), stream.callId(), tools.nowMicros().getAsLong(), stream.streamId(), generation, object);
    }

    /** What was seen of the track when it was first made: the worker says it once. */
    private TrackCoverage firstCoverage(FrameRecord.Ended ended) {
        String objectKey =
                stream.tenant() + "/" + stream.callId() + "/" + TrackCoverage.objectName(stream.streamId(), 0);
        try {
            return TrackCoverage.fromBytes(tools.objects().read(objectKey, ref));
        } catch (HansardException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
            return coverage.finish(stream.streamId(), generation, ended.endedMicros());
        }
    }

    private List<Artifact> stored(FrameRecord.Ended ended, DataKey under) {
        List<Artifact> artifacts = new ArrayList<>();
        if (unopened != null && unopened.mustBeStored()) {
            artifacts.add(framesStored(unopened, ended, under));
        }
        if (tones.count() > 0) {
            artifacts.add(tonesStored(under));
        }
        if (rendition != null) {
            artifacts.add(playableStored(rendition, under));
        }
        if (!file.isEmpty()) {
            artifacts.add(trackStored(ended, under));
        } else if (unopened != null && unopened.count() > 0) {
            artifacts.add(trackUnopened(unopened, ended));
        } else {
            artifacts.add(empty(ended));
        }
        return artifacts;
    }

    private Artifact framesStored(UnopenedFrames frames, FrameRecord.Ended ended, DataKey under) {
        Artifact.StoredObject object = tools.objects()
                .store(under, KeptFrames.objectName(stream), KeptFrames.CONTENT_TYPE, to -> frames.copyTo(to, ended));
        return new Artifact.FramesStored(
                stream.tenant(), stream.callId(), tools.nowMicros().getAsLong(), stream.streamId(), object);
    }

    private Artifact tonesStored(DataKey under) {
        byte[] json = new ToneEvent.OfTrack(tones.events()).toBytes();
        Artifact.StoredObject object = tools.objects()
                .store(under, stream.streamId() + ".tones", "application/json", to -> {
                    try {
                        to.write(ByteBuffer.wrap(json));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
        return part(Artifact.Part.TONES, tones.count(), object);
    }

    private Artifact playableStored(Rendition made, DataKey under) {
        String name = stream.streamId() + ".weba";
        Artifact.StoredObject object = tools.objects().store(under, name, made.contentType(), made::copyTo);
        return part(Artifact.Part.PLAYABLE, made.written(), object);
    }

    private Artifact part(Artifact.Part part, long count, Artifact.StoredObject object) {
        return new Artifact.PartStored(
                stream.tenant(),
                stream.callId(),
                tools.nowMicros().getAsLong(),
                stream.streamId(),
                generation,
                part,
                count,
                object);
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
        TrackFormat format = file.format();
        Artifact.StoredObject object = tools.objects()
                .store(under, stream.streamId() + "." + format.extension(), format.contentType(), file::copyTo);
        tools.counters().stored().increment();
        log.info(
                "call {} stream {}: stored {} frames, {} ms of {} ({} bad, {} late, {} before the first key frame, {} unopened)",
                stream.callId(),
                stream.streamId(),
                file.written(),
                file.durationMicros() / 1_000,
                format.contentType(),
                bad,
                window.late(),
                unkeyed,
                unopened == null ? 0 : unopened.count());
        return new Artifact.TrackStored(
                stream.tenant(),
                stream.callId(),
                tools.nowMicros().getAsLong(),
                ended.stream(),
                generation,
                ended.account(),
                file.startMicros(),
                file.durationMicros(),
                unopened == null ? 0 : unopened.count(),
                object);
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
        if (rendition != null) {
            rendition.close();
        }
        if (unopened != null) {
            unopened.close();
        }
        file.close();
    }
}

package hansard.transcode;

import hansard.keys.DataKey;
import hansard.keys.Envelopes;
import hansard.runtime.HansardException;
import hansard.wire.Codec;
import hansard.wire.Frame;
import hansard.wire.Hearing;
import hansard.wire.Observation;
import hansard.wire.SpeechRecord;
import hansard.wire.StreamDescription;
import hansard.wire.Topics;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One audio track's records on {@code media.speech}: Opened, the stretches as they are spoken, Ended. */
final class TrackSpeech implements SpeechGate.Sink, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TrackSpeech.class);

    private final StreamDescription stream;
    private final long generation;
    private final Hearing hearing;
    private final Envelopes envelopes;
    private final Output output;
    private final LostPackets lost;
    private @Nullable SpeechCutter cutter;
    private @Nullable Codec heard;
    private @Nullable DataKey key;
    private long trackMicros;
    private boolean failed;
    private boolean ended;

    /** Of a track that is being made. Writes Opened. @param generation of the track */
    TrackSpeech(StreamDescription stream, long generation, Envelopes envelopes, Output output) {
        this(stream, generation, Hearing.FIRST, new LostPackets(), envelopes, output);
    }

    /** Of a track that was made before. Writes Opened. @param lost what is missing of it */
    TrackSpeech(
            StreamDescription stream,
            long generation,
            Hearing hearing,
            LostPackets lost,
            Envelopes envelopes,
            Output output) {
        this.stream = stream;
        this.generation = generation;
        this.hearing = hearing;
        this.lost = lost;
        this.envelopes = envelopes;
        this.output = output;
        output.speech(stream.streamId(), new SpeechRecord.Opened(stream, generation, hearing));
    }

    /**
     * Takes the next frame in order, in whichever codec it is. A decoder that fails ends the speech of the track, not its recording.
     *
     * @return how loud it is, in dB below full scale; as the sender says when it is not decoded
     */
    int add(Frame frame, Codec codec, DataKey under) {
        int level = add(frame.mediaMicros(), frame.payload().array(), codec, under);
        return failed ? saidLevel(frame) : level;
    }

    /**
     * The same of a packet that was stored, of which nobody says how loud it is.
     *
     * @return how loud it is, in dB below full scale; {@link SoundLevel#SILENT} when it is not decoded
     */
    int add(long mediaMicros, byte[] packet, Codec codec, DataKey under) {
        if (trackMicros == 0) {
            trackMicros = mediaMicros;
        }
        if (failed) {
            return SoundLevel.SILENT;
        }
        key = under;
        try {
            if (cutter == null) {
                cutter = new SpeechCutter(
                        this, SoundDecoder.of(codec.name(), codec.channels(), SoundDecoder.TO_RECOGNISE), lost);
            } else if (!codec.equals(heard)) {
                cutter.goOnWith(SoundDecoder.of(codec.name(), codec.channels(), SoundDecoder.TO_RECOGNISE));
            }
            heard = codec;
            return cutter.add(mediaMicros, packet);
        } catch (HansardException e) {
            failed = true;
            log.warn("stream {}: its speech ends here, the track goes on: {}", stream.streamId(), e.getMessage());
            if (cutter != null) {
                cutter.giveUp(); // what follows on nothing would never be over
            }
            return SoundLevel.SILENT;
        }
    }

    /** Whether what was added last was decoded; false when a decoder has failed. */
    boolean isDecoded() {
        return !failed;
    }

    /** Takes what the worker saw besides the frames: what is missing is told before the frame after it. */
    void observe(List<Observation> observations) {
        lost.observed(observations);
    }

    /** RFC 6464; what nobody says anything about may be speech. */
    static int saidLevel(Frame frame) {
        return Math.max(0, frame.audioLevel());
    }

    /** What of lost packets was heard in the packet after them. */
    long recoveredMillis() {
        return cutter == null ? 0 : cutter.recoveredMillis();
    }

    /** What was made up where packets are missing. */
    long concealedMillis() {
        return cutter == null ? 0 : cutter.concealedMillis();
    }

    /** Writes the rest and Ended. A repeat does nothing. */
    void finish() {
        if (ended) {
            return;
        }
        if (cutter != null) {
            if (!failed) {
                cutter.finish();
            }
            if (cutter.recoveredMillis() + cutter.concealedMillis() > 0) {
                log.info(
                        "stream {}: of what was lost, {} ms were recovered from later packets and {} ms concealed, for listeners only",
                        stream.streamId(),
                        cutter.recoveredMillis(),
                        cutter.concealedMillis());
            }
            if (cutter.undecodable() > 0) {
                log.warn("stream {}: {} packets could not be decoded", stream.streamId(), cutter.undecodable());
            }
        }
        output.speech(stream.streamId(), new SpeechRecord.Ended(stream, generation, trackMicros, hearing));
        ended = true;
    }

    @Override
    public void began(long startMicros) {
        output.speech(stream.streamId(), new SpeechRecord.Began(stream, generation, trackMicros, startMicros, hearing));
    }

    @Override
    public void paused(long startMicros) {
        output.speech(stream.streamId(), new SpeechRecord.Paused(startMicros));
    }

    @Override
    public void speech(long startMicros, int samples, byte[] pcm) {
        DataKey under = key;
        if (under != null) {
            String subject = stream.streamId() + "/" + startMicros;
            output.speech(
                    stream.streamId(),
                    new SpeechRecord.Speech(
                            startMicros, samples, envelopes.seal(under, Topics.MEDIA_SPEECH, subject, pcm)));
        }
    }

    @Override
    public void close() {
        if (cutter != null) {
            cutter.close();
            cutter = null;
        }
    }
}

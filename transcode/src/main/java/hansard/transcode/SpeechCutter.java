package hansard.transcode;

import hansard.runtime.HansardException;
import hansard.wire.SpeechRecord;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes one track's packets and cuts them into pieces of continuous 16 kHz sound. Where the pieces are cut depends on
 * the packets alone. Silence stands where packets were not sent (DTX) and where {@link TrackSound} cannot make up for a loss, up to {@link #MAX_HOLE_MICROS}; a
 * longer hole begins a new stretch.
 */
final class SpeechCutter implements AutoCloseable {
    static final long MAX_HOLE_MICROS = 1_000_000;
    /** 320 ms. */
    static final int PIECE_SAMPLES = SpeechRecord.SAMPLE_RATE * 320 / 1_000;

    /** Where the stretches go, each in pieces. */
    interface Sink {
        void began(long startMicros);

        /** @param pcm signed 16-bit little-endian mono at 16 kHz */
        void speech(long startMicros, int samples, byte[] pcm);

        /** @param startMicros of the stretch that is over */
        void paused(long startMicros);
    }

    private static final short[] SILENCE = new short[OpusPacket.MAX_SAMPLES];

    private final Sink sink;
    private final TrackSound sound;
    private final PcmTimeline timeline = new PcmTimeline(OpusPacket.SAMPLE_RATE, MAX_HOLE_MICROS);
    private final ByteBuffer piece =
            ByteBuffer.allocate(PIECE_SAMPLES * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private @Nullable Resampler resampler;
    private long stretchMicros;
    private long samplesGiven;
    private long undecodable;

    /** @param decoder closed with this */
    SpeechCutter(Sink sink, SoundDecoder decoder, LostPackets lost) {
        this.sink = sink;
        this.sound = new TrackSound(decoder, lost);
    }

    /**
     * Takes the next packet in order; gives the pieces that are complete with it to the sink.
     *
     * @return how loud it is, in dB below full scale, 0 to {@link SoundLevel#SILENT}; that for what cannot be decoded
     */
    int add(long mediaMicros, byte[] packet) {
        List<TrackSound.Piece> pieces;
        try {
            pieces = sound.decode(mediaMicros, packet);
        } catch (HansardException e) {
            undecodable++; // its time becomes silence, as if it were lost
            return SoundLevel.SILENT;
        }
        pieces.forEach(this::place);
        return SoundLevel.of(pieces.getLast().sound());
    }

    private void place(TrackSound.Piece piece) {
        short[] samples = piece.sound();
        switch (timeline.place(piece.mediaMicros(), samples.length)) {
            case PcmTimeline.Begin ignored -> {
                endStretch();
                resampler = new Resampler();
                stretchMicros = piece.mediaMicros();
                samplesGiven = 0;
                feed(samples, 0, samples.length);
            }
            case PcmTimeline.Append append -> {
                for (int left = append.silence(); left > 0; left -= SILENCE.length) {
                    feed(SILENCE, 0, Math.min(left, SILENCE.length));
                }
                feed(samples, append.skip(), samples.length - append.skip());
            }
            case PcmTimeline.Drop ignored -> {}
        }
    }

    /** The packets that follow are in another codec. */
    void goOnWith(SoundDecoder next) {
        sound.goOnWith(next);
    }

    /** Gives what is left. */
    void finish() {
        endStretch();
    }

    /** What of it was recovered from later packets, and what concealed. */
    long recoveredMillis() {
        return sound.recoveredMillis();
    }

    long concealedMillis() {
        return sound.concealedMillis();
    }

    long undecodable() {
        return undecodable;
    }

    private void feed(short[] samples, int from, int count) {
        if (resampler != null) {
            for (int done = 0; done < count; done += OpusPacket.MAX_SAMPLES) {
                collect(resampler.convert(samples, from + done, Math.min(OpusPacket.MAX_SAMPLES, count - done)));
            }
        }
    }

    private void endStretch() {
        if (resampler != null) {
            collect(resampler.flush());
            resampler.close();
            resampler = null;
            give();
            if (samplesGiven > 0) {
                sink.paused(stretchMicros);
            }
        }
    }

    private void collect(short[] samples) {
        for (short sample : samples) {
            piece.putShort(sample);
            if (!piece.hasRemaining()) {
                give();
            }
        }
    }

    private void give() {
        int samples = piece.position() / Short.BYTES;
        if (samples > 0) {
            byte[] pcm = new byte[piece.position()];
            piece.flip().get(pcm).clear();
            if (samplesGiven == 0) {
                sink.began(stretchMicros);
            }
            sink.speech(stretchMicros + samplesGiven * 1_000_000 / SpeechRecord.SAMPLE_RATE, samples, pcm);
            samplesGiven += samples;
        }
    }

    @Override
    public void close() {
        if (resampler != null) {
            resampler.close();
            resampler = null;
        }
        sound.close();
    }
}

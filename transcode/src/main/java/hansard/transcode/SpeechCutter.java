package hansard.transcode;

import hansard.runtime.HansardException;
import hansard.wire.SpeechRecord;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Decodes one track's packets and cuts them into pieces of continuous 16 kHz sound. Where the pieces are cut depends on
 * the packets alone. Silence stands where packets are missing or were not sent (DTX), up to {@link #MAX_HOLE_MICROS}; a
 * longer hole begins a new stretch.
 */
final class SpeechCutter implements AutoCloseable {
    static final long MAX_HOLE_MICROS = 1_000_000;
    /** 320 ms. */
    static final int PIECE_SAMPLES = SpeechRecord.SAMPLE_RATE * 320 / 1_000;

    /** Where the pieces go. */
    interface Sink {
        /** @param pcm signed 16-bit little-endian mono at 16 kHz */
        void speech(long startMicros, int samples, byte[] pcm);
    }

    private static final short[] SILENCE = new short[OpusPacket.MAX_SAMPLES];

    private final Sink sink;
    private SoundDecoder decoder;
    private final PcmTimeline timeline = new PcmTimeline(OpusPacket.SAMPLE_RATE, MAX_HOLE_MICROS);
    private final ByteBuffer piece =
            ByteBuffer.allocate(PIECE_SAMPLES * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private @Nullable Resampler resampler;
    private long stretchMicros;
    private long samplesGiven;
    private long undecodable;

    SpeechCutter(Sink sink, SoundDecoder decoder) {
        this.sink = sink;
        this.decoder = decoder;
    }

    /**
     * Takes the next packet in order; gives the pieces that are complete with it to the sink.
     *
     * @return how loud it is, in dB below full scale, 0 to {@link SoundLevel#SILENT}; that for what cannot be decoded
     */
    int add(long mediaMicros, byte[] packet) {
        short[] sound;
        try {
            sound = decoder.decode(packet);
        } catch (HansardException e) {
            undecodable++; // its time becomes silence, as if it were lost
            return SoundLevel.SILENT;
        }
        switch (timeline.place(mediaMicros, sound.length)) {
            case PcmTimeline.Begin ignored -> {
                endStretch();
                resampler = new Resampler();
                stretchMicros = mediaMicros;
                samplesGiven = 0;
                feed(sound, 0, sound.length);
            }
            case PcmTimeline.Append append -> {
                for (int left = append.silence(); left > 0; left -= SILENCE.length) {
                    feed(SILENCE, 0, Math.min(left, SILENCE.length));
                }
                feed(sound, append.skip(), sound.length - append.skip());
            }
            case PcmTimeline.Drop ignored -> {}
        }
        return SoundLevel.of(sound);
    }

    /** The packets that follow are in another codec. */
    void goOnWith(SoundDecoder next) {
        decoder.close();
        decoder = next;
    }

    /** Gives what is left. */
    void finish() {
        endStretch();
    }

    long undecodable() {
        return undecodable;
    }

    private void feed(short[] sound, int from, int count) {
        if (resampler != null) {
            for (int done = 0; done < count; done += OpusPacket.MAX_SAMPLES) {
                collect(resampler.convert(sound, from + done, Math.min(OpusPacket.MAX_SAMPLES, count - done)));
            }
        }
    }

    private void endStretch() {
        if (resampler != null) {
            collect(resampler.flush());
            resampler.close();
            resampler = null;
            give();
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
        decoder.close();
    }
}

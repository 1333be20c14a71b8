package hansard.transcode;

import hansard.wire.Frame;
import java.util.Arrays;
import java.util.OptionalLong;

/** Makes of samples with times samples without a hole: what a WAV file can hold. */
final class SampleFill {
    /** A call on hold is silent for so long at most; longer is a timestamp that makes no sense, and its sound is passed over. */
    static final long MAX_HOLE_MICROS = 6L * 3_600_000_000L;
    /** One minute: no piece of silence is larger in memory. */
    private static final int MAX_PIECE_SAMPLES = 60 * TelephoneCodec.BYTES_A_SECOND;
    /** What a WAV file's 32-bit lengths hold with room to spare: 50 hours of two channels. */
    private static final long MAX_BYTES = 3L << 30;

    /** Where the samples go. */
    interface Sink {
        void write(byte[] samples, long atMicros, long durationMicros, boolean keyframe);
    }

    private final TrackFormat.G711 format;
    private final PcmTimeline timeline = new PcmTimeline(TelephoneCodec.BYTES_A_SECOND, Long.MAX_VALUE / 1_000_000);
    private final long startMicros;
    private long samples;

    SampleFill(TrackFormat.G711 format, long startMicros) {
        this.format = format;
        this.startMicros = startMicros;
    }

    /**
     * Gives a frame's samples, and the silence before them, to the sink.
     *
     * @return how much of it is left out because other sound is there, in microseconds; empty when it belongs so far ahead that it makes
     *     no sense, or the file is full
     */
    OptionalLong add(Frame frame, Sink sink) {
        byte[] bytes = frame.payload().array();
        int channels = format.channels();
        long endMicros = startMicros + micros(samples);
        if (frame.mediaMicros() - endMicros > MAX_HOLE_MICROS || samples * channels + bytes.length > MAX_BYTES) {
            return OptionalLong.empty();
        }
        return switch (timeline.place(frame.mediaMicros(), bytes.length / channels)) {
            case PcmTimeline.Begin ignored -> {
                give(bytes, sink);
                yield OptionalLong.of(0);
            }
            case PcmTimeline.Append append -> {
                for (int left = append.silence(); left > 0; left -= MAX_PIECE_SAMPLES) {
                    byte[] piece = new byte[Math.min(left, MAX_PIECE_SAMPLES) * channels];
                    Arrays.fill(piece, format.codec().silence);
                    give(piece, sink);
                }
                give(Arrays.copyOfRange(bytes, append.skip() * channels, bytes.length), sink);
                yield OptionalLong.of(micros(append.skip()));
            }
            case PcmTimeline.Drop ignored -> OptionalLong.of(micros(bytes.length / channels));
        };
    }

    private void give(byte[] bytes, Sink sink) {
        long count = bytes.length / format.channels();
        sink.write(bytes, micros(samples), micros(count), true);
        samples += count;
    }

    private static long micros(long count) {
        return count * 1_000_000 / TelephoneCodec.BYTES_A_SECOND;
    }
}

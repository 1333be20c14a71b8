package hansard.transcode;

import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_S16;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;
import static org.bytedeco.ffmpeg.global.swresample.swr_alloc_set_opts2;
import static org.bytedeco.ffmpeg.global.swresample.swr_convert;
import static org.bytedeco.ffmpeg.global.swresample.swr_free;
import static org.bytedeco.ffmpeg.global.swresample.swr_init;

import hansard.wire.SpeechRecord;
import org.bytedeco.ffmpeg.avutil.AVChannelLayout;
import org.bytedeco.ffmpeg.swresample.SwrContext;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.ShortPointer;

/**
 * One stretch of 48 kHz mono to 16 kHz. Its first output sample is of the same instant as its first input sample: what the
 * filter holds back comes with {@link #flush}.
 */
final class Resampler implements AutoCloseable {
    private static final int RATIO = OpusPacket.SAMPLE_RATE / SpeechRecord.SAMPLE_RATE;
    /** Longest piece given to FFmpeg at once; more is given in pieces. */
    private static final int PIECE = OpusPacket.MAX_SAMPLES;

    private final SwrContext context = new SwrContext(null);
    private final ShortPointer in = new ShortPointer(PIECE);
    private final ShortPointer out = new ShortPointer(PIECE);
    private final PointerPointer<ShortPointer> inPlanes = new PointerPointer<>(1);
    private final PointerPointer<ShortPointer> outPlanes = new PointerPointer<>(1);
    private long samplesIn;
    private long samplesOut;

    Resampler() {
        Native.load();
        inPlanes.put(0, in);
        outPlanes.put(0, out);
        try (AVChannelLayout mono = new AVChannelLayout()) {
            av_channel_layout_default(mono, 1);
            Native.check(
                    swr_alloc_set_opts2(
                            context,
                            mono,
                            AV_SAMPLE_FMT_S16,
                            SpeechRecord.SAMPLE_RATE,
                            mono,
                            AV_SAMPLE_FMT_S16,
                            OpusPacket.SAMPLE_RATE,
                            0,
                            (Pointer) null),
                    "a resampler");
            Native.check(swr_init(context), "starting the resampler");
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** The output that is ready after {@code count} more samples, at most {@link OpusPacket#MAX_SAMPLES}. */
    short[] convert(short[] samples, int from, int count) {
        if (count > PIECE) {
            throw new IllegalArgumentException(count + " samples at once");
        }
        in.position(0).put(samples, from, count);
        samplesIn += count;
        return taken(swr_convert(context, outPlanes, PIECE, inPlanes, count));
    }

    /** The rest. Nothing may be converted afterwards. */
    short[] flush() {
        return taken(swr_convert(context, outPlanes, PIECE, (PointerPointer<?>) null, 0));
    }

    /** The filter's tail may be a few samples longer than what was spoken; those are not given. */
    private short[] taken(int code) {
        int ready = Native.check(code, "resampling");
        int count = (int) Math.min(ready, samplesIn / RATIO - samplesOut);
        short[] result = new short[Math.max(0, count)];
        out.position(0).get(result);
        samplesOut += result.length;
        return result;
    }

    @Override
    public void close() {
        swr_free(context);
        inPlanes.close();
        outPlanes.close();
        in.close();
        out.close();
    }
}

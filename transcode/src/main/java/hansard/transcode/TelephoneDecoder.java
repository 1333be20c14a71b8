package hansard.transcode;

import static org.bytedeco.ffmpeg.global.avcodec.av_new_packet;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_S16;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;
import static org.bytedeco.ffmpeg.global.swresample.swr_alloc_set_opts2;
import static org.bytedeco.ffmpeg.global.swresample.swr_convert;
import static org.bytedeco.ffmpeg.global.swresample.swr_free;
import static org.bytedeco.ffmpeg.global.swresample.swr_get_out_samples;
import static org.bytedeco.ffmpeg.global.swresample.swr_init;

import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVChannelLayout;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swresample.SwrContext;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.ShortPointer;

/**
 * G.711 and G.722 to mono sound. The filter that brings it to another rate holds back a millisecond or two, once: below what the timeline
 * takes for a hole.
 */
final class TelephoneDecoder implements SoundDecoder {
    private final int sampleRate;
    private final AVCodecContext context;
    private final AVPacket packet;
    private final AVFrame frame;
    private final SwrContext resampler = new SwrContext(null);
    private final PointerPointer<ShortPointer> in = new PointerPointer<>(1);
    private final PointerPointer<ShortPointer> out = new PointerPointer<>(1);

    TelephoneDecoder(TelephoneCodec codec, int channels, int sampleRate) {
        this.sampleRate = sampleRate;
        Native.load();
        AVCodec decoder = Native.present(avcodec_find_decoder_by_name(codec.decoder), "the decoder " + codec.decoder);
        context = Native.present(avcodec_alloc_context3(decoder), "a decoder");
        packet = Native.present(av_packet_alloc(), "a packet");
        frame = Native.present(av_frame_alloc(), "a frame");
        context.sample_rate(codec.sampleRate).request_sample_fmt(AV_SAMPLE_FMT_S16);
        av_channel_layout_default(context.ch_layout(), channels);
        try (AVChannelLayout mono = new AVChannelLayout()) {
            av_channel_layout_default(mono, 1);
            Native.check(avcodec_open2(context, decoder, (AVDictionary) null), "opening " + codec.decoder);
            Native.check(
                    swr_alloc_set_opts2(
                            resampler,
                            mono,
                            AV_SAMPLE_FMT_S16,
                            sampleRate,
                            context.ch_layout(),
                            AV_SAMPLE_FMT_S16,
                            codec.sampleRate,
                            0,
                            (Pointer) null),
                    "a resampler");
            Native.check(swr_init(resampler), "starting the resampler");
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    @Override
    public short[] decode(byte[] payload) {
        Native.check(av_new_packet(packet, payload.length), "a packet of " + payload.length + " bytes");
        try {
            packet.data().put(payload, 0, payload.length);
            Native.check(avcodec_send_packet(context, packet), "decoding a packet of samples");
            Native.check(avcodec_receive_frame(context, frame), "decoding a packet of samples");
            return resampled();
        } finally {
            av_frame_unref(frame);
            av_packet_unref(packet);
        }
    }

    @Override
    public int sampleRate() {
        return sampleRate;
    }

    private short[] resampled() {
        int room = Native.check(swr_get_out_samples(resampler, frame.nb_samples()), "resampling");
        try (ShortPointer to = new ShortPointer(Math.max(1, room))) {
            in.put(0, frame.data(0));
            out.put(0, to);
            int count = Native.check(swr_convert(resampler, out, room, in, frame.nb_samples()), "resampling");
            short[] sound = new short[count];
            to.get(sound);
            return sound;
        }
    }

    @Override
    public void close() {
        swr_free(resampler);
        in.close();
        out.close();
        av_frame_free(frame);
        av_packet_free(packet);
        avcodec_free_context(context);
    }
}

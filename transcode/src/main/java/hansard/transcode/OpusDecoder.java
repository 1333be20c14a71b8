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

import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.ShortPointer;

/**
 * Opus packets to 48 kHz mono (libopus mixes stereo down itself). Adds no delay of its own; the encoder's look-ahead, 2.5 to
 * 6.5 ms that a receiver cannot know, is left in.
 */
final class OpusDecoder implements SoundDecoder {
    private final AVCodecContext context;
    private final AVPacket packet;
    private final AVFrame frame;

    OpusDecoder() {
        Native.load();
        AVCodec codec = Native.present(avcodec_find_decoder_by_name("libopus"), "the libopus decoder");
        context = Native.present(avcodec_alloc_context3(codec), "a decoder");
        packet = Native.present(av_packet_alloc(), "a packet");
        frame = Native.present(av_frame_alloc(), "a frame");
        context.sample_rate(OpusPacket.SAMPLE_RATE).request_sample_fmt(AV_SAMPLE_FMT_S16);
        av_channel_layout_default(context.ch_layout(), 1);
        int opened = avcodec_open2(context, codec, (AVDictionary) null);
        if (opened < 0) {
            close();
        }
        Native.check(opened, "opening the libopus decoder");
    }

    /** @throws hansard.runtime.HansardException MEDIA_FAILED when libopus refuses the packet; the next one may be decoded */
    @Override
    public short[] decode(byte[] payload) {
        Native.check(av_new_packet(packet, payload.length), "a packet of " + payload.length + " bytes");
        try {
            packet.data().put(payload, 0, payload.length);
            Native.check(avcodec_send_packet(context, packet), "decoding an Opus packet");
            Native.check(avcodec_receive_frame(context, frame), "decoding an Opus packet");
            short[] samples = new short[frame.nb_samples()];
            new ShortPointer(frame.data(0)).get(samples);
            return samples;
        } finally {
            av_frame_unref(frame);
            av_packet_unref(packet);
        }
    }

    @Override
    public void close() {
        av_frame_free(frame);
        av_packet_free(packet);
        avcodec_free_context(context);
    }
}

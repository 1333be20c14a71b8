package hansard.transcode;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_BITEXACT;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_make_q;
import static org.bytedeco.ffmpeg.global.avutil.av_opt_set;

import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** Pictures to VP8, each at its own time, without delay. */
final class Vp8Encoder implements AutoCloseable {
    private static final int MICROS = 1_000_000;
    /** A player can begin here; frames may be as far apart as a second. */
    private static final long KEYFRAME_MICROS = 4_000_000;

    private final AVCodecContext context;
    private final AVPacket packet;
    private final long frameMicros;
    private long keyframeMicros = Long.MIN_VALUE / 2;

    /** Where packets go. */
    interface Sink {
        void packet(byte[] payload, long atMicros, boolean keyframe);
    }

    Vp8Encoder(int width, int height, int framesASecond, int bitrate) {
        Native.load();
        AVCodec codec = Native.present(avcodec_find_encoder_by_name("libvpx"), "the VP8 encoder");
        context = Native.present(avcodec_alloc_context3(codec), "an encoder");
        packet = Native.present(av_packet_alloc(), "a packet");
        frameMicros = MICROS / framesASecond;
        try {
            context.width(width).height(height).pix_fmt(AV_PIX_FMT_YUV420P).bit_rate(bitrate);
            context.time_base(av_make_q(1, MICROS)).framerate(av_make_q(framesASecond, 1));
            context.gop_size(Integer.MAX_VALUE).max_b_frames(0).thread_count(1);
            context.flags(context.flags() | AV_CODEC_FLAG_BITEXACT);
            av_opt_set(context.priv_data(), "deadline", "realtime", 0);
            av_opt_set(context.priv_data(), "cpu-used", "8", 0);
            av_opt_set(context.priv_data(), "lag-in-frames", "0", 0);
            av_opt_set(context.priv_data(), "static-thresh", "100", 0);
            Native.check(avcodec_open2(context, codec, (AVDictionary) null), "opening the VP8 encoder");
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    void encode(AVFrame picture, long atMicros, Sink sink) {
        boolean key = atMicros - keyframeMicros >= KEYFRAME_MICROS;
        keyframeMicros = key ? atMicros : keyframeMicros;
        picture.pts(atMicros)
                .duration(frameMicros)
                .pict_type(key ? 1 : 0); // AV_PICTURE_TYPE_I, or as the encoder likes
        Native.check(avcodec_send_frame(context, picture), "encoding VP8");
        while (avcodec_receive_packet(context, packet) >= 0) {
            byte[] payload = new byte[packet.size()];
            packet.data().get(payload);
            boolean isKey = (packet.flags() & AV_PKT_FLAG_KEY) != 0;
            long at = packet.pts();
            av_packet_unref(packet);
            sink.packet(payload, at, isKey);
        }
    }

    @Override
    public void close() {
        av_packet_free(packet);
        avcodec_free_context(context);
    }
}

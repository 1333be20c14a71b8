package hansard.transcode;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_BITEXACT;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_S16;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_copy;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_make_writable;
import static org.bytedeco.ffmpeg.global.avutil.av_make_q;
import static org.bytedeco.ffmpeg.global.avutil.av_opt_set;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.ShortPointer;

/** 48 kHz mono to Opus packets of 20 ms. */
final class OpusEncoder implements AutoCloseable {
    static final int FRAME_SAMPLES = 960;

    private static final int EAGAIN = -11;

    private final AVCodecContext context;
    private final AVFrame frame;
    private final AVPacket packet;
    private long samples;

    OpusEncoder(int bitrate, int complexity) {
        Native.load();
        AVCodec codec = Native.present(avcodec_find_encoder_by_name("libopus"), "the libopus encoder");
        context = Native.present(avcodec_alloc_context3(codec), "an encoder");
        frame = Native.present(av_frame_alloc(), "a frame");
        packet = Native.present(av_packet_alloc(), "a packet");
        try {
            context.sample_rate(OpusPacket.SAMPLE_RATE)
                    .sample_fmt(AV_SAMPLE_FMT_S16)
                    .bit_rate(bitrate);
            context.time_base(av_make_q(1, OpusPacket.SAMPLE_RATE)).compression_level(complexity);
            context.flags(context.flags() | AV_CODEC_FLAG_BITEXACT);
            av_channel_layout_default(context.ch_layout(), 1);
            av_opt_set(context.priv_data(), "application", "audio", 0);
            av_opt_set(context.priv_data(), "frame_duration", "20", 0);
            Native.check(avcodec_open2(context, codec, (AVDictionary) null), "opening the libopus encoder");
            frame.nb_samples(FRAME_SAMPLES).format(AV_SAMPLE_FMT_S16).sample_rate(OpusPacket.SAMPLE_RATE);
            Native.check(av_channel_layout_copy(frame.ch_layout(), context.ch_layout()), "a channel layout");
            Native.check(av_frame_get_buffer(frame, 0), "a frame's buffer");
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** The encoder's look-ahead in samples: what a player discards at the start. */
    int preskip() {
        return context.initial_padding();
    }

    /** @param block {@link #FRAME_SAMPLES} samples */
    List<byte[]> encode(short[] block) {
        Native.check(av_frame_make_writable(frame), "a frame's buffer");
        new ShortPointer(frame.data(0)).put(block, 0, FRAME_SAMPLES);
        frame.pts(samples);
        samples += FRAME_SAMPLES;
        Native.check(avcodec_send_frame(context, frame), "encoding Opus");
        return packets();
    }

    /** What the look-ahead still holds. */
    List<byte[]> finish() {
        Native.check(avcodec_send_frame(context, null), "ending Opus");
        return packets();
    }

    private List<byte[]> packets() {
        List<byte[]> packets = new ArrayList<>(1);
        while (true) {
            int code = avcodec_receive_packet(context, packet);
            if (code == EAGAIN || code == AVERROR_EOF()) {
                return packets;
            }
            Native.check(code, "encoding Opus");
            byte[] payload = new byte[packet.size()];
            packet.data().get(payload);
            av_packet_unref(packet);
            packets.add(payload);
        }
    }

    @Override
    public void close() {
        av_packet_free(packet);
        av_frame_free(frame);
        avcodec_free_context(context);
    }
}

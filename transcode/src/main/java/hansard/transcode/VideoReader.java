package hansard.transcode;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_AV1;
import static org.bytedeco.ffmpeg.global.avcodec.av_new_packet;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_move_ref;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SeekableByteChannel;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;

/** One stored video track, decoded as time goes on. A packet that cannot be decoded leaves the picture as it was. */
final class VideoReader implements AutoCloseable {
    private final SeekableByteChannel channel;
    private final Demuxer demuxer;
    private final AVCodecContext context;
    private final AVPacket packet;
    private final AVFrame decoded;
    private final AVFrame shown;
    private Demuxer.@Nullable Packet next;
    private boolean ended;
    private long undecodable;

    VideoReader(SeekableByteChannel channel) {
        this.channel = channel;
        this.demuxer = new Demuxer(channel);
        AVCodecParameters parameters = demuxer.context().streams(0).codecpar();
        AVCodec codec = Native.present(decoder(parameters.codec_id()), "a decoder of codec " + parameters.codec_id());
        this.context = Native.present(avcodec_alloc_context3(codec), "a decoder");
        this.packet = Native.present(av_packet_alloc(), "a packet");
        this.decoded = Native.present(av_frame_alloc(), "a picture");
        this.shown = Native.present(av_frame_alloc(), "a picture");
        try {
            Native.check(avcodec_parameters_to_context(context, parameters), "a decoder's parameters");
            context.thread_count(1);
            Native.check(avcodec_open2(context, codec, (AVDictionary) null), "opening a decoder");
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** FFmpeg's own AV1 decoder needs hardware. */
    private static @Nullable AVCodec decoder(int id) {
        return id == AV_CODEC_ID_AV1 ? avcodec_find_decoder_by_name("libaom-av1") : avcodec_find_decoder(id);
    }

    /**
     * Decodes up to a time.
     *
     * @param micros since the track's start
     * @return true when there is another picture than before
     */
    boolean advance(long micros) {
        boolean changed = false;
        while (true) {
            if (next == null && !ended) {
                Optional<Demuxer.Packet> read = demuxer.next();
                next = read.orElse(null);
                ended = read.isEmpty();
            }
            Demuxer.Packet due = next;
            if (due == null || due.atMicros() > micros) {
                return changed;
            }
            next = null;
            changed |= decode(due.payload());
        }
    }

    /** The picture now; null before the first. */
    @Nullable
    AVFrame picture() {
        return shown.width() > 0 ? shown : null;
    }

    long undecodable() {
        return undecodable;
    }

    private boolean decode(byte[] payload) {
        Native.check(av_new_packet(packet, payload.length), "a packet of " + payload.length + " bytes");
        boolean changed = false;
        try {
            packet.data().put(payload, 0, payload.length);
            if (avcodec_send_packet(context, packet) < 0) {
                undecodable++;
            }
            while (avcodec_receive_frame(context, decoded) >= 0) {
                av_frame_unref(shown);
                av_frame_move_ref(shown, decoded);
                changed = true;
            }
        } finally {
            av_packet_unref(packet);
        }
        return changed;
    }

    @Override
    public void close() {
        av_frame_free(shown);
        av_frame_free(decoded);
        av_packet_free(packet);
        avcodec_free_context(context);
        demuxer.close();
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package hansard.transcode;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_FLAG_BACKWARD;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_seek_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;

import java.nio.channels.SeekableByteChannel;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVRational;

/** Reads the one track of a container, packet by packet. */
final class Demuxer implements AutoCloseable {
    /** @param atMicros since the track's start, as it was given to the {@link Muxer} */
    record Packet(long atMicros, long durationMicros, boolean keyframe, byte[] payload) {}

    private final NativeIo io;
    private final AVFormatContext context;
    private final AVPacket packet;
    private final long delayTicks;

    Demuxer(SeekableByteChannel channel) {
        this.io = new NativeIo(channel, false);
        this.context = Native.present(avformat_alloc_context(), "a format context");
        this.packet = Native.present(av_packet_alloc(), "a packet");
        context.pb(io.context());
        int opened = avformat_open_input(context, (String) null, null, (AVDictionary) null);
        if (opened < 0) {
            context.setNull(); // freed by FFmpeg when opening fails
        }
        try {
            io.rethrow();
            Native.check(opened, "opening a container");
            if (context.nb_streams() != 1) {
                throw Native.failure("a track's container has " + context.nb_streams() + " streams");
            }
            delayTicks = delayTicks();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    AVFormatContext context() {
        return context;
    }

    /** The next packet, or empty at the end. */
    Optional<Packet> next() {
        int code = av_read_frame(context, packet);
        io.rethrow();
        if (code == AVERROR_EOF()) {
            return Optional.empty();
        }
        Native.check(code, "reading a packet");
        try {
            byte[] payload = new byte[packet.size()];
            packet.data().get(payload);
            AVRational base = context.streams(0).time_base();
            long ticks = base.den();
            long unit = 1_000_000L * base.num();
            return Optional.of(new Packet(
                    (packet.pts() + delayTicks) * unit / ticks,
                    packet.duration() * unit / ticks,
                    (packet.flags() & AV_PKT_FLAG_KEY) != 0,
                    payload));
        } finally {
            av_packet_unref(packet);
        }
    }

    /** Goes to the last key frame at or before a time. */
    void seek(long micros) {
        AVRational base = context.streams(0).time_base();
        long tick = micros * base.den() / base.num() / 1_000_000;
        Native.check(av_seek_frame(context, 0, tick, AVSEEK_FLAG_BACKWARD), "seeking");
    }

    /** What FFmpeg takes from a packet's time for the samples that are left out at the start, rounded as it does. */
    private long delayTicks() {
        AVRational base = context.streams(0).time_base();
        long padding = context.streams(0).codecpar().initial_padding();
        long ticksASecond = base.den() / base.num();
        return (padding * ticksASecond + OpusPacket.SAMPLE_RATE / 2) / OpusPacket.SAMPLE_RATE;
    }

    @Override
    public void close() {
        av_packet_free(packet);
        if (!context.isNull()) {
            avformat_close_input(context);
        }
        io.close();
    }
}

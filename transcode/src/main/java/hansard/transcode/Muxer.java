package hansard.transcode;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_ADPCM_G722;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_AV1;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H264;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_OPUS;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_PCM_ALAW;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_PCM_MULAW;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP8;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP9;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_new_packet;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avformat.av_write_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_write_trailer;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_output_context2;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_new_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_write_header;
import static org.bytedeco.ffmpeg.global.avformat.avio_flush;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_AUDIO;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;
import static org.bytedeco.ffmpeg.global.avutil.av_make_q;
import static org.bytedeco.ffmpeg.global.avutil.av_mallocz;

import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.javacpp.BytePointer;

/**
 * Writes tracks into a container, packet by packet, as they are: one track, or, for a composite, picture and sound. The same packets
 * give the same bytes. A container's index is held by FFmpeg until the end: about 100 bytes a video frame in MP4, one entry per 5 s of
 * audio in WebM.
 */
final class Muxer implements AutoCloseable {
    private static final int MP4_TICKS = 90_000;
    private static final int WEBM_TICKS = 1_000;

    private final NativeIo io;
    private final AVFormatContext context;
    private final AVPacket packet;
    private final long[] lastTick;
    /** What a track's decoder gives later than its packets say. */
    private final long[] delayTicks;

    private final int[] ticks;
    private boolean finished;

    /** Writes the header. */
    Muxer(TrackFormat format, SeekableByteChannel channel) {
        this(List.of(format), channel);
    }

    /** @param formats of the same container; a packet says by its place here which track it is of */
    Muxer(List<TrackFormat> formats, SeekableByteChannel channel) {
        this.io = new NativeIo(channel, true);
        this.context = new AVFormatContext(null);
        this.packet = Native.present(av_packet_alloc(), "a packet");
        this.lastTick = new long[formats.size()];
        this.delayTicks = formats.stream().mapToLong(Muxer::delayTicks).toArray();
        this.ticks = new int[formats.size()];
        Arrays.fill(lastTick, Long.MIN_VALUE);
        String container = formats.getFirst().container();
        try {
            Native.check(avformat_alloc_output_context2(context, null, container, ""), "container " + container);
            context.pb(io.context());
            context.flags(context.flags() | AVFormatContext.AVFMT_FLAG_BITEXACT);
            for (TrackFormat format : formats) {
                AVStream stream = Native.present(avformat_new_stream(context, null), "a stream");
                stream.time_base(av_make_q(1, format instanceof TrackFormat.H264 ? MP4_TICKS : WEBM_TICKS));
                describe(format, stream.codecpar());
            }
            checked(avformat_write_header(context, (AVDictionary) null), "writing the header");
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** FFmpeg writes a time later by this much, rounded like here, since players take CodecDelay from it (RFC 9559). */
    private static long delayTicks(TrackFormat format) {
        return format instanceof TrackFormat.Opus opus
                ? (opus.preskip() * (long) WEBM_TICKS + OpusPacket.SAMPLE_RATE / 2) / OpusPacket.SAMPLE_RATE
                : 0;
    }

    private static void describe(TrackFormat format, AVCodecParameters codec) {
        switch (format) {
            case TrackFormat.Opus opus -> {
                codec.codec_type(AVMEDIA_TYPE_AUDIO).codec_id(AV_CODEC_ID_OPUS).sample_rate(OpusPacket.SAMPLE_RATE);
                codec.initial_padding(opus.preskip());
                av_channel_layout_default(codec.ch_layout(), opus.channels());
            }
            case TrackFormat.G711 g711 -> {
                codec.codec_type(AVMEDIA_TYPE_AUDIO)
                        .codec_id(g711.codec() == TelephoneCodec.PCMA ? AV_CODEC_ID_PCM_ALAW : AV_CODEC_ID_PCM_MULAW)
                        .sample_rate(g711.codec().sampleRate)
                        .bits_per_coded_sample(8)
                        .block_align(g711.channels());
                av_channel_layout_default(codec.ch_layout(), g711.channels());
            }
            case TrackFormat.G722 ignored -> {
                codec.codec_type(AVMEDIA_TYPE_AUDIO)
                        .codec_id(AV_CODEC_ID_ADPCM_G722)
                        .sample_rate(TelephoneCodec.G722.sampleRate)
                        .bits_per_coded_sample(4)
                        .bit_rate(8L * TelephoneCodec.BYTES_A_SECOND)
                        .block_align(1);
                av_channel_layout_default(codec.ch_layout(), 1);
            }
            case TrackFormat.Vp8 vp8 ->
                codec.codec_type(AVMEDIA_TYPE_VIDEO)
                        .codec_id(AV_CODEC_ID_VP8)
                        .width(vp8.width())
                        .height(vp8.height());
            case TrackFormat.Vp9 vp9 ->
                codec.codec_type(AVMEDIA_TYPE_VIDEO)
                        .codec_id(AV_CODEC_ID_VP9)
                        .width(vp9.width())
                        .height(vp9.height());
            case TrackFormat.Av1 av1 ->
                codec.codec_type(AVMEDIA_TYPE_VIDEO)
                        .codec_id(AV_CODEC_ID_AV1)
                        .width(av1.width())
                        .height(av1.height());
            case TrackFormat.H264 h264 ->
                codec.codec_type(AVMEDIA_TYPE_VIDEO)
                        .codec_id(AV_CODEC_ID_H264)
                        .width(h264.width())
                        .height(h264.height());
        }
        byte[] before = format.codecPrivate();
        if (before.length > 0) {
            BytePointer copy = new BytePointer(
                    Native.present(av_mallocz(before.length + Native.PADDING), "memory")); // freed by FFmpeg
            copy.put(before, 0, before.length);
            codec.extradata(copy).extradata_size(before.length);
        }
    }

    /**
     * @param atMicros since the track's start, not before the packet before it; of Opus when what was encoded is to be heard, which a decoder
     *     gives later by the pre-skip
     */
    void write(byte[] payload, long atMicros, long durationMicros, boolean keyframe) {
        write(0, payload, atMicros, durationMicros, keyframe);
    }

    /** The same, of one of several tracks. Packets of all tracks come in order of time. */
    void write(int track, byte[] payload, long atMicros, long durationMicros, boolean keyframe) {
        int ticksASecond = ticksASecond(track);
        long tick = toTicks(atMicros, ticksASecond) - delayTicks[track];
        if (ticksASecond == MP4_TICKS && tick <= lastTick[track]) {
            tick = lastTick[track] + 1; // two samples of an MP4 track cannot share a time
        }
        lastTick[track] = tick;
        Native.check(av_new_packet(packet, payload.length), "a packet of " + payload.length + " bytes");
        try {
            packet.data().put(payload, 0, payload.length);
            packet.pts(tick)
                    .dts(tick)
                    .duration(toTicks(durationMicros, ticksASecond))
                    .stream_index(track);
            packet.flags(keyframe ? AV_PKT_FLAG_KEY : 0);
            checked(av_write_frame(context, packet), "writing a packet");
        } finally {
            av_packet_unref(packet);
        }
    }

    /** As the container has decided with its header; asked for once, since each question goes through native code. */
    private int ticksASecond(int track) {
        if (ticks[track] == 0) {
            ticks[track] = context.streams(track).time_base().den();
        }
        return ticks[track];
    }

    /** Writes index and duration. A repeat does nothing. */
    void finish() {
        if (!finished) {
            checked(av_write_trailer(context), "writing the index");
            avio_flush(io.context());
            io.rethrow();
            finished = true;
        }
    }

    private static long toTicks(long micros, int ticksASecond) {
        return (micros * ticksASecond + 500_000) / 1_000_000;
    }

    private void checked(int code, String what) {
        io.rethrow();
        Native.check(code, what);
    }

    @Override
    public void close() {
        av_packet_free(packet);
        if (!context.isNull()) {
            avformat_free_context(context);
            context.setNull();
        }
        io.close();
    }
}

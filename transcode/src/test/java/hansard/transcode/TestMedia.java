package hansard.transcode;

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
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_make_writable;
import static org.bytedeco.ffmpeg.global.avutil.av_make_q;
import static org.bytedeco.ffmpeg.global.avutil.av_opt_set;

import hansard.testkit.SframeSender;
import hansard.wire.Frame;
import hansard.wire.MediaKind;
import hansard.wire.Octets;
import hansard.wire.StreamDescription;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ShortBuffer;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.system.MemoryUtil;
import org.lwjgl.util.opus.Opus;

/** Frames as a depacketiser gives them, made with FFmpeg's encoders. */
final class TestMedia {
    /** 20 November 2026. */
    static final long EPOCH_MICROS = 1_795_132_800_000_000L;

    private TestMedia() {}

    static StreamDescription stream(String callId, String streamId, String codec) {
        return stream("default", callId, streamId, codec);
    }

    static StreamDescription stream(String tenant, String callId, String streamId, String codec) {
        boolean audio = codec.equals("opus");
        return new StreamDescription(
                streamId,
                callId,
                tenant,
                "participant-of-" + streamId,
                audio ? MediaKind.AUDIO : MediaKind.VIDEO,
                codec,
                audio ? 48_000 : 90_000,
                audio ? 2 : 0,
                Map.of(111, codec),
                Map.of(),
                StreamDescription.Srtp.fresh("AES_CM_128_HMAC_SHA1_80"),
                null,
                0,
                false,
                "",
                "");
    }

    static Optional<FrameGate> gate(String codec) {
        return FrameGate.of(codec, codec.equals("opus") ? 2 : 0);
    }

    /** A stream whose sender may change its codec, by payload type; the first is what it begins with. */
    static StreamDescription changing(String callId, String streamId, String codec, Map<Integer, String> types) {
        StreamDescription plain = stream(callId, streamId, codec);
        return new StreamDescription(
                streamId,
                callId,
                plain.tenant(),
                plain.participantId(),
                plain.kind(),
                codec,
                plain.clockRate(),
                plain.channels(),
                types,
                Map.of(),
                plain.srtp(),
                null,
                0,
                false,
                "",
                "");
    }

    /** Frames as they come when their sender has changed to another codec. */
    static List<Frame> as(int payloadType, List<Frame> frames) {
        return frames.stream()
                .map(f -> new Frame(
                        f.mediaMicros(),
                        f.rtpTimestamp(),
                        f.arrivalMicros(),
                        f.packets(),
                        f.keyframe(),
                        f.sealed(),
                        f.audioLevel(),
                        payloadType,
                        f.payload()))
                .toList();
    }

    /** A line in a codec of telephony, whose keys are heard. */
    static StreamDescription telephone(String callId, String streamId, String codec) {
        return new StreamDescription(
                streamId,
                callId,
                "default",
                "participant-of-" + streamId,
                MediaKind.AUDIO,
                codec,
                8_000,
                1,
                Map.of(9, codec, 101, "telephone-event"),
                Map.of(),
                StreamDescription.Srtp.fresh("AES_CM_128_HMAC_SHA1_80"),
                null,
                0,
                false,
                "",
                "");
    }

    /** A stream whose participants seal each frame end to end. */
    static StreamDescription endToEnd(String callId, String streamId, String codec) {
        return SframeSender.sealing(stream(callId, streamId, codec));
    }

    /** A signal, by the sample's number at 48 kHz. */
    interface Signal {
        double at(long sample);
    }

    static Signal tone(double hertz) {
        return n -> 0.4 * Math.sin(2 * Math.PI * hertz * n / 48_000);
    }

    /** A tone that comes and goes four times a second, as a voice does: it is taken for speech. */
    static Signal syllables(double hertz) {
        Signal tone = tone(hertz);
        return n -> tone.at(n) * (0.1 + 0.9 * Math.pow(Math.sin(Math.PI * 4 * n / 48_000), 2));
    }

    /** A tone between two times, silence elsewhere. */
    static Signal burst(double hertz, long fromMs, long toMs) {
        Signal tone = tone(hertz);
        return n -> n >= fromMs * 48 && n < toMs * 48 ? tone.at(n) : 0;
    }

    /** Opus packets of 20 ms, the first at {@code startMicros}. */
    static List<Frame> opus(long startMicros, int packets, Signal signal) {
        List<Frame> frames = new ArrayList<>();
        try (OpusEncoder encoder = new OpusEncoder(32_000, 5)) {
            for (int i = 0; i < packets; i++) {
                short[] block = new short[960];
                for (int n = 0; n < 960; n++) {
                    block[n] = (short) Math.round(32_767 * signal.at(i * 960L + n));
                }
                int at = frames.size();
                frames.add(frame(startMicros + at * 20_000L, at * 960L, true, encoder.encode(block)));
            }
        }
        return frames;
    }

    /** The same by an encoder that expects a fifth of the packets to be lost, and puts each once more into the next one (RFC 6716 section 2.1.7). */
    static List<Frame> opusWithFec(long startMicros, int packets, Signal signal) {
        List<Frame> frames = new ArrayList<>();
        ByteBuffer packet = MemoryUtil.memAlloc(1_500);
        ShortBuffer block = MemoryUtil.memAllocShort(960);
        long encoder = 0;
        try (MemoryStack stack = MemoryStack.stackPush()) {
            encoder = Opus.opus_encoder_create(48_000, 1, Opus.OPUS_APPLICATION_VOIP, stack.mallocInt(1));
            Opus.opus_encoder_ctl(encoder, Opus.OPUS_SET_BITRATE(32_000));
            Opus.opus_encoder_ctl(encoder, Opus.OPUS_SET_SIGNAL(Opus.OPUS_SIGNAL_VOICE));
            Opus.opus_encoder_ctl(encoder, Opus.OPUS_SET_MAX_BANDWIDTH(Opus.OPUS_BANDWIDTH_WIDEBAND));
            Opus.opus_encoder_ctl(encoder, Opus.OPUS_SET_INBAND_FEC(1));
            Opus.opus_encoder_ctl(encoder, Opus.OPUS_SET_PACKET_LOSS_PERC(20));
            for (int i = 0; i < packets; i++) {
                for (int n = 0; n < 960; n++) {
                    block.put(n, (short) Math.round(32_767 * signal.at(i * 960L + n)));
                }
                byte[] bytes = new byte[Opus.opus_encode(encoder, block, 960, packet)];
                packet.get(0, bytes);
                frames.add(frame(startMicros + i * 20_000L, i * 960L, true, bytes));
            }
            return frames;
        } finally {
            Opus.opus_encoder_destroy(encoder);
            MemoryUtil.memFree(packet);
            MemoryUtil.memFree(block);
        }
    }

    /** Frames of a moving gradient, {@code fps} a second, a key frame every {@code gop}. */
    static List<Frame> video(String encoder, long startMicros, int count, int fps, int gop, int width, int height) {
        List<Frame> frames = new ArrayList<>();
        Native.load();
        AVCodec codec = Native.present(avcodec_find_encoder_by_name(encoder), encoder);
        AVCodecContext context = avcodec_alloc_context3(codec);
        AVFrame picture = av_frame_alloc();
        AVPacket packet = av_packet_alloc();
        try {
            context.width(width).height(height).pix_fmt(AV_PIX_FMT_YUV420P).time_base(av_make_q(1, fps));
            context.gop_size(gop).max_b_frames(0).bit_rate(300_000).thread_count(1);
            av_opt_set(context.priv_data(), "deadline", "realtime", 0);
            av_opt_set(context.priv_data(), "lag-in-frames", "0", 0);
            Native.check(avcodec_open2(context, codec, (AVDictionary) null), "opening " + encoder);
            picture.format(AV_PIX_FMT_YUV420P).width(width).height(height);
            Native.check(av_frame_get_buffer(picture, 0), "a picture");
            for (int i = 0; i < count; i++) {
                av_frame_make_writable(picture);
                paint(picture, i, width, height);
                picture.pts(i);
                Native.check(avcodec_send_frame(context, picture), "encoding");
                collect(context, packet, startMicros, fps, frames);
            }
            avcodec_send_frame(context, null);
            collect(context, packet, startMicros, fps, frames);
        } finally {
            av_packet_free(packet);
            av_frame_free(picture);
            avcodec_free_context(context);
        }
        return frames;
    }

    private static void collect(
            AVCodecContext context, AVPacket packet, long startMicros, int fps, List<Frame> frames) {
        while (avcodec_receive_packet(context, packet) >= 0) {
            byte[] payload = new byte[packet.size()];
            packet.data().get(payload);
            boolean key = (packet.flags() & 1) != 0;
            frames.add(frame(startMicros + frames.size() * 1_000_000L / fps, frames.size(), key, payload));
            av_packet_unref(packet);
        }
    }

    private static void paint(AVFrame picture, int i, int width, int height) {
        for (int plane = 0; plane < 3; plane++) {
            int rows = plane == 0 ? height : height / 2;
            int columns = plane == 0 ? width : width / 2;
            BytePointer to = picture.data(plane);
            byte[] row = new byte[columns];
            for (int y = 0; y < rows; y++) {
                for (int x = 0; x < columns; x++) {
                    row[x] = (byte) (x * (plane + 1) + y + i * 3);
                }
                to.position((long) y * picture.linesize(plane)).put(row, 0, columns);
            }
        }
    }

    static Frame frame(long mediaMicros, long rtp, boolean key, byte[] payload) {
        return new Frame(mediaMicros, rtp, mediaMicros, 1, key, false, -1, Octets.of(payload));
    }

    /** The stored track of such frames. */
    static byte[] track(String codec, List<Frame> frames) throws IOException {
        FrameGate gate = gate(codec).orElseThrow();
        try (TrackFile file = new TrackFile()) {
            for (Frame frame : frames) {
                file.add(frame, (FrameGate.Usable) gate.look(frame.payload().array()));
            }
            file.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            file.copyTo(Channels.newChannel(out));
            return out.toByteArray();
        }
    }

    /** Something to read those bytes from. */
    static SealedScratch scratch(byte[] bytes) throws IOException {
        SealedScratch scratch = SealedScratch.create();
        scratch.write(ByteBuffer.wrap(bytes));
        scratch.position(0);
        return scratch;
    }
}

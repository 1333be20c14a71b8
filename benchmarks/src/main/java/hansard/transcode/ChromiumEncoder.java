package hansard.transcode;

import hansard.wire.Frame;
import hansard.wire.Octets;
import java.nio.ByteBuffer;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.system.MemoryUtil;
import org.lwjgl.util.opus.Opus;

/**
 * Opus as Chromium's browsers on desktops send it: libopus for voice, 32 kbit/s, complexity 9, FEC allowed, 20 ms; with DTX, packets that
 * say nothing are sent every 400 ms only.
 */
final class ChromiumEncoder {
    private static final int BITRATE = 32_000;
    private static final int COMPLEXITY = 9;
    private static final int PACKET_MICROS = 20_000;
    private static final int SAYS_NOTHING_BYTES = 2;
    private static final int KEEP_ALIVE_MICROS = 400_000;

    private ChromiumEncoder() {}

    /** The frames of a microphone's sound, the first at 0. */
    static List<Frame> frames(short[] sound, boolean dtx) {
        List<Frame> frames = new ArrayList<>();
        ByteBuffer packet = MemoryUtil.memAlloc(1_500);
        ShortBuffer block = MemoryUtil.memAllocShort(OpusEncoder.FRAME_SAMPLES);
        long encoder = encoder(dtx);
        try {
            long sentMicros = -KEEP_ALIVE_MICROS;
            for (int i = 0; i < sound.length / OpusEncoder.FRAME_SAMPLES; i++) {
                block.put(0, sound, i * OpusEncoder.FRAME_SAMPLES, OpusEncoder.FRAME_SAMPLES);
                int length = Opus.opus_encode(encoder, block, OpusEncoder.FRAME_SAMPLES, packet);
                if (length < 0) {
                    throw new IllegalStateException("libopus: encoding: " + length);
                }
                long atMicros = (long) i * PACKET_MICROS;
                if (length > SAYS_NOTHING_BYTES || atMicros - sentMicros >= KEEP_ALIVE_MICROS) {
                    byte[] bytes = new byte[length];
                    packet.get(0, bytes);
                    sentMicros = atMicros;
                    frames.add(new Frame(
                            atMicros,
                            (long) i * OpusEncoder.FRAME_SAMPLES,
                            atMicros,
                            1,
                            true,
                            false,
                            -1,
                            Octets.of(Arrays.copyOf(bytes, length))));
                }
            }
            return frames;
        } finally {
            Opus.opus_encoder_destroy(encoder);
            MemoryUtil.memFree(packet);
            MemoryUtil.memFree(block);
        }
    }

    private static long encoder(boolean dtx) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            long encoder =
                    Opus.opus_encoder_create(OpusPacket.SAMPLE_RATE, 1, Opus.OPUS_APPLICATION_VOIP, stack.mallocInt(1));
            Opus.opus_encoder_ctl(encoder, Opus.OPUS_SET_BITRATE(BITRATE));
            Opus.opus_encoder_ctl(encoder, Opus.OPUS_SET_COMPLEXITY(COMPLEXITY));
            Opus.opus_encoder_ctl(encoder, Opus.OPUS_SET_INBAND_FEC(1));
            Opus.opus_encoder_ctl(encoder, Opus.OPUS_SET_DTX(dtx ? 1 : 0));
            return encoder;
        }
    }
}

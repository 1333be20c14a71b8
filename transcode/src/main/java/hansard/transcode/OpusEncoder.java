package hansard.transcode;

import static org.lwjgl.util.opus.Opus.OPUS_APPLICATION_AUDIO;
import static org.lwjgl.util.opus.Opus.OPUS_GET_LOOKAHEAD;
import static org.lwjgl.util.opus.Opus.OPUS_OK;
import static org.lwjgl.util.opus.Opus.OPUS_RESET_STATE;
import static org.lwjgl.util.opus.Opus.OPUS_SET_BITRATE;
import static org.lwjgl.util.opus.Opus.OPUS_SET_COMPLEXITY;
import static org.lwjgl.util.opus.Opus.OPUS_SET_PREDICTION_DISABLED;
import static org.lwjgl.util.opus.Opus.opus_encode;
import static org.lwjgl.util.opus.Opus.opus_encoder_create;
import static org.lwjgl.util.opus.Opus.opus_encoder_ctl;
import static org.lwjgl.util.opus.Opus.opus_encoder_destroy;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.system.MemoryUtil;

/** 48 kHz mono to Opus packets of 20 ms, by libopus. */
final class OpusEncoder implements AutoCloseable {
    static final int FRAME_SAMPLES = 960;

    /** What libopus recommends: no packet of 20 ms is longer. */
    private static final int MAX_PACKET_BYTES = 4_000;

    private static final short[] SILENCE = new short[FRAME_SAMPLES];
    private static final byte[] NOTHING = {};

    private final ShortBuffer pcm = MemoryUtil.memAllocShort(FRAME_SAMPLES);
    private final ByteBuffer packet = MemoryUtil.memAlloc(MAX_PACKET_BYTES);
    private final int preskip;
    private long encoder;
    private byte[] ofSilence = NOTHING;
    private boolean settled;
    private boolean begins;

    OpusEncoder(int bitrate, int complexity) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            IntBuffer answer = stack.mallocInt(1);
            encoder = opus_encoder_create(OpusPacket.SAMPLE_RATE, 1, OPUS_APPLICATION_AUDIO, answer);
            checked(encoder == MemoryUtil.NULL ? Math.min(-1, answer.get(0)) : OPUS_OK, "opening an encoder");
            checked(opus_encoder_ctl(encoder, OPUS_SET_BITRATE(bitrate)), "setting a bitrate");
            checked(opus_encoder_ctl(encoder, OPUS_SET_COMPLEXITY(complexity)), "setting a complexity");
            checked(opus_encoder_ctl(encoder, OPUS_GET_LOOKAHEAD(answer)), "asking for the look-ahead");
            preskip = answer.get(0);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** The encoder's look-ahead in samples: what a player discards at the start. */
    int preskip() {
        return preskip;
    }

    /** @param block {@link #FRAME_SAMPLES} samples */
    byte[] encode(short[] block) {
        settled = false;
        ofSilence = NOTHING;
        return encoded(block);
    }

    /** The next {@link #FRAME_SAMPLES} samples are silence: once it has come to rest, the encoder need not be asked what that is. */
    byte[] encodeSilence() {
        if (!settled) {
            byte[] bytes = encoded(SILENCE);
            settled = Arrays.equals(bytes, ofSilence);
            ofSilence = bytes;
        }
        return ofSilence;
    }

    /**
     * Begins anew where a decoder comes from another encoder's packets: the next packet that is kept says everything anew (RFC 6716 section
     * 4.3.2.1: coarse energy without prediction).
     *
     * @param before the {@link #FRAME_SAMPLES} samples before: the first {@link #preskip} samples of a packet are of the frame before it
     */
    void beginAfter(short[] before) {
        checked(opus_encoder_ctl(encoder, OPUS_RESET_STATE), "beginning anew");
        settled = false;
        ofSilence = NOTHING;
        encoded(before);
        checked(opus_encoder_ctl(encoder, OPUS_SET_PREDICTION_DISABLED(1)), "saying everything");
        begins = true;
    }

    private byte[] encoded(short[] block) {
        pcm.put(0, block, 0, FRAME_SAMPLES);
        int length = checked(opus_encode(encoder, pcm, FRAME_SAMPLES, packet), "encoding");
        byte[] bytes = new byte[length];
        packet.get(0, bytes);
        if (begins) {
            begins = false;
            checked(opus_encoder_ctl(encoder, OPUS_SET_PREDICTION_DISABLED(0)), "predicting");
        }
        return bytes;
    }

    /** What the look-ahead still holds. */
    byte[] finish() {
        return encode(SILENCE);
    }

    private static int checked(int code, String what) {
        if (code < 0) {
            throw new HansardException(ErrorCode.MEDIA_FAILED, "libopus: " + what + ": " + code);
        }
        return code;
    }

    @Override
    public void close() {
        if (encoder != MemoryUtil.NULL) {
            opus_encoder_destroy(encoder);
            encoder = MemoryUtil.NULL;
        }
        MemoryUtil.memFree(pcm);
        MemoryUtil.memFree(packet);
    }
}

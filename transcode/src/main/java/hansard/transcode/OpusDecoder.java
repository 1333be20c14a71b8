package hansard.transcode;

import static org.lwjgl.util.opus.Opus.OPUS_OK;
import static org.lwjgl.util.opus.Opus.opus_decode;
import static org.lwjgl.util.opus.Opus.opus_decoder_create;
import static org.lwjgl.util.opus.Opus.opus_decoder_destroy;
import static org.lwjgl.util.opus.Opus.opus_packet_has_lbrr;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import org.jspecify.annotations.Nullable;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.system.MemoryUtil;

/**
 * Opus packets to mono sound, by libopus (which mixes stereo down itself). Adds no delay of its own; the encoder's look-ahead, 2.5 to
 * 6.5 ms that a receiver cannot know, is left in.
 */
final class OpusDecoder implements SoundDecoder {
    private final int sampleRate;
    private final ShortBuffer pcm = MemoryUtil.memAllocShort(OpusPacket.MAX_SAMPLES);
    private ByteBuffer data = MemoryUtil.memAlloc(1_500);
    private long decoder;

    OpusDecoder(int sampleRate) {
        this.sampleRate = sampleRate;
        try (MemoryStack stack = MemoryStack.stackPush()) {
            IntBuffer error = stack.mallocInt(1);
            decoder = opus_decoder_create(sampleRate, 1, error);
            if (decoder == MemoryUtil.NULL || error.get(0) != OPUS_OK) {
                close();
                throw failure("opening a decoder", error.get(0));
            }
        }
    }

    /** Loads libopus now rather than with the first packet, whose speaker would wait a second for their words. */
    static void load() {
        new OpusDecoder(SoundDecoder.TO_RECOGNISE).close();
    }

    /** @throws HansardException MEDIA_FAILED when libopus refuses the packet; the next one may be decoded */
    @Override
    public short[] decode(byte[] payload) {
        int most = OpusPacket.samples(payload)
                .orElseThrow(() -> new HansardException(ErrorCode.MEDIA_FAILED, "no Opus packet"));
        return decoded(given(payload), atThisRate(most), false);
    }

    /** RFC 6716 section 2.1.7: a packet may carry the one before it once more, coarser. */
    @Override
    public int carried(byte[] next) {
        int samples = OpusPacket.samples(next).orElse(0);
        return samples > 0 && opus_packet_has_lbrr(given(next)) == 1 ? atThisRate(samples) : 0;
    }

    @Override
    public short[] recovered(byte[] next) {
        return decoded(given(next), carried(next), true);
    }

    /** RFC 6716 section 4.4, by the decoder's own extrapolation: no network that has learnt how speech goes on. */
    @Override
    public short[] concealed(int samples) {
        int step = sampleRate / 400; // it is asked for in multiples of 2.5 ms
        int whole = Math.min(samples, atThisRate(OpusPacket.MAX_SAMPLES)) / step * step;
        return whole == 0 ? NOTHING : decoded(null, whole, false);
    }

    @Override
    public int sampleRate() {
        return sampleRate;
    }

    /** Every length of a frame is whole at every rate of libopus. */
    private int atThisRate(int samples) {
        return samples / (OpusPacket.SAMPLE_RATE / sampleRate);
    }

    private ByteBuffer given(byte[] payload) {
        if (payload.length > data.capacity()) {
            MemoryUtil.memFree(data);
            data = MemoryUtil.memAlloc(payload.length);
        }
        return data.clear().put(payload).flip();
    }

    private short[] decoded(@Nullable ByteBuffer packet, int most, boolean fromNext) {
        int count = opus_decode(decoder, packet, pcm, most, fromNext ? 1 : 0);
        if (count < 0) {
            throw failure("decoding a packet", count);
        }
        short[] samples = new short[count];
        pcm.get(0, samples);
        return samples;
    }

    private static HansardException failure(String what, int code) {
        return new HansardException(ErrorCode.MEDIA_FAILED, "libopus: " + what + ": " + code);
    }

    @Override
    public void close() {
        if (decoder != MemoryUtil.NULL) {
            opus_decoder_destroy(decoder);
            decoder = MemoryUtil.NULL;
        }
        MemoryUtil.memFree(pcm);
        MemoryUtil.memFree(data);
    }
}

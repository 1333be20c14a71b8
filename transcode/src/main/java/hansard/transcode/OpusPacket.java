package hansard.transcode;

import java.util.OptionalInt;

/**
 * How long an Opus packet plays, from its first bytes (RFC 6716 section 3.1).
 *
 * <pre>
 *   0 1 2 3 4 5 6 7      code 0: one frame     code 1: two of equal size
 *  +-+-+-+-+-+-+-+-+     code 2: two frames    code 3: the next byte's low 6 bits
 *  | config  |s| c |
 *  +-+-+-+-+-+-+-+-+
 * </pre>
 */
final class OpusPacket {
    /** All Opus times are in samples of this rate, whatever was encoded. */
    static final int SAMPLE_RATE = 48_000;
    /** 120 ms: no packet plays longer (section 3.2.5, R5). */
    static final int MAX_SAMPLES = 5_760;

    /** Of the first byte: more than one channel, or more than one frame. */
    static final int STEREO_OR_MORE_FRAMES = 0x07;

    private static final int[] SILK_SAMPLES = {480, 960, 1_920, 2_880};
    private static final int[] HYBRID_SAMPLES = {480, 960};
    private static final int[] CELT_SAMPLES = {120, 240, 480, 960};

    private OpusPacket() {}

    /** Samples at 48 kHz, or empty when the bytes cannot be an Opus packet. */
    static OptionalInt samples(byte[] packet) {
        if (packet.length == 0) {
            return OptionalInt.empty(); // R1: at least one byte
        }
        int toc = packet[0] & 0xff;
        int frames = frameCount(toc & 3, packet);
        int samples = frames * frameSamples(toc >> 3);
        return frames == 0 || samples > MAX_SAMPLES ? OptionalInt.empty() : OptionalInt.of(samples);
    }

    /** 0 when impossible. */
    private static int frameCount(int code, byte[] packet) {
        return switch (code) {
            case 0 -> 1;
            case 1, 2 -> 2;
            default -> packet.length < 2 ? 0 : packet[1] & 0x3f; // R6, R7
        };
    }

    /** Table 2. */
    private static int frameSamples(int config) {
        if (config < 12) {
            return SILK_SAMPLES[config & 3];
        }
        return config < 16 ? HYBRID_SAMPLES[config & 1] : CELT_SAMPLES[config & 3];
    }
}

package hansard.transcode;

import static org.lwjgl.util.opus.Opus.opus_packet_has_lbrr;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.Redaction;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.lwjgl.system.MemoryUtil;

/**
 * A track's packets without what was said where its transcript has redactions: each packet that plays in such a stretch is replaced by one
 * of the same length that says silence, the others are passed byte for byte. Pure: what becomes of a packet depends on it and its time alone.
 */
final class RedactedSound {
    /**
     * CELT's frame of silence (RFC 6716 section 4.3: the first symbol, of probability 1/32768, is the silence flag). A packet without any
     * frame byte would be shorter; it asks the decoder to go on with what it last heard.
     */
    private static final byte[] CELT_SILENCE = {(byte) 0xff, (byte) 0xfe};
    /** Section 3.1, table 2: fullband CELT of 2.5, 5, 10 and 20 ms. */
    private static final int FIRST_CELT_CONFIG = 28;

    private static final int[] CELT_SAMPLES = {120, 240, 480, 960};
    private static final int STEREO = 4;

    private final Codec codec;
    private final List<Redaction> redactions;

    /** How the packets of a codec are read and silenced. */
    private sealed interface Codec {
        record Opus() implements Codec {}

        record Telephone(TelephoneCodec codec, int channels) implements Codec {}
    }

    /**
     * @param codec as it was announced: opus, pcmu, pcma, g722
     * @throws HansardException MEDIA_FAILED for a codec whose packets cannot be silenced here
     */
    RedactedSound(String codec, int channels, List<Redaction> redactions) {
        this.redactions = List.copyOf(redactions);
        String name = codec.toLowerCase(Locale.ROOT);
        this.codec = name.equals("opus")
                ? new Codec.Opus()
                : new Codec.Telephone(
                        TelephoneCodec.of(name, channels)
                                .orElseThrow(() -> new HansardException(
                                        ErrorCode.MEDIA_FAILED, "no silence is known for packets of " + codec)),
                        channels);
    }

    /**
     * @param startMicros when the packet's first sample was spoken
     * @return the packet itself, or one that says silence for as long
     */
    byte[] passed(long startMicros, byte[] packet) {
        long duration = durationMicros(packet);
        boolean plays = isRedacted(startMicros, startMicros + duration);
        // in-band repair (section 2.1.7): the packet after one that is replaced, or lost, may carry it once more
        boolean repeats = isRedacted(startMicros - duration, startMicros) && carriesEarlier(packet);
        return plays || repeats ? silence(packet) : packet;
    }

    private boolean isRedacted(long startMicros, long endMicros) {
        return redactions.stream().anyMatch(r -> r.startMicros() < endMicros && r.endMicros() > startMicros);
    }

    private long durationMicros(byte[] packet) {
        return switch (codec) {
            case Codec.Opus ignored -> samples(packet) * 1_000L / 48;
            case Codec.Telephone t -> packet.length * 1_000_000L / (TelephoneCodec.BYTES_A_SECOND * t.channels());
        };
    }

    private boolean carriesEarlier(byte[] packet) {
        return switch (codec) {
            case Codec.Opus ignored -> {
                ByteBuffer given = MemoryUtil.memAlloc(packet.length);
                try {
                    yield opus_packet_has_lbrr(given.put(packet).flip()) == 1;
                } finally {
                    MemoryUtil.memFree(given);
                }
            }
            case Codec.Telephone ignored -> false;
        };
    }

    private byte[] silence(byte[] packet) {
        return switch (codec) {
            case Codec.Opus ignored -> celtSilence(samples(packet), packet[0] & STEREO);
            case Codec.Telephone t -> {
                byte[] silence = new byte[packet.length];
                Arrays.fill(silence, t.codec().silence);
                yield silence;
            }
        };
    }

    private static int samples(byte[] packet) {
        return OpusPacket.samples(packet)
                .orElseThrow(
                        () -> new HansardException(ErrorCode.MEDIA_FAILED, "no Opus packet: it cannot be silenced"));
    }

    /** Section 3.2.2 for one frame, 3.2.5 for several of equal length. */
    private static byte[] celtSilence(int samples, int channels) {
        int size = CELT_SAMPLES.length - 1;
        while (samples % CELT_SAMPLES[size] != 0) {
            size--;
        }
        int frames = samples / CELT_SAMPLES[size];
        int head = frames == 1 ? 1 : 2;
        byte[] packet = new byte[head + frames * CELT_SILENCE.length];
        packet[0] = (byte) (FIRST_CELT_CONFIG + size << 3 | channels | (frames == 1 ? 0 : 3));
        if (frames > 1) {
            packet[1] = (byte) frames;
        }
        for (int i = 0; i < frames; i++) {
            System.arraycopy(CELT_SILENCE, 0, packet, head + i * CELT_SILENCE.length, CELT_SILENCE.length);
        }
        return packet;
    }
}

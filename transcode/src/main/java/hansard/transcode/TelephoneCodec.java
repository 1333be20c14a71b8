package hansard.transcode;

import java.util.Optional;

/**
 * The codecs of telephony whose packets are nothing but samples, {@value #BYTES_A_SECOND} bytes a second and channel: ITU-T G.711 and, with
 * two 16 kHz samples to a byte, G.722.
 */
enum TelephoneCodec {
    PCMU("pcm_mulaw", 8_000, (byte) 0xff),
    PCMA("pcm_alaw", 8_000, (byte) 0xd5),
    G722("g722", 16_000, (byte) 0xff);

    static final int BYTES_A_SECOND = 8_000;

    /** FFmpeg's name of the decoder. */
    final String decoder;
    /** Of the sound. The RTP clock runs at 8,000 for all of them (RFC 3551 section 4.5.2). */
    final int sampleRate;
    /**
     * The code for a sample of zero. G.722 has none, for what a code means depends on those before it: of its smallest step, in both bands, it
     * fades in 20 ms to 59 dB below full scale.
     */
    final byte silence;

    TelephoneCodec(String decoder, int sampleRate, byte silence) {
        this.decoder = decoder;
        this.sampleRate = sampleRate;
        this.silence = silence;
    }

    /** The codec of that name. G.722 has one channel. */
    static Optional<TelephoneCodec> of(String name, int channels) {
        return switch (name) {
            case "pcmu" -> Optional.of(PCMU);
            case "pcma" -> Optional.of(PCMA);
            case "g722" -> channels == 1 ? Optional.of(G722) : Optional.empty();
            default -> Optional.empty();
        };
    }

    /** How its packets are kept, as they came. */
    TrackFormat format(int channels) {
        return this == G722 ? new TrackFormat.G722() : new TrackFormat.G711(this, channels);
    }
}

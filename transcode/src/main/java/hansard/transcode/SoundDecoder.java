package hansard.transcode;

import hansard.wire.MediaKind;
import hansard.wire.SpeechRecord;
import hansard.wire.StreamDescription;

/** A track's packets to mono sound, in order. */
interface SoundDecoder extends AutoCloseable {
    /** Samples a second for who plays the sound. */
    int TO_PLAY = OpusPacket.SAMPLE_RATE;
    /** Samples a second for who recognises speech in it: what is above 8 kHz is left out, which costs less. */
    int TO_RECOGNISE = SpeechRecord.SAMPLE_RATE;

    short[] NOTHING = {};

    /** Samples a second of what it gives: {@link #TO_PLAY} or {@link #TO_RECOGNISE}. */
    int sampleRate();

    /** @throws hansard.runtime.HansardException MEDIA_FAILED when the packet is refused; the next one may be decoded */
    short[] decode(byte[] payload);

    /** How many samples of the packet before it, which was lost, a packet carries; 0 when none. */
    default int carried(byte[] next) {
        return 0;
    }

    /** Those samples. The packet itself is decoded afterwards. */
    default short[] recovered(byte[] next) {
        return NOTHING;
    }

    /** How the sound may have gone on, at most so many samples; nothing from a codec that does not say how. */
    default short[] concealed(int samples) {
        return NOTHING;
    }

    @Override
    void close();

    /** Whether there is one for a stream: for a codec that it may be in. */
    static boolean hears(StreamDescription stream) {
        return stream.kind() == MediaKind.AUDIO
                && (hears(stream.codec(), stream.channels())
                        || stream.payloadTypes().keySet().stream()
                                .map(stream::codec)
                                .anyMatch(codec -> hears(codec.name(), codec.channels())));
    }

    private static boolean hears(String codec, int channels) {
        return codec.equals("opus") || TelephoneCodec.of(codec, channels).isPresent();
    }

    /** The decoder of a codec that is heard. @param sampleRate {@link #TO_PLAY} or {@link #TO_RECOGNISE} */
    static SoundDecoder of(String codec, int channels, int sampleRate) {
        return TelephoneCodec.of(codec, channels)
                .<SoundDecoder>map(known -> new TelephoneDecoder(known, channels == 2 ? 2 : 1, sampleRate))
                .orElseGet(() -> new OpusDecoder(sampleRate));
    }
}

package hansard.transcode;

import hansard.wire.MediaKind;
import hansard.wire.StreamDescription;

/** A track's packets to 48 kHz mono, in order. */
interface SoundDecoder extends AutoCloseable {
    /** @throws hansard.runtime.HansardException MEDIA_FAILED when the packet is refused; the next one may be decoded */
    short[] decode(byte[] payload);

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

    /** The decoder of a codec that is heard. */
    static SoundDecoder of(String codec, int channels) {
        return TelephoneCodec.of(codec, channels)
                .<SoundDecoder>map(known -> new TelephoneDecoder(known, channels == 2 ? 2 : 1))
                .orElseGet(OpusDecoder::new);
    }
}

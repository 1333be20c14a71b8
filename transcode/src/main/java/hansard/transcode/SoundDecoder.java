package hansard.transcode;

import hansard.wire.StreamDescription;

/** A track's packets to 48 kHz mono, in order. */
interface SoundDecoder extends AutoCloseable {
    /** @throws hansard.runtime.HansardException MEDIA_FAILED when the packet is refused; the next one may be decoded */
    short[] decode(byte[] payload);

    @Override
    void close();

    /** Whether there is one for a stream. */
    static boolean hears(StreamDescription stream) {
        return stream.codec().equals("opus")
                || TelephoneCodec.of(stream.codec(), stream.channels()).isPresent();
    }

    /** The decoder of a codec that is heard. */
    static SoundDecoder of(String codec, int channels) {
        return TelephoneCodec.of(codec, channels)
                .<SoundDecoder>map(known -> new TelephoneDecoder(known, channels == 2 ? 2 : 1))
                .orElseGet(OpusDecoder::new);
    }
}

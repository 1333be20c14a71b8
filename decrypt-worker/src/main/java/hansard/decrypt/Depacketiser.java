package hansard.decrypt;

import hansard.wire.StreamDescription;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Makes a frame of the payloads of its packets. Stateless; the payloads are untrusted bytes of an authentic sender. */
sealed interface Depacketiser permits OpusDepacketiser, Vp8Depacketiser, H264Depacketiser {
    /** True when every packet is a frame. */
    boolean isOnePacketPerFrame();

    /**
     * The frame, or null when its beginning is missing or the payloads do not make one.
     *
     * @param payloads without padding, in order, none missing between them, none empty
     */
    @Nullable
    EncodedFrame assemble(List<byte[]> payloads);

    /** Whether a decoder can begin with a frame. */
    boolean isKeyframe(byte[] frame);

    /**
     * The depacketiser of a stream, or null for one whose packets stay sealed. So do those of H.264 that is sealed end to end: RFC 6184
     * finds a frame's units by their first bytes, which SFrame has encrypted, and senders differ in what they leave in clear.
     */
    static @Nullable Depacketiser of(StreamDescription stream) {
        Depacketiser codec = of(stream.codec());
        return stream.isEndToEndEncrypted() && codec instanceof H264Depacketiser ? null : codec;
    }

    /** The depacketiser of a codec, or null for one whose packets stay sealed. */
    static @Nullable Depacketiser of(String codec) {
        return switch (codec.toLowerCase(Locale.ROOT)) {
            case "opus" -> new OpusDepacketiser();
            case "vp8" -> new Vp8Depacketiser();
            case "h264" -> new H264Depacketiser();
            default -> null;
        };
    }
}

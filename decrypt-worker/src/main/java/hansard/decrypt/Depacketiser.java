package hansard.decrypt;

import hansard.wire.MediaKind;
import hansard.wire.StreamDescription;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Makes a frame of the payloads of its packets. Stateless; the payloads are untrusted bytes of an authentic sender. */
sealed interface Depacketiser
        permits PacketDepacketiser,
                EventDepacketiser,
                Vp8Depacketiser,
                Vp9Depacketiser,
                H264Depacketiser,
                Av1Depacketiser {
    /** True when every packet is a frame. */
    boolean isOnePacketPerFrame();

    /**
     * The frame, or null when its beginning is missing or the payloads do not make one.
     *
     * @param payloads without padding, in order, none missing between them, none empty
     */
    @Nullable
    EncodedFrame assemble(List<byte[]> payloads);

    /** Whether a payload, without padding, is the first of a frame that a decoder can begin with. */
    boolean beginsKeyframe(byte[] payload);

    /** Whether a decoder can begin with a frame. */
    boolean isKeyframe(byte[] frame);

    /**
     * The depacketiser of a stream, or null for one whose packets stay sealed. So do those of H.264 and AV1 that are sealed end to end:
     * both are put together by the first bytes of their units, which SFrame has encrypted, and senders differ in what they leave in
     * clear. VP9 is put together by its descriptor; but its superframes are not, so it waits for somebody who sends it.
     */
    static @Nullable Depacketiser of(StreamDescription stream) {
        Depacketiser codec = of(stream.codec());
        boolean needsClear = codec instanceof H264Depacketiser
                || codec instanceof Av1Depacketiser
                || codec instanceof Vp9Depacketiser;
        return stream.isEndToEndEncrypted() && needsClear ? null : codec;
    }

    /**
     * The depacketiser of what a stream may carry beside the codec it begins with, or null for what stays sealed: another codec of the same
     * kind, and events. Nothing is beside a codec that is sealed end to end.
     */
    static @Nullable Depacketiser beside(StreamDescription stream, String encoding) {
        boolean fits = encoding.equals("telephone-event")
                ? stream.kind() == MediaKind.AUDIO
                : isVideo(encoding) == (stream.kind() == MediaKind.VIDEO);
        return !fits || stream.isEndToEndEncrypted() ? null : of(encoding);
    }

    /** The depacketiser of an encoding, or null for one whose packets stay sealed. */
    static @Nullable Depacketiser of(String encoding) {
        return switch (encoding.toLowerCase(Locale.ROOT)) {
            case "opus", "pcmu", "pcma", "g722" -> new PacketDepacketiser();
            case "telephone-event" -> new EventDepacketiser();
            case "vp8" -> new Vp8Depacketiser();
            case "vp9" -> new Vp9Depacketiser();
            case "h264" -> new H264Depacketiser();
            case "av1" -> new Av1Depacketiser();
            default -> null;
        };
    }

    private static boolean isVideo(String encoding) {
        Depacketiser known = of(encoding);
        return known != null && !known.isOnePacketPerFrame();
    }
}

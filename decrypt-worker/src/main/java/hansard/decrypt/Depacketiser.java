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
     * The depacketiser of what a stream may carry beside its codec, or null for what stays sealed. Its media clock runs at one rate, so
     * another codec must be of the same (RFC 7160 section 4.1 asks senders for a new SSRC else); events have the rate of the audio they
     * are sent with (RFC 4733 section 2.5.1.2). Nothing is beside a codec that is sealed end to end.
     */
    static @Nullable Depacketiser beside(StreamDescription stream, String encoding) {
        String name = encoding.toLowerCase(Locale.ROOT);
        boolean fits = name.equals("telephone-event")
                ? stream.kind() == MediaKind.AUDIO
                : clockRate(name) == stream.clockRate() && isVideo(name) == (stream.kind() == MediaKind.VIDEO);
        return !fits || stream.isEndToEndEncrypted() || of(stream.codec()) == null ? null : of(name);
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

    /** RFC 7587 section 4.1; RFC 3551 table 4, by whose error G.722 has 8,000 for its 16 kHz; video has 90,000. */
    private static int clockRate(String encoding) {
        return switch (encoding) {
            case "opus" -> 48_000;
            case "pcmu", "pcma", "g722" -> 8_000;
            default -> 90_000;
        };
    }
}

package hansard.wire;

import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One RTP stream as the SFU forks it: what must be known to place, open and depacketise it. Holds no key.
 *
 * <p>A stream is a track of the recording; its {@code streamId} is the track's name too. Where its sender may change from one codec to
 * another, each has a payload type, and {@code codec}, {@code clockRate} and {@code channels} are those it begins with.
 *
 * @param streamId unique over all calls; letters, digits, {@code . _ -}, not beginning with a dot, like callId and tenant
 * @param codec lower case: {@code opus}, {@code pcmu}, {@code pcma}, {@code g722}, {@code vp8}, {@code vp9}, {@code h264}, {@code
 *     av1}. Others are recorded sealed and never opened into frames
 * @param clockRate RTP timestamp units a second
 * @param channels audio channels; 0 for video
 * @param payloadTypes payload type to encoding, of all that may arrive on the stream: a name, and where the encoding has such,
 *     format parameters behind it, such as {@code rtx;apt=96}; {@link Codec#of} reads it
 * @param headerExtensions RFC 8285 id to URI
 * @param srtp how its packets are sealed
 * @param ssrc the expected SSRC, or null for whichever comes first
 * @param port the UDP port the ingest listens on for it
 * @param captureTimes true when every datagram is preceded by 8 bytes, the microseconds since 1970 at which it was captured:
 *     a replay of a capture. Never set by an SFU
 * @param label the SFU's own name for it, such as the mid; may be empty
 * @param frameCipher name of the SFrame cipher suite (RFC 9605 section 4.5) when the participants seal each encoded frame end to
 *     end, such as {@code AES_128_GCM_SHA256_128}; empty when they do not
 * @param content what it shows or lets hear
 * @param simulcast its layers, when it is one picture in several sizes; else null
 * @param language what is expected to be spoken on it, a BCP 47 tag such as {@code de-CH}; empty when nobody says
 */
public record StreamDescription(
        String streamId,
        String callId,
        String tenant,
        String participantId,
        MediaKind kind,
        String codec,
        int clockRate,
        int channels,
        Map<Integer, String> payloadTypes,
        Map<Integer, String> headerExtensions,
        Srtp srtp,
        @Nullable Long ssrc,
        int port,
        boolean captureTimes,
        String label,
        String frameCipher,
        MediaContent content,
        @Nullable Simulcast simulcast,
        String language) {
    /**
     * The SRTP session as far as it is no secret (RFC 3711 section 3.2).
     *
     * @param suite SDES name (RFC 4568, RFC 6188, RFC 7714) of the crypto suite
     * @param initialRoc rollover counter when the fork began (section 3.2.1), or null when nobody knows: then it is found by
     *     authentication
     * @param keyDerivationRate packets after which the session keys are derived anew (section 4.3.1): 0 for never, or a power of
     *     two up to 2^24
     */
    public record Srtp(String suite, @Nullable Long initialRoc, long keyDerivationRate) {
        public Srtp {
            Objects.requireNonNull(suite, "suite");
        }

        /** Of a fork that begins with rollover counter 0 and derives its keys once, as SFUs do. */
        public static Srtp fresh(String suite) {
            return new Srtp(suite, 0L, 0);
        }
    }

    private static final Pattern APT = Pattern.compile(";\\s*apt=([0-9]{1,3})\\s*(;|$)");

    public StreamDescription {
        Objects.requireNonNull(streamId, "streamId");
        Objects.requireNonNull(callId, "callId");
        Objects.requireNonNull(tenant, "tenant");
        Objects.requireNonNull(participantId, "participantId");
        if (!Names.isName(streamId) || !Names.isName(callId) || !Names.isName(tenant)) {
            throw new IllegalArgumentException(
                    "streamId, callId and tenant are 1 to 200 letters, digits, '.', '_' or '-', not beginning with '.'");
        }
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(codec, "codec");
        Objects.requireNonNull(srtp, "srtp");
        Objects.requireNonNull(label, "label");
        Objects.requireNonNull(frameCipher, "frameCipher");
        content = content == null ? MediaContent.usual(kind) : content; // absent in what earlier releases wrote
        language = language == null ? "" : language; // likewise
        payloadTypes = Map.copyOf(payloadTypes);
        headerExtensions = Map.copyOf(headerExtensions);
    }

    /** Of a camera or a microphone, in one size. */
    public StreamDescription(
            String streamId,
            String callId,
            String tenant,
            String participantId,
            MediaKind kind,
            String codec,
            int clockRate,
            int channels,
            Map<Integer, String> payloadTypes,
            Map<Integer, String> headerExtensions,
            Srtp srtp,
            @Nullable Long ssrc,
            int port,
            boolean captureTimes,
            String label,
            String frameCipher) {
        this(
                streamId,
                callId,
                tenant,
                participantId,
                kind,
                codec,
                clockRate,
                channels,
                payloadTypes,
                headerExtensions,
                srtp,
                ssrc,
                port,
                captureTimes,
                label,
                frameCipher,
                MediaContent.usual(kind),
                null,
                "");
    }

    /** The same, of such content and in such layers. */
    public StreamDescription of(MediaContent shown, @Nullable Simulcast in) {
        return with(shown, in, language);
    }

    /** The same, with such a language spoken. */
    public StreamDescription speaking(String tag) {
        return with(content, simulcast, tag);
    }

    private StreamDescription with(MediaContent shown, @Nullable Simulcast in, String spoken) {
        return new StreamDescription(
                streamId,
                callId,
                tenant,
                participantId,
                kind,
                codec,
                clockRate,
                channels,
                payloadTypes,
                headerExtensions,
                srtp,
                ssrc,
                port,
                captureTimes,
                label,
                frameCipher,
                shown,
                in,
                spoken);
    }

    /**
     * The encoding that a payload type stands for, without parameters; empty for a type that was not announced. Where none was, all
     * packets are of the stream's codec.
     */
    public String encoding(int payloadType) {
        if (payloadTypes.isEmpty()) {
            return codec;
        }
        return Codec.of(payloadTypes.getOrDefault(payloadType, "")).name();
    }

    /**
     * The codec that a payload type stands for; that which the stream was announced with for {@link Frame#OF_THE_CODEC}, and {@link
     * Codec#NONE} for a type that was not announced.
     */
    public Codec codec(int payloadType) {
        if (payloadType == Frame.OF_THE_CODEC || payloadTypes.isEmpty()) {
            return new Codec(codec, clockRate, channels);
        }
        String announced = payloadTypes.get(payloadType);
        if (announced == null) {
            return Codec.NONE;
        }
        Codec known = Codec.of(announced);
        return known.name().equals(codec) ? new Codec(codec, clockRate, channels) : known;
    }

    /** Whether a payload type is that of packets sent again (RFC 4588). */
    public boolean isRetransmission(int payloadType) {
        return encoding(payloadType).equalsIgnoreCase("rtx");
    }

    /**
     * The payload type of the media in a packet: its own, or of a packet sent again that of the first, which its {@code apt} names (RFC
     * 4588 section 8.1). Without an {@code apt} it is of the stream's codec; -1 when that has no payload type.
     */
    public int mediaType(int payloadType) {
        if (!isRetransmission(payloadType)) {
            return payloadType;
        }
        Matcher apt = APT.matcher(payloadTypes.getOrDefault(payloadType, ""));
        return apt.find()
                ? Integer.parseInt(apt.group(1))
                : payloadTypes.keySet().stream()
                        .filter(type -> encoding(type).equalsIgnoreCase(codec))
                        .min(Integer::compare)
                        .orElse(-1);
    }

    /** Whether its frames are sealed end to end, under keys that only the participants have unless they are released. */
    public boolean isEndToEndEncrypted() {
        return !frameCipher.isEmpty();
    }
}

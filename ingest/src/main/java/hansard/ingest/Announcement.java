package hansard.ingest;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.MediaContent;
import hansard.wire.MediaKind;
import hansard.wire.SealedSessionKeys.FrameKey;
import hansard.wire.SealedSessionKeys.MasterKey;
import hansard.wire.Simulcast;
import hansard.wire.StreamDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A connector's wish to have a stream recorded, checked.
 *
 * @param streamId null to be given one
 * @param masterKey the CMS message as it came: the ingest looks at nothing but its length
 * @param frameKeys SFrame base keys that are released from the start, likewise
 * @param port null to be given one
 * @param warnings what the connector should know although the stream is accepted
 */
record Announcement(
        @Nullable String streamId,
        String participantId,
        MediaKind kind,
        CodecFields codecs,
        Map<Integer, String> headerExtensions,
        StreamDescription.Srtp srtp,
        MasterKey masterKey,
        List<FrameKey> frameKeys,
        @Nullable Long ssrc,
        @Nullable Integer port,
        boolean captureTimes,
        String label,
        String frameCipher,
        MediaContent content,
        @Nullable Simulcast simulcast,
        String language,
        List<String> warnings) {
    private static final List<String> SUITES = List.of(
            "AES_CM_128_HMAC_SHA1_80",
            "AES_CM_128_HMAC_SHA1_32",
            "AES_256_CM_HMAC_SHA1_80",
            "AES_256_CM_HMAC_SHA1_32",
            "AEAD_AES_128_GCM",
            "AEAD_AES_256_GCM");
    /** RFC 9605 section 4.5. */
    private static final List<String> FRAME_CIPHERS = List.of(
            "AES_128_CTR_HMAC_SHA256_80",
            "AES_128_CTR_HMAC_SHA256_64",
            "AES_128_CTR_HMAC_SHA256_32",
            "AES_128_GCM_SHA256_128",
            "AES_256_GCM_SHA512_128");

    /** Language, and further subtags (RFC 5646 section 2.1), as far as a choice of models needs them. */
    private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}");

    /** Later stages give these names to what they make of a call's streams, and seal it under keys of these names. */
    private static final Pattern TAKEN = Pattern.compile("mix|composite|completeness|.*\\.(told|redacted)");

    private static final long MAX_U32 = 0xffff_ffffL;

    Announcement {
        headerExtensions = Map.copyOf(headerExtensions);
        frameKeys = List.copyOf(frameKeys);
        warnings = List.copyOf(warnings);
    }

    static Announcement from(Fields f, IngestConfig config) {
        List<String> warnings = new ArrayList<>();
        String streamId = f.optionalId("streamId");
        if (streamId != null && TAKEN.matcher(streamId).matches()) {
            f.problem(
                    "streamId",
                    "is '" + streamId
                            + "': mix, composite, completeness and what ends in .told or .redacted are names of"
                            + " what is made of a call; take another, or leave it out to be given one");
        }
        String participantId = f.id("participantId");
        MediaKind kind = f.choice("kind", Set.of("audio", "video")).equals("video") ? MediaKind.VIDEO : MediaKind.AUDIO;
        CodecFields codecs = CodecFields.from(f, kind, warnings);
        Announcement announcement = new Announcement(
                streamId,
                participantId,
                kind,
                codecs,
                f.numbered("headerExtensions", 1, 255, 256),
                srtp(f),
                KeyFields.masterKey(f),
                f.given("frameKeys") ? KeyFields.frameKeys(f) : List.of(),
                f.optionalNumber("ssrc", 0, MAX_U32),
                port(f, config),
                f.flag("captureTimes"),
                f.text("label", 200),
                frameCipher(f),
                content(f, kind),
                LayerFields.from(f, kind),
                language(f),
                warnings);
        if (!announcement.frameKeys.isEmpty() && announcement.frameCipher.isEmpty()) {
            f.problem("frameKeys", "are given without a frameCipher: say which SFrame cipher suite they are for");
        }
        f.check();
        if (announcement.captureTimes && !config.replay()) {
            throw new HansardException(
                    ErrorCode.BAD_REQUEST,
                    "captureTimes is true: this ingest takes arrival times from its own clock only; replays of captures need the"
                            + " setting ingest.replay: true");
        }
        return announcement;
    }

    private static MediaContent content(Fields f, MediaKind kind) {
        String word = f.text("content", 64);
        MediaContent content = MediaContent.of(word, kind);
        if (content == null) {
            f.problem(
                    "content",
                    "is '" + word + "': must be camera, microphone or screen, as the kind has it, or left out");
            return MediaContent.usual(kind);
        }
        return content;
    }

    private static String language(Fields f) {
        String tag = f.text("language", 35);
        if (!tag.isEmpty() && !LANGUAGE.matcher(tag).matches()) {
            f.problem("language", "is '" + tag + "': must be a BCP 47 tag such as en, de-CH or pt-BR, or left out");
        }
        return tag;
    }

    private static StreamDescription.Srtp srtp(Fields f) {
        String suite = f.text("suite", 64);
        if (!SUITES.contains(suite)) {
            f.problem(
                    "suite",
                    (suite.isEmpty() ? "is missing" : "is '" + suite + "'") + ": supported are "
                            + String.join(", ", SUITES));
        }
        long rate = orZero(f.optionalNumber("keyDerivationRate", 0, 1 << 24));
        if (Long.bitCount(rate) > 1) { // RFC 3711 section 4.3.1
            f.problem("keyDerivationRate", "is " + rate + ": must be 0 or a power of two up to 2^24");
        }
        return new StreamDescription.Srtp(suite, f.optionalNumber("initialRoc", 0, MAX_U32), rate);
    }

    private static String frameCipher(Fields f) {
        String cipher = f.text("frameCipher", 64);
        if (!cipher.isEmpty() && !FRAME_CIPHERS.contains(cipher)) {
            f.problem("frameCipher", "is '" + cipher + "': supported are " + String.join(", ", FRAME_CIPHERS));
        }
        return cipher;
    }

    private static @Nullable Integer port(Fields f, IngestConfig config) {
        Long port = f.optionalNumber("port", config.udpFirstPort(), config.udpLastPort());
        if (port != null && port == config.sharedPort()) {
            f.problem(
                    "port",
                    "is " + port + ", which is ingest.udp.shared-port: leave port out and give the ssrc to use it");
        }
        return port == null ? null : port.intValue();
    }

    private static long orZero(@Nullable Long number) {
        return number == null ? 0 : number;
    }

    /** Replayed captures do not share a port: what precedes their header hides the SSRC. */
    boolean wantsSharedPort(IngestConfig config) {
        return config.sharedPort() != 0 && ssrc != null && port == null && !captureTimes;
    }

    StreamDescription describe(String stream, String callId, String tenant, int openPort) {
        return new StreamDescription(
                stream,
                callId,
                tenant,
                participantId,
                kind,
                codecs.codec(),
                codecs.clockRate(),
                codecs.channels(),
                codecs.payloadTypes(),
                headerExtensions,
                srtp,
                ssrc,
                openPort,
                captureTimes,
                label,
                frameCipher,
                content,
                simulcast,
                language);
    }
}

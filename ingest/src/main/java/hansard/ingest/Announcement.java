package hansard.ingest;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.MediaKind;
import hansard.wire.SealedSessionKeys.FrameKey;
import hansard.wire.SealedSessionKeys.MasterKey;
import hansard.wire.StreamDescription;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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
        String codec,
        int clockRate,
        int channels,
        Map<Integer, String> payloadTypes,
        Map<Integer, String> headerExtensions,
        StreamDescription.Srtp srtp,
        MasterKey masterKey,
        List<FrameKey> frameKeys,
        @Nullable Long ssrc,
        @Nullable Integer port,
        boolean captureTimes,
        String label,
        String frameCipher,
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

    private static final Set<String> AUDIO_CODECS = Set.of("opus", "pcmu", "pcma", "g722");
    private static final Set<String> VIDEO_CODECS = Set.of("vp8", "vp9", "h264", "av1");
    private static final long MAX_U32 = 0xffff_ffffL;

    Announcement {
        payloadTypes = Map.copyOf(payloadTypes);
        headerExtensions = Map.copyOf(headerExtensions);
        frameKeys = List.copyOf(frameKeys);
        warnings = List.copyOf(warnings);
    }

    static Announcement from(Fields f, IngestConfig config) {
        List<String> warnings = new ArrayList<>();
        String streamId = f.optionalId("streamId");
        String participantId = f.id("participantId");
        MediaKind kind = f.choice("kind", Set.of("audio", "video")).equals("video") ? MediaKind.VIDEO : MediaKind.AUDIO;
        String codec = codec(f, kind, warnings);
        int clockRate = (int) f.number("clockRate", 1, Integer.MAX_VALUE);
        checkClock(codec, clockRate, warnings);
        Announcement announcement = new Announcement(
                streamId,
                participantId,
                kind,
                codec,
                clockRate,
                channels(f, kind, codec),
                payloadTypes(f),
                f.numbered("headerExtensions", 1, 255, 256),
                srtp(f),
                KeyFields.masterKey(f),
                f.given("frameKeys") ? KeyFields.frameKeys(f) : List.of(),
                f.optionalNumber("ssrc", 0, MAX_U32),
                port(f, config),
                f.flag("captureTimes"),
                f.text("label", 200),
                frameCipher(f),
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

    private static String codec(Fields f, MediaKind kind, List<String> warnings) {
        String codec = f.requiredText("codec", 64).toLowerCase(Locale.ROOT);
        if (codec.isBlank()) {
            return codec;
        }
        if (AUDIO_CODECS.contains(codec) != (kind == MediaKind.AUDIO)
                && (AUDIO_CODECS.contains(codec) || VIDEO_CODECS.contains(codec))) {
            f.problem("codec", "is " + codec + ", which is not " + kind.label() + ": kind and codec must agree");
        } else if (!AUDIO_CODECS.contains(codec) && !VIDEO_CODECS.contains(codec)) {
            warnings.add(
                    "codec " + codec + " is unknown: its packets are kept sealed and not turned into media; supported:"
                            + " opus, pcmu, pcma, g722, vp8, vp9, h264, av1");
        }
        return codec;
    }

    /** RFC 7587 section 4.1, RFC 3551 table 4, RFC 7741 section 6.2 and RFC 6184 section 8.2.1 fix the clock rates. */
    private static void checkClock(String codec, int clockRate, List<String> warnings) {
        int expected = codec.equals("opus")
                ? 48_000
                : AUDIO_CODECS.contains(codec) ? 8_000 : VIDEO_CODECS.contains(codec) ? 90_000 : clockRate;
        if (clockRate != expected) {
            warnings.add("clockRate is " + clockRate + ", but that of " + codec + " is " + expected
                    + ": the recording's times will be wrong by that ratio");
        }
    }

    private static int channels(Fields f, MediaKind kind, String codec) {
        Long channels = f.optionalNumber("channels", 0, 255);
        if (channels != null && (kind == MediaKind.VIDEO) != (channels == 0)) {
            f.problem("channels", "is " + channels + ": must be 1 to 255 for audio, and 0 or absent for video");
        }
        if (channels != null) {
            return channels.intValue();
        }
        return kind == MediaKind.VIDEO ? 0 : codec.equals("opus") ? 2 : 1; // RFC 7587 section 7: opus/48000/2
    }

    private static Map<Integer, String> payloadTypes(Fields f) {
        Map<Integer, String> types = new LinkedHashMap<>();
        f.numbered("payloadTypes", 0, 127, 64).forEach((type, name) -> types.put(type, name.toLowerCase(Locale.ROOT)));
        if (types.isEmpty()) {
            f.problem(
                    "payloadTypes",
                    "is empty or missing: must say which payload type (0 to 127) is which encoding, as {\"111\": \"opus\"}");
        }
        return types;
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
                codec,
                clockRate,
                channels,
                payloadTypes,
                headerExtensions,
                srtp,
                ssrc,
                openPort,
                captureTimes,
                label,
                frameCipher);
    }
}

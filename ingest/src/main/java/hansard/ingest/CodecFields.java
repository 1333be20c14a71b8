package hansard.ingest;

import hansard.wire.Codec;
import hansard.wire.MediaKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What a stream may be in, checked: {@code codec}, {@code clockRate}, {@code channels} and {@code payloadTypes}, or {@code codecs}, a list that
 * says all of it of each.
 *
 * @param codec that the stream begins with, and so {@code clockRate} and {@code channels}
 */
record CodecFields(String codec, int clockRate, int channels, Map<Integer, String> payloadTypes) {
    private static final Set<String> AUDIO_CODECS = Set.of("opus", "pcmu", "pcma", "g722");
    private static final Set<String> VIDEO_CODECS = Set.of("vp8", "vp9", "h264", "av1");
    private static final int MOST_CODECS = 64;

    CodecFields {
        payloadTypes = Map.copyOf(payloadTypes);
    }

    /** @param warnings what the connector should know although the stream is accepted */
    static CodecFields from(Fields f, MediaKind kind, List<String> warnings) {
        if (!f.given("codecs")) {
            String codec = checked(f, "codec", kind, warnings);
            int clockRate = (int) f.number("clockRate", 1, Integer.MAX_VALUE);
            checkClock(codec, clockRate, warnings);
            return new CodecFields(codec, clockRate, channels(f, kind, codec), payloadTypes(f));
        }
        for (String single : List.of("codec", "clockRate", "channels", "payloadTypes")) {
            if (f.given(single)) {
                f.problem(single, "is given beside codecs, which says it: leave one of them out");
            }
        }
        return fromList(f, kind, warnings);
    }

    private static CodecFields fromList(Fields f, MediaKind kind, List<String> warnings) {
        Map<Integer, String> types = new LinkedHashMap<>();
        CodecFields first = new CodecFields("", 1, 0, Map.of());
        for (Fields each : f.each("codecs", MOST_CODECS)) {
            int type = (int) each.number("payloadType", 0, 127);
            String name = each.requiredText("name", 64).toLowerCase(Locale.ROOT);
            Long rate = each.optionalNumber("clockRate", 1, Integer.MAX_VALUE);
            String parameters = each.text("parameters", 200);
            boolean media = Codec.isMedia(name);
            int channels = media ? channels(each, kind, name) : 0;
            if (media) {
                checked(each, "name", kind, warnings);
            }
            int clockRate = rate != null ? rate.intValue() : Codec.fixedClockRate(name);
            if (media && clockRate == 0) {
                each.problem("clockRate", "is missing: nobody here knows that of " + name);
            }
            if (media && clockRate > 0) {
                checkClock(name, clockRate, warnings);
            }
            if (media && first.codec.isEmpty()) {
                first = new CodecFields(name, Math.max(1, clockRate), channels, Map.of());
            }
            if (types.put(type, announced(name, clockRate, channels, parameters)) != null) {
                each.problem("payloadType", "is " + type + ", which another has: each has its own");
            }
        }
        if (first.codec.isEmpty()) {
            f.problem("codecs", "has no media in it: must name the codec that the stream begins with first");
        }
        return new CodecFields(first.codec, first.clockRate, first.channels, types);
    }

    /** As {@link Codec#of} reads it. */
    private static String announced(String name, int clockRate, int channels, String parameters) {
        return name
                + (clockRate > 0 ? "/" + clockRate + (channels > 0 ? "/" + channels : "") : "")
                + (parameters.isEmpty() ? "" : ";" + parameters);
    }

    private static String checked(Fields f, String field, MediaKind kind, List<String> warnings) {
        String codec = f.requiredText(field, 64).toLowerCase(Locale.ROOT);
        if (codec.isBlank()) {
            return codec;
        }
        if (AUDIO_CODECS.contains(codec) != (kind == MediaKind.AUDIO)
                && (AUDIO_CODECS.contains(codec) || VIDEO_CODECS.contains(codec))) {
            f.problem(field, "is " + codec + ", which is not " + kind.label() + ": kind and codec must agree");
        } else if (!AUDIO_CODECS.contains(codec) && !VIDEO_CODECS.contains(codec)) {
            warnings.add(
                    "codec " + codec + " is unknown: its packets are kept sealed and not turned into media; supported:"
                            + " opus, pcmu, pcma, g722, vp8, vp9, h264, av1");
        }
        return codec;
    }

    /** RFC 7587 section 4.1, RFC 3551 table 4, RFC 7741 section 6.2 and RFC 6184 section 8.2.1 fix the clock rates. */
    private static void checkClock(String codec, int clockRate, List<String> warnings) {
        int expected = Codec.fixedClockRate(codec);
        if (expected > 0 && clockRate != expected) {
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
}

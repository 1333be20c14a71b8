package hansard.wire;

import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * An encoding as a stream announces it.
 *
 * @param name lower case
 * @param clockRate RTP timestamp units a second; 0 when nobody said and nobody knows
 * @param channels audio channels; 0 for video
 */
public record Codec(String name, int clockRate, int channels) {
    /** The encoding of a payload type that was not announced. */
    public static final Codec NONE = new Codec("", 0, 0);

    private static final Set<String> BESIDE_MEDIA =
            Set.of("rtx", "red", "telephone-event", "cn", "ulpfec", "flexfec-03");

    private static final int MOST_CHANNELS = 255;

    public Codec {
        Objects.requireNonNull(name, "name");
    }

    /**
     * Reads what is announced of a payload type: {@code opus}, {@code opus/48000/2} as in SDP (RFC 8866 section 6.6), and format
     * parameters behind a semicolon, which are passed over. What is not said is what the encoding's own specification fixes.
     */
    public static Codec of(String announced) {
        int parameters = announced.indexOf(';');
        String[] parts = (parameters < 0 ? announced : announced.substring(0, parameters))
                .strip()
                .toLowerCase(Locale.ROOT)
                .split("/", 3);
        int rate = parts.length > 1 ? number(parts[1], Integer.MAX_VALUE) : 0;
        int channels = parts.length > 2 ? number(parts[2], MOST_CHANNELS) : 0;
        return new Codec(
                parts[0],
                rate > 0 ? rate : fixedClockRate(parts[0]),
                channels > 0 ? channels : fixedChannels(parts[0]));
    }

    /**
     * RFC 7587 section 4.1; RFC 3551 table 4, by whose error G.722 has 8,000 for its 16 kHz; RFC 7741 section 6.2, RFC 9628 section 7,
     * RFC 6184 section 8.2.1 and AOMedia's AV1 payload format for video. 0 for what is not known here.
     */
    public static int fixedClockRate(String name) {
        return switch (name) {
            case "opus" -> 48_000;
            case "pcmu", "pcma", "g722" -> 8_000;
            case "vp8", "vp9", "h264", "av1" -> 90_000;
            default -> 0;
        };
    }

    /** Whether frames can be made of an encoding, or it goes with what they can be made of. */
    public static boolean isKnown(String name) {
        return fixedClockRate(name) > 0 || BESIDE_MEDIA.contains(name);
    }

    /** Whether an encoding is media by itself, and not something that goes with media. */
    public static boolean isMedia(String name) {
        return !name.isEmpty() && !BESIDE_MEDIA.contains(name);
    }

    /** RFC 7587 section 7 has opus/48000/2 always; RFC 3551 section 6 one channel for the others where none is said. */
    private static int fixedChannels(String name) {
        return switch (name) {
            case "opus" -> 2;
            case "pcmu", "pcma", "g722" -> 1;
            default -> 0;
        };
    }

    private static int number(String digits, int most) {
        try {
            int number = Integer.parseInt(digits);
            return number < 0 || number > most ? 0 : number;
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}

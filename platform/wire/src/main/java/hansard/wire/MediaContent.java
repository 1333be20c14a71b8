package hansard.wire;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a stream shows or lets hear, in the words of media servers. */
public enum MediaContent {
    @JsonProperty("camera")
    CAMERA,
    @JsonProperty("microphone")
    MICROPHONE,
    /** A shared screen; of audio, what sounds with it. */
    @JsonProperty("screen")
    SCREEN;

    /** As in JSON: {@code camera}, {@code microphone}, {@code screen}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What a stream is of which nobody says it. */
    public static MediaContent usual(MediaKind kind) {
        return kind == MediaKind.VIDEO ? CAMERA : MICROPHONE;
    }

    /**
     * Our words and those of RFC 4796 section 5; {@code alt} and {@code sl} (sign language) are pictures of people. Null for another.
     */
    public static @Nullable MediaContent of(String word, MediaKind kind) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "screen", "slides" -> SCREEN;
            case "camera" -> kind == MediaKind.VIDEO ? CAMERA : null;
            case "microphone" -> kind == MediaKind.AUDIO ? MICROPHONE : null;
            case "", "main", "speaker", "alt", "sl" -> usual(kind);
            default -> null;
        };
    }
}

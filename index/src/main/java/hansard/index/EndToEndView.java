package hansard.index;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How far what participants sealed end to end can be heard and seen.
 *
 * @param cipher the SFrame cipher suite
 * @param state {@code live} while the stream lasts, then {@code opened}, {@code partly-opened} or {@code key-not-released}
 * @param unopenedFrames frames whose key was not released
 */
record EndToEndView(String cipher, String state, long unopenedFrames) {
    static final String NOT_RELEASED = "end-to-end encrypted, key not released";

    private static final String LIVE = "live";
    private static final String OPENED = "opened";
    private static final String PARTLY_OPENED = "partly-opened";
    private static final String KEY_NOT_RELEASED = "key-not-released";

    static @Nullable EndToEndView of(Track track) {
        if (!track.stream().isEndToEndEncrypted()) {
            return null;
        }
        String state;
        if (track.account() == null) {
            state = LIVE;
        } else if (track.unopened() == 0) {
            state = OPENED;
        } else {
            state = track.object() == null ? KEY_NOT_RELEASED : PARTLY_OPENED;
        }
        return new EndToEndView(track.stream().frameCipher(), state, track.unopened());
    }

    /** Of all tracks that are encrypted end to end together; null when there is none. */
    static @Nullable String stateOf(CallRecord call) {
        List<String> states = call.tracks().values().stream()
                .map(EndToEndView::of)
                .filter(Objects::nonNull)
                .map(EndToEndView::state)
                .distinct()
                .toList();
        if (states.size() <= 1) {
            return states.isEmpty() ? null : states.getFirst();
        }
        return states.contains(LIVE) ? LIVE : PARTLY_OPENED;
    }
}

package hansard.index;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A version of a recording's words as the API shows it.
 *
 * @param version 0 for the first
 * @param model as it was ordered; empty for the first, whose utterances say theirs
 * @param at when the order was taken up, ISO 8601, UTC; null for the first, and until then
 * @param state {@code current}, {@code kept}, {@code waiting} or {@code failed}
 * @param why it failed, or null
 */
record VersionView(
        int version,
        String model,
        String by,
        String reason,
        @JsonInclude(Include.ALWAYS) @Nullable String at,
        String state,
        @Nullable String why) {

    /** All of a call's, the first one first. */
    static List<VersionView> of(CallRecord call, long nowMicros) {
        int current = call.currentVersion();
        List<VersionView> all = new ArrayList<>();
        all.add(new VersionView(0, "", "", "", null, current == 0 ? "current" : "kept", null));
        for (Version v : call.versions()) {
            String why = v.why();
            String state = v.number() == current
                    ? "current"
                    : v.isUsable() ? "kept" : v.isWaiting(nowMicros) ? "waiting" : "failed";
            if (why.isEmpty() && state.equals("failed")) {
                why = "it was not there after a day";
            }
            all.add(new VersionView(
                    v.number(),
                    v.hearing().model(),
                    v.by(),
                    v.reason(),
                    Times.iso(v.atMicros()),
                    state,
                    state.equals("failed") ? why : null));
        }
        return all;
    }
}

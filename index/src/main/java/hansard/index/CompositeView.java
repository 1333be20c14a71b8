package hansard.index;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import hansard.keys.KeyRef;
import hansard.wire.Artifact.StoredObject;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The composite as the API shows it.
 *
 * @param state {@code none}, {@code making}, {@code ready}, {@code failed}, or {@code withheld} for what later words found in its sound
 * @param percent how far it is
 * @param media where to see it, or null
 * @param reason why it failed or is withheld, or null
 */
record CompositeView(
        String state,
        int percent,
        long startMs,
        long durationMs,
        @JsonInclude(Include.ALWAYS) @Nullable String media,
        @JsonInclude(Include.ALWAYS) @Nullable String object,
        @JsonInclude(Include.ALWAYS) @Nullable String sha256,
        @Nullable String reason) {

    static CompositeView of(CallRecord call) {
        Composite composite = call.composite();
        if (composite == null) {
            return new CompositeView("none", 0, 0, 0, null, null, null, null);
        }
        Optional<String> withheld = LaterFindings.inTheMix(call);
        if (withheld.isPresent()) {
            return new CompositeView("withheld", 0, 0, 0, null, null, null, withheld.get());
        }
        StoredObject object = composite.object();
        if (object == null) {
            return new CompositeView(
                    composite.isDone() ? "failed" : "making",
                    composite.thousandths() / 10,
                    0,
                    0,
                    null,
                    null,
                    null,
                    composite.isDone() ? composite.reason() : null);
        }
        return new CompositeView(
                "ready",
                100,
                Times.onClock(composite.startMicros(), call.zeroMicros()),
                composite.durationMicros() / 1_000,
                TrackView.mediaUrl(call, KeyRef.COMPOSITE),
                object.objectKey(),
                object.sha256(),
                null);
    }
}

package hansard.index;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import hansard.keys.KeyRef;
import hansard.wire.Artifact.StoredObject;
import org.jspecify.annotations.Nullable;

/** The mix as the API shows it; nulls until it is made, when no track had audio, and while a track is withheld for what later words found in it. */
record MixView(
        long startMs,
        long durationMs,
        @JsonInclude(Include.ALWAYS) @Nullable String media,
        @JsonInclude(Include.ALWAYS) @Nullable String object,
        @JsonInclude(Include.ALWAYS) @Nullable String sha256) {

    static MixView of(CallRecord call) {
        Mix mix = call.mix();
        StoredObject object = mix == null ? null : mix.object();
        if (mix == null || object == null || LaterFindings.inTheMix(call).isPresent()) {
            return new MixView(0, 0, null, null, null);
        }
        return new MixView(
                Times.onClock(mix.startMicros(), call.zeroMicros()),
                mix.durationMicros() / 1_000,
                TrackView.mediaUrl(call, KeyRef.MIX),
                object.objectKey(),
                object.sha256());
    }
}

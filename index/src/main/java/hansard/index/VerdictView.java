package hansard.index;

import hansard.wire.Completeness;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How whole a recording or a track is, in a line.
 *
 * @param state {@code complete}, {@code gaps} or {@code nothing}
 * @param percentCaptured of the time in which media was due, with one decimal
 */
record VerdictView(
        String state,
        String verdict,
        double percentCaptured,
        long capturedMs,
        long missedMs,
        int gaps,
        long longestGapMs,
        long pausedMs,
        long unplacedMs) {

    static VerdictView of(Completeness.Verdict v) {
        return new VerdictView(
                v.state().name().toLowerCase(Locale.ROOT),
                v.sentence(),
                v.percentCaptured() / 10.0,
                v.capturedMicros() / 1_000,
                v.missedMicros() / 1_000,
                v.gaps(),
                v.longestGapMicros() / 1_000,
                v.pausedMicros() / 1_000,
                v.unplacedMicros() / 1_000);
    }

    /** Of a call; null until it is stated. */
    static @Nullable VerdictView of(CallRecord call) {
        return call.completeness() == null ? null : of(call.completeness().verdict());
    }

    /** Of a track; null until it is stated. */
    static @Nullable VerdictView of(CallRecord call, String streamId) {
        Completeness.Verdict verdict = call.completeness() == null
                ? null
                : call.completeness().tracks().get(streamId);
        return verdict == null ? null : of(verdict);
    }
}

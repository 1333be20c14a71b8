package hansard.index;

import org.jspecify.annotations.Nullable;

/** One found utterance; times in ms on its call's clock. */
record SearchHit(
        String callId,
        String title,
        @Nullable String startedAt,
        String department,
        String client,
        String utteranceId,
        String participant,
        String participantId,
        long startMs,
        long endMs,
        long playFromMs,
        String text,
        String snippet,
        double score,
        double confidence) {
    @Override
    public String toString() {
        return "SearchHit[" + utteranceId + "]";
    }
}

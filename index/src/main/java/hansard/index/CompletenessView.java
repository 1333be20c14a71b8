package hansard.index;

import hansard.wire.Completeness;
import hansard.wire.Repair;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Completeness} as the API shows it; times in ms on the call's clock, negative before its first media.
 *
 * @param signedBy who signed it, or why nobody did
 */
record CompletenessView(
        VerdictView verdict,
        long startMs,
        long endMs,
        List<String> findings,
        String signedBy,
        List<TrackTimeView> tracks) {

    /**
     * @param totalsMs by reason
     * @param recovered packets that the wire lost and that were made good, by what
     * @param recoveredMs sound of lost packets that was heard in the packet after them, in what is decoded for recognition
     * @param concealedMs sound that was made up there where packets are missing
     * @param trimmedMs sound that was left out so that a sender whose clock is fast stays in time
     */
    record TrackTimeView(
            String trackId,
            String participant,
            String participantId,
            String kind,
            VerdictView verdict,
            Map<String, Long> totalsMs,
            Map<Repair, Long> recovered,
            long recoveredMs,
            long concealedMs,
            long trimmedMs,
            List<String> findings,
            List<SpanView> spans) {}

    /** @param reason {@code speech}, {@code silence}, … as in {@link Completeness.Reason}, lower case */
    record SpanView(
            String reason,
            long startMs,
            long endMs,
            long lost,
            long packets,
            @Nullable Long fromSequence,
            @Nullable Long toSequence,
            long unplaced,
            long unplacedMs,
            String detail) {}

    static CompletenessView of(CallRecord call, Completeness stated) {
        long zero = call.zeroMicros();
        return new CompletenessView(
                VerdictView.of(stated.verdict()),
                ms(stated.startMicros(), zero),
                ms(stated.endMicros(), zero),
                stated.findings(),
                call.completeness() == null ? "" : call.completeness().signer(),
                stated.tracks().stream().map(t -> track(t, zero)).toList());
    }

    private static TrackTimeView track(Completeness.TrackTime track, long zero) {
        Map<String, Long> totals = new TreeMap<>();
        track.totals().forEach((reason, micros) -> totals.put(label(reason), micros / 1_000));
        return new TrackTimeView(
                track.streamId(),
                track.participant(),
                track.participantId(),
                track.kind().label(),
                VerdictView.of(track.verdict()),
                totals,
                new TreeMap<>(track.account().recovered()),
                track.mended().recoveredMicros() / 1_000,
                track.mended().concealedMicros() / 1_000,
                track.mended().trimmedMicros() / 1_000,
                track.findings(),
                track.spans().stream().map(s -> span(s, zero)).toList());
    }

    private static SpanView span(Completeness.Span span, long zero) {
        return new SpanView(
                label(span.reason()),
                ms(span.startMicros(), zero),
                ms(span.endMicros(), zero),
                span.lost(),
                span.packets(),
                span.fromSequence(),
                span.toSequence(),
                span.unplaced(),
                span.unplacedMicros() / 1_000,
                span.detail());
    }

    private static String label(Completeness.Reason reason) {
        return reason.name().toLowerCase(Locale.ROOT);
    }

    /** Every bound is rounded alike, so that spans go on where the ones before them end. */
    private static long ms(long micros, long zeroMicros) {
        return Math.floorDiv(micros - zeroMicros, 1_000);
    }
}

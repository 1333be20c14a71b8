package hansard.index;

import hansard.wire.RejectReason;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The completeness report: where every datagram went, what exists of the recording, and what was said.
 *
 * @param endToEnd as in {@link EndToEndView#state}, over all tracks; null when none is encrypted end to end
 * @param paused datagrams let go unopened by policy: {@code received = framed + rejected + paused + inFlight}
 * @param completeness the signed account of the call's time; null until it is stated
 * @param timings ms from the call's end to each step that is done: tracksStored, mixStored, transcriptsStored, sealed, indexed
 */
record ReportView(
        String callId,
        String state,
        @Nullable String endToEnd,
        long received,
        long framed,
        Map<RejectReason, Long> rejected,
        long paused,
        long inFlight,
        long lost,
        boolean complete,
        List<TrackView> tracks,
        MixView mix,
        List<UtteranceView> transcript,
        List<AlarmView> alarms,
        @Nullable CompletenessView completeness,
        Map<String, Long> timings) {

    static ReportView of(
            CallRecord call, List<Spoken> transcript, @Nullable CompletenessView completeness, long nowMicros) {
        AccountView account = AccountView.of(call);
        return new ReportView(
                call.callId(),
                call.state(),
                EndToEndView.stateOf(call),
                account.received(),
                account.framed(),
                account.rejected(),
                account.paused(),
                account.inFlight(),
                account.lost(),
                account.complete(),
                TrackView.of(call),
                MixView.of(call),
                transcript.stream().map(s -> UtteranceView.of(s, call, false)).toList(),
                AlarmView.of(call, nowMicros),
                completeness,
                timings(call));
    }

    private static Map<String, Long> timings(CallRecord call) {
        Map<String, Long> timings = new LinkedHashMap<>();
        put(timings, "tracksStored", call, Moment.TRACKS_STORED);
        put(timings, "mixStored", call, Moment.MIX_STORED);
        put(timings, "transcriptsStored", call, Moment.TRANSCRIPTS_STORED);
        put(timings, "sealed", call, Moment.SEALED);
        put(timings, "indexed", call, Moment.INDEXED);
        return timings;
    }

    private static void put(Map<String, Long> timings, String name, CallRecord call, Moment moment) {
        long closed = call.at(Moment.CLOSED);
        if (closed != 0 && call.at(moment) != 0) {
            timings.put(name, Math.max(0, call.at(moment) - closed) / 1_000);
        }
    }
}

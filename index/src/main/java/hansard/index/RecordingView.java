package hansard.index;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A recording as the API shows it: in lists without {@code detail}, alone with it.
 *
 * @param endToEnd as in {@link EndToEndView#state}, over all tracks; null when none is encrypted end to end
 * @param completeness null until the recording's completeness is stated
 */
record RecordingView(
        String callId,
        String title,
        String department,
        String client,
        @Nullable String startedAt,
        long durationMs,
        String state,
        @Nullable String endToEnd,
        @Nullable VerdictView completeness,
        @Nullable Boolean searchable,
        @Nullable String purgedAt,
        List<String> participants,
        Map<String, String> labels,
        @Nullable List<TrackView> tracks,
        @Nullable MixView mix,
        @Nullable CompositeView composite,
        @Nullable AccountView account,
        @Nullable List<AlarmView> alarms,
        @Nullable List<NoticeView> notices) {

    /** @param kind as in {@link Mark} */
    record NoticeView(String kind, long atMs, String by, String notice) {}

    static RecordingView brief(CallRecord call, long nowMicros) {
        return of(call, null, nowMicros);
    }

    /** @param searchable whether every word of the sealed recording can be found */
    static RecordingView full(CallRecord call, boolean searchable, long nowMicros) {
        return of(call, searchable, nowMicros);
    }

    private static RecordingView of(CallRecord call, @Nullable Boolean searchable, long nowMicros) {
        boolean detail = searchable != null;
        Opening opening = call.opening();
        boolean content = detail && !call.purged();
        return new RecordingView(
                call.callId(),
                opening == null ? "" : opening.title(),
                opening == null ? "" : opening.department(),
                opening == null ? "" : opening.client(),
                Times.iso(call.zeroMicros()),
                durationMs(call, nowMicros),
                call.state(),
                EndToEndView.stateOf(call),
                VerdictView.of(call),
                searchable,
                Times.iso(call.at(Moment.PURGED)),
                call.participants().values().stream()
                        .map(p -> call.nameOf(p.participantId()))
                        .toList(),
                opening == null ? Map.of() : opening.labels(),
                content ? TrackView.of(call) : null,
                content ? MixView.of(call) : null,
                content ? CompositeView.of(call) : null,
                content ? AccountView.of(call) : null,
                content ? AlarmView.of(call, nowMicros) : null,
                content ? notices(call) : null);
    }

    /** From the first media to the last; to its end, or now, while that is not known. */
    static long durationMs(CallRecord call, long nowMicros) {
        long zero = call.zeroMicros();
        long last = call.at(Moment.LAST_MEDIA);
        if (last == 0) {
            last = call.tracks().values().stream()
                    .filter(t -> t.object() != null || t.unopened() > 0)
                    .mapToLong(t -> t.startMicros() + t.durationMicros())
                    .max()
                    .orElse(0);
        }
        if (last == 0) {
            last = call.at(Moment.CLOSED) != 0 ? call.at(Moment.CLOSED) : nowMicros;
        }
        return zero == 0 ? 0 : Times.onClock(last, zero);
    }

    private static List<NoticeView> notices(CallRecord call) {
        return call.marks().stream()
                .map(m -> new NoticeView(m.kind(), Times.onClock(m.atMicros(), call.zeroMicros()), m.by(), m.text()))
                .toList();
    }
}

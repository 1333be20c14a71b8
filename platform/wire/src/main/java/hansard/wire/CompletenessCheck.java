package hansard.wire;

import java.util.ArrayList;
import java.util.List;

/** Adds a {@link Completeness} up again. */
final class CompletenessCheck {
    private CompletenessCheck() {}

    static List<String> faults(Completeness call) {
        List<String> faults = new ArrayList<>();
        for (Completeness.TrackTime track : call.tracks()) {
            spans(call, track, faults);
            if (!track.account().addsUp()) {
                faults.add("track " + track.streamId() + ": received is not framed + rejected + paused + in flight");
            }
            long lost =
                    track.spans().stream().mapToLong(Completeness.Span::lost).sum();
            if (!track.spans().isEmpty() && lost != track.account().lost()) {
                faults.add("track " + track.streamId() + ": its spans hold " + lost + " lost packets, its account "
                        + track.account().lost());
            }
        }
        return faults;
    }

    private static void spans(Completeness call, Completeness.TrackTime track, List<String> faults) {
        long at = call.startMicros();
        for (Completeness.Span span : track.spans()) {
            if (span.startMicros() != at || span.endMicros() <= span.startMicros()) {
                faults.add("track " + track.streamId() + ": a span of " + span.reason() + " from " + span.startMicros()
                        + " to " + span.endMicros() + " µs does not follow the one that ends at " + at + " µs");
            }
            at = span.endMicros();
        }
        if (at != call.endMicros()) {
            faults.add("track " + track.streamId() + ": its spans end at " + at + " µs, the call at " + call.endMicros()
                    + " µs");
        }
    }
}

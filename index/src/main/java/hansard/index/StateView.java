package hansard.index;

import org.jspecify.annotations.Nullable;

/** What a watcher of a call is told when it changes. */
record StateView(
        String callId,
        String state,
        boolean paused,
        @Nullable String startedAt) {
    static StateView of(CallRecord call) {
        boolean paused = false;
        for (Mark mark : call.marks()) {
            paused = switch (mark.kind()) {
                case "paused" -> true;
                case "resumed" -> false;
                default -> paused;
            };
        }
        return new StateView(
                call.callId(), call.state(), paused && call.state().equals("live"), Times.iso(call.zeroMicros()));
    }
}

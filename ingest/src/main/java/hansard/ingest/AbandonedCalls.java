package hansard.ingest;

import hansard.runtime.HansardException;
import hansard.runtime.StageContext;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends calls of which nothing has been heard for long, because their connector died. */
final class AbandonedCalls implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AbandonedCalls.class);
    private static final String REASON = "abandoned";

    private final Calls calls;
    private final CallControl control;
    private final StageContext context;
    private final Duration after;
    private final ScheduledExecutorService timer;

    AbandonedCalls(Calls calls, CallControl control, StageContext context, Duration after) {
        this.calls = calls;
        this.control = control;
        this.context = context;
        this.after = after;
        this.timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("ingest-abandoned").daemon().factory());
        long everyMillis = Math.max(100, after.toMillis() / 4);
        // time while the ingest was down does not count: the first look is a quarter of the time after the start
        var unused = timer.scheduleWithFixedDelay(this::look, everyMillis, everyMillis, TimeUnit.MILLISECONDS);
    }

    private void look() {
        long before = context.nowMicros() - after.toNanos() / 1_000;
        for (Call call : calls.open()) {
            if (call.lastHeardMicros() < before) {
                end(call);
            }
        }
    }

    private void end(Call call) {
        log.warn("nothing was heard of call {} for {} s: it is ended", call.callId(), after.toSeconds());
        try {
            control.end(new CallControl.Actor(call.tenant(), "ingest"), call.callId(), REASON);
        } catch (HansardException e) {
            log.warn("call {} is not ended yet: {}", call.callId(), e.getMessage()); // the next look tries again
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}

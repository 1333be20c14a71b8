package hansard.ingest;

import hansard.audit.AuditLog;
import hansard.runtime.StageContext;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says of each stream that was announced and of which nothing has come for long, while there is still time to look at the media server: once,
 * in the audit and the log.
 */
final class SilentStreams implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SilentStreams.class);

    private final Calls calls;
    private final AuditLog audit;
    private final StageContext context;
    private final long afterMicros;
    private final Set<String> told = new HashSet<>();
    private final AtomicInteger silent = new AtomicInteger();
    private final ScheduledExecutorService timer;

    SilentStreams(Calls calls, AuditLog audit, StageContext context, Duration after) {
        this.calls = calls;
        this.audit = audit;
        this.context = context;
        this.afterMicros = after.toNanos() / 1_000;
        context.meters().gauge("hansard.ingest.streams.silent", silent);
        this.timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("ingest-silent").daemon().factory());
        long everyMillis = Math.max(100, after.toMillis() / 4);
        var unused = timer.scheduleWithFixedDelay(this::look, everyMillis, everyMillis, TimeUnit.MILLISECONDS);
    }

    private void look() {
        Set<String> now = new HashSet<>();
        for (Call call : calls.open()) {
            for (CallStream stream : call.openStreams()) {
                if (isSilent(stream)) {
                    now.add(stream.streamId());
                    if (told.add(stream.streamId())) {
                        tell(call, stream);
                    }
                }
            }
        }
        told.retainAll(now); // what has ended is forgotten; what has begun to send is never silent again
        silent.set(now.size());
    }

    private boolean isSilent(CallStream stream) {
        StreamCounters counters = stream.counters();
        return counters != null
                && counters.received() == 0
                && stream.announcedMicros() < context.nowMicros() - afterMicros;
    }

    private void tell(Call call, CallStream stream) {
        int port = stream.description().port();
        log.warn(
                "call {} stream {}: announced, and no datagram has come to port {}: check that the media server forks it here",
                call.callId(),
                stream.streamId(),
                port);
        audit.note(audit.event(
                call.tenant(),
                "ingest",
                "alarm.no-media",
                call.callId(),
                "failed",
                Map.of("stream", stream.streamId(), "port", Integer.toString(port))));
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}

package hansard.index;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Json;
import io.helidon.http.sse.SseEvent;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.sse.SseSink;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends what is being said in a call while it is being said. One HTTP thread per watcher. */
final class EventsApi {
    private static final Logger log = LoggerFactory.getLogger(EventsApi.class);
    private static final long HEARTBEAT_SECONDS = 10;

    private final LiveFeed live;

    EventsApi(LiveFeed live) {
        this.live = live;
    }

    /**
     * Sends until the watcher goes, falls behind, or the call is purged.
     *
     * @param current gives the call as it is; asked after the watch began, so that no change falls between
     */
    void send(ServerResponse res, String callId, Supplier<CallRecord> current) {
        LiveFeed.Watcher watcher = live.watch(callId);
        if (watcher == null) {
            throw new HansardException(ErrorCode.CONFLICT, "too many people watch calls already; try again later");
        }
        try {
            send(res, watcher, current.get());
        } finally {
            live.leave(callId, watcher);
        }
    }

    private void send(ServerResponse res, LiveFeed.Watcher watcher, CallRecord call) {
        try (SseSink sink = res.sink(SseSink.TYPE)) {
            emit(sink, new LiveFeed.Event("state", StateView.of(call)));
            for (Spoken unfinished : live.partials(call.callId())) {
                emit(sink, new LiveFeed.Event("utterance", UtteranceView.of(unfinished, call, true)));
            }
            while (!watcher.over()) {
                LiveFeed.Event event = watcher.next(HEARTBEAT_SECONDS, TimeUnit.SECONDS);
                if (event != null) {
                    emit(sink, event);
                } else {
                    // a comment: keeps proxies from closing, and finds out when the watcher is gone
                    sink.emit(SseEvent.builder().comment("still here").build());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (UncheckedIOException e) {
            log.debug("a watcher of {} is gone: {}", call.callId(), e.getMessage());
        }
    }

    private static void emit(SseSink sink, LiveFeed.Event event) {
        sink.emit(SseEvent.builder()
                .name(event.name())
                .data(new String(Json.bytes(event.json()), StandardCharsets.UTF_8))
                .build());
    }
}

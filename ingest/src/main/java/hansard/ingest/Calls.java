package hansard.ingest;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.CallEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The calls of this ingest: all that are open, and the last {@value #CLOSED_KEPT} that are closed, so that ending twice is
 * answered and a name is not used twice in a row. Thread-safe.
 */
final class Calls {
    static final int CLOSED_KEPT = 10_000;

    private final Map<String, Call> calls = new LinkedHashMap<>();
    private final Map<String, String> callByStream = new HashMap<>();
    private final Deque<String> closed = new ArrayDeque<>();

    /** Takes in an event that is durable. An event of a call that nobody opened, or that is forgotten, changes nothing. */
    synchronized void apply(CallEvent event) {
        if (event instanceof CallEvent.CallOpened opened) {
            calls.putIfAbsent(opened.callId(), new Call(opened));
        }
        Call call = calls.get(event.callId());
        if (call == null) {
            return;
        }
        boolean wasClosed = call.closed();
        call.apply(event);
        if (event instanceof CallEvent.StreamAnnounced announced) {
            callByStream.put(announced.stream().streamId(), event.callId());
        }
        if (!wasClosed && call.closed()) {
            closed.add(call.callId());
            forgetOldest();
        }
    }

    private void forgetOldest() {
        while (closed.size() > CLOSED_KEPT) {
            Call oldest = calls.remove(closed.remove());
            if (oldest != null) {
                oldest.streams().forEach(s -> callByStream.remove(s.streamId(), oldest.callId()));
            }
        }
    }

    synchronized @Nullable Call find(String callId) {
        return calls.get(callId);
    }

    /** @throws HansardException NOT_FOUND, also when it is another tenant's */
    Call require(String tenant, String callId) {
        Call call = find(callId);
        if (call == null || !call.tenant().equals(tenant)) {
            throw new HansardException(
                    ErrorCode.NOT_FOUND,
                    "no call " + callId
                            + " on this ingest: a call lives on the ingest that opened it, and is forgotten when "
                            + CLOSED_KEPT + " others have been closed after it");
        }
        return call;
    }

    synchronized List<Call> all() {
        return new ArrayList<>(calls.values());
    }

    List<Call> open() {
        return all().stream().filter(c -> !c.closed()).toList();
    }

    /**
     * Takes a stream's name for a call, so that no other can have it.
     *
     * @return the call that has it already, which may be the same, or null
     */
    synchronized @Nullable String claimStream(String streamId, String callId) {
        return callByStream.putIfAbsent(streamId, callId);
    }

    synchronized void unclaimStream(String streamId, String callId) {
        callByStream.remove(streamId, callId);
    }
}

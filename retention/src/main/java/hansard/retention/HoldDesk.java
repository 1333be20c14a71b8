package hansard.retention;

import hansard.access.Caller;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.StageContext;
import hansard.wire.AuditEvent;
import hansard.wire.RetentionOrder;
import hansard.wire.RetentionOrder.HoldPlaced;
import hansard.wire.RetentionOrder.HoldReleased;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/** Places and releases holds; answers when the order is durable and in the state. Thread-safe. */
final class HoldDesk {
    private static final String MARK = "-hold-";
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final int MAX_REASON = 2_000;

    private final CallStates states;
    private final ToLongFunction<RetentionOrder> orders;
    private final Consumer<AuditEvent> audit;
    private final StageContext context;

    /**
     * @param orders writes an order, returns its offset once it is durable
     * @param audit returns once the event is durable
     */
    HoldDesk(
            CallStates states,
            ToLongFunction<RetentionOrder> orders,
            Consumer<AuditEvent> audit,
            StageContext context) {
        this.states = states;
        this.orders = orders;
        this.audit = audit;
        this.context = context;
    }

    /**
     * @return the hold's id
     * @throws HansardException NOT_FOUND for a call the caller may not know of, CONFLICT when its purge came first
     */
    String place(Caller caller, String callId, String reason) {
        String why = reason(reason);
        CallState call = visible(caller, callId);
        if (call.orders().purge() != null) {
            throw tooLate(callId);
        }
        String holdId =
                callId + MARK + UUID.randomUUID().toString().replace("-", "").substring(0, 12);
        audit.accept(event(caller, "hold.placed", callId, holdId, "ok", why));
        long offset = orders.applyAsLong(new HoldPlaced(
                UUID.randomUUID().toString(),
                caller.tenant(),
                callId,
                context.nowMicros(),
                holdId,
                caller.actor(),
                why));
        if (!taken(callId, offset).orders().hasHold(holdId)) {
            audit.accept(event(caller, "hold.placed", callId, holdId, "refused", "the purge was ordered first"));
            throw tooLate(callId);
        }
        return holdId;
    }

    /** @throws HansardException NOT_FOUND when there is no such hold in force that the caller may know of */
    void release(Caller caller, String holdId, String reason) {
        String why = reason(reason);
        int mark = holdId.lastIndexOf(MARK);
        if (mark <= 0) {
            throw noHold(holdId);
        }
        String callId = holdId.substring(0, mark);
        if (!visible(caller, callId).orders().hasHold(holdId)) {
            throw noHold(holdId);
        }
        audit.accept(event(caller, "hold.released", callId, holdId, "ok", why));
        long offset = orders.applyAsLong(new HoldReleased(
                UUID.randomUUID().toString(),
                caller.tenant(),
                callId,
                context.nowMicros(),
                holdId,
                caller.actor(),
                why));
        taken(callId, offset);
    }

    /** A call's state, if the caller may know of it. */
    CallState visible(Caller caller, String callId) {
        return states.find(callId)
                .filter(call -> maySee(caller, call))
                .orElseThrow(() -> new HansardException(ErrorCode.NOT_FOUND, "there is no call " + callId));
    }

    static boolean maySee(Caller caller, CallState call) {
        CallIdentity identity = call.facts().identity();
        return identity != null && caller.maySee(identity.tenant(), identity.department(), java.util.Set.of());
    }

    private CallState taken(String callId, long offset) {
        try {
            if (states.awaitOrder(callId, offset, WAIT)) {
                return states.find(callId).orElse(CallState.NONE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new HansardException(
                ErrorCode.KAFKA_UNAVAILABLE,
                "the order for call " + callId
                        + " is written but not in force yet; look at the call's retention in a while");
    }

    private static String reason(String reason) {
        String why = reason.strip();
        if (why.isEmpty()) {
            throw new HansardException(ErrorCode.BAD_REQUEST, "a reason is needed: it goes into the audit");
        }
        if (why.length() > MAX_REASON) {
            throw new HansardException(
                    ErrorCode.BAD_REQUEST, "the reason has " + why.length() + " characters, at most " + MAX_REASON);
        }
        return why;
    }

    private AuditEvent event(
            Caller caller, String action, String callId, String holdId, String outcome, String reason) {
        return new AuditEvent(
                UUID.randomUUID().toString(),
                caller.tenant(),
                context.nowMicros(),
                caller.actor(),
                action,
                callId,
                outcome,
                Map.of("holdId", holdId, "reason", reason));
    }

    private static HansardException tooLate(String callId) {
        return new HansardException(
                ErrorCode.CONFLICT, "the purge of call " + callId + " has been ordered; a hold comes too late");
    }

    private static HansardException noHold(String holdId) {
        return new HansardException(ErrorCode.NOT_FOUND, "there is no hold " + holdId + " in force");
    }
}

package hansard.retention;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.wire.CallOrders;
import hansard.wire.Receipt;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The shapes of the API's answers and requests. Times are ISO 8601 in UTC. */
final class Answers {
    private Answers() {}

    record HoldRequest(@Nullable String callId, @Nullable String reason) {}

    record HoldAnswer(String holdId) {}

    record PolicyAnswer(
            String name,
            @Nullable String tenant,
            @Nullable String department,
            @Nullable String client,
            String keep) {
        static PolicyAnswer of(Policy p) {
            return new PolicyAnswer(
                    p.name(),
                    orNull(p.tenant()),
                    orNull(p.department()),
                    orNull(p.client()),
                    p.keep().text());
        }

        private static @Nullable String orNull(String selector) {
            return selector.isEmpty() ? null : selector;
        }
    }

    record PoliciesAnswer(List<PolicyAnswer> policies) {}

    record HoldShown(String holdId, String by, String reason, String placedAt) {
        static HoldShown of(CallOrders.Hold hold) {
            return new HoldShown(hold.holdId(), hold.by(), hold.reason(), iso(hold.atMicros()));
        }
    }

    record ReceiptShown(String callId, String orderId, String what, String by, long count, String evidence, String at) {
        static ReceiptShown of(Receipt r) {
            return new ReceiptShown(
                    r.callId(), r.orderId(), r.what(), r.by(), r.count(), r.evidence(), iso(r.atMicros()));
        }
    }

    /** @param keepUntil absent while the call is open: its period has not begun */
    record RetentionAnswer(
            String callId,
            String policy,
            @Nullable String keepUntil,
            List<HoldShown> holds,
            String state,
            List<ReceiptShown> receipts) {
        static RetentionAnswer of(CallState call, Disposition disposition, Instant now) {
            CallIdentity identity = call.identity();
            boolean isOpen = disposition.isOpen(call, now);
            return new RetentionAnswer(
                    identity.callId(),
                    disposition.policies().of(identity).inWords(),
                    isOpen ? null : disposition.keepUntil(call).toString(),
                    call.orders().holds().stream().map(HoldShown::of).toList(),
                    disposition.standing(call, now).label(),
                    call.receipts().stream().map(ReceiptShown::of).toList());
        }
    }

    record ReceiptsAnswer(List<ReceiptShown> receipts) {}

    record ChainShown(
            long length,
            String head,
            boolean intact,
            @Nullable String problem) {
        static ChainShown of(Ledger.Standing standing) {
            return new ChainShown(
                    standing.length(),
                    standing.head(),
                    standing.isIntact(),
                    standing.isIntact() ? null : standing.problem());
        }
    }

    record AuditAnswer(List<JsonNode> events, ChainShown chain) {
        AuditAnswer {
            events = List.copyOf(events);
        }
    }

    private static String iso(long micros) {
        return Disposition.instant(micros).toString();
    }
}

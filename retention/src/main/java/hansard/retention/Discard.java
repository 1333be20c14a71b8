package hansard.retention;

import hansard.keys.KeyRef;
import hansard.keys.Vault;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.StageContext;
import hansard.store.ObjectStore;
import hansard.wire.AuditEvent;
import hansard.wire.Receipt;
import hansard.wire.RetentionOrder.DiscardOrdered;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Erases one track's sound as it came: its data keys, so that frames, speech and files sealed under them open nowhere again, and then the
 * files. What people may hear of it, and what was said, have keys of their own and stay. Killed at any point and run again, it ends the
 * same.
 */
final class Discard {
    private final ObjectStore store;
    private final Vault vault;
    private final StageContext context;
    private final Consumer<AuditEvent> audit;
    private final Consumer<Receipt> receipts;

    Discard(Erasing with) {
        this.store = with.store();
        this.vault = with.vault();
        this.context = with.context();
        this.audit = with.audit();
        this.receipts = with.receipts();
    }

    /** @throws HansardException when some of it is still there; run it again later */
    void run(DiscardOrdered order) {
        KeyRef key = new KeyRef(order.tenant(), order.callId(), order.streamId());
        audit.accept(event(order, "original.discard-started"));
        vault.destroy(key); // first: from here on every copy is unreadable, those in backups included
        order.objects().forEach(store::delete);
        List<String> left = new ArrayList<>(store.list(order.tenant() + "/" + order.callId() + "/"));
        left.retainAll(order.objects());
        if (!left.isEmpty()) {
            throw new HansardException(
                    ErrorCode.STORE_UNAVAILABLE,
                    left.size() + " of " + order.objects().size() + " objects of track " + order.streamId()
                            + " are still there after their delete, the first is " + left.getFirst());
        }
        List<String> gone = new ArrayList<>(List.of(key.toString()));
        gone.addAll(order.objects());
        receipts.accept(Receipts.of(order, context.nowMicros(), Receipts.ORIGINAL, gone));
        audit.accept(event(order, "original.discarded"));
    }

    // a repeat is the same event, and has its id
    private AuditEvent event(DiscardOrdered order, String action) {
        return new AuditEvent(
                order.orderId() + "/" + action,
                order.tenant(),
                context.nowMicros(),
                "retention",
                action,
                order.callId(),
                "ok",
                Map.of(
                        "track", order.streamId(),
                        "policy", order.policy(),
                        "orderId", order.orderId(),
                        "objects", Integer.toString(order.objects().size())));
    }
}

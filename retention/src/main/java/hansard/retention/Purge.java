package hansard.retention;

import hansard.keys.KeyRef;
import hansard.keys.Vault;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.StageContext;
import hansard.store.ObjectStore;
import hansard.wire.AuditEvent;
import hansard.wire.Receipt;
import hansard.wire.RetentionOrder.PurgeOrdered;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Erases the copies of one call that this stage holds: the data keys, so that nothing sealed under them opens anywhere again,
 * and the objects. Killed at any point and run again, it ends the same and its receipts say the same.
 */
final class Purge {
    private final ObjectStore store;
    private final Vault vault;
    private final StageContext context;
    private final Consumer<AuditEvent> audit;
    private final Consumer<Receipt> receipts;

    Purge(Erasing with) {
        this.store = with.store();
        this.vault = with.vault();
        this.context = with.context();
        this.audit = with.audit();
        this.receipts = with.receipts();
    }

    /** @throws HansardException when some copy is still there; run it again later */
    void run(PurgeOrdered order) {
        String prefix = order.tenant() + "/" + order.callId() + "/";
        List<String> present = store.list(prefix);
        PurgeRecord record = PurgeRecord.read(store, order).withObjects(present);
        audit.accept(event(order, "purge.started", record));
        record.write(store, order);

        record = eraseKeys(order, record);
        record = eraseObjects(order, prefix, present, record);
        record.proven().forEach(receipts);
        audit.accept(event(order, "purge.done", record));
    }

    /** Keys first: from here on every copy is unreadable, those in backups included. */
    private PurgeRecord eraseKeys(PurgeOrdered order, PurgeRecord record) {
        List<String> refs = vault.destroy(order.tenant(), order.callId()).stream()
                .map(KeyRef::toString)
                .sorted()
                .toList();
        boolean saysTheSame = record.receipt(Receipts.DATA_KEYS)
                .map(r -> r.evidence().equals(String.join(" ", refs)))
                .orElse(false);
        return saysTheSame
                ? record
                : proven(order, record, Receipts.of(order, context.nowMicros(), Receipts.DATA_KEYS, refs));
    }

    private PurgeRecord eraseObjects(PurgeOrdered order, String prefix, List<String> present, PurgeRecord record) {
        present.forEach(store::delete);
        List<String> left = store.list(prefix);
        if (!left.isEmpty()) {
            throw new HansardException(
                    ErrorCode.STORE_UNAVAILABLE,
                    left.size() + " of " + record.objects().size() + " objects of call " + order.callId()
                            + " are still there after their delete, the first is " + left.getFirst());
        }
        return record.receipt(Receipts.OBJECTS).isPresent()
                ? record
                : proven(order, record, Receipts.of(order, context.nowMicros(), Receipts.OBJECTS, record.objects()));
    }

    private PurgeRecord proven(PurgeOrdered order, PurgeRecord record, Receipt receipt) {
        PurgeRecord more = record.withReceipt(receipt);
        more.write(store, order);
        return more;
    }

    // a repeat is the same event, and has its id
    private AuditEvent event(PurgeOrdered order, String action, PurgeRecord record) {
        return new AuditEvent(
                order.orderId() + "/" + action + "/" + record.objects().size(),
                order.tenant(),
                context.nowMicros(),
                "retention",
                action,
                order.callId(),
                "ok",
                Map.of(
                        "policy", order.policy(),
                        "orderId", order.orderId(),
                        "objects", Integer.toString(record.objects().size())));
    }
}

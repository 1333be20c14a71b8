package hansard.retention;

import hansard.keys.Vault;
import hansard.runtime.StageContext;
import hansard.store.ObjectStore;
import hansard.wire.AuditEvent;
import hansard.wire.Receipt;
import java.util.function.Consumer;

/**
 * What it takes to erase something and prove it.
 *
 * @param audit returns once the event is durable
 * @param receipts returns once the receipt is durable
 */
record Erasing(
        ObjectStore store, Vault vault, StageContext context, Consumer<AuditEvent> audit, Consumer<Receipt> receipts) {}

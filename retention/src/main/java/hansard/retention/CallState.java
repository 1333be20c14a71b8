package hansard.retention;

import hansard.wire.Artifact;
import hansard.wire.CallEvent;
import hansard.wire.CallOrders;
import hansard.wire.Receipt;
import hansard.wire.RetentionOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * All that the Streams application keeps of one call.
 *
 * @param requested a purge was written to the orders and not yet read back
 * @param receipts one for each holder and kind of copy
 * @param finished the receipt for the whole call was written
 */
record CallState(CallFacts facts, CallOrders orders, List<Receipt> receipts, boolean requested, boolean finished) {
    static final CallState NONE = new CallState(CallFacts.NONE, CallOrders.NONE, List.of(), false, false);

    CallState {
        receipts = List.copyOf(receipts);
    }

    /** @throws IllegalStateException before the call's opening was read */
    CallIdentity identity() {
        CallIdentity identity = facts.identity();
        if (identity == null) {
            throw new IllegalStateException("the call's opening was not read yet");
        }
        return identity;
    }

    CallState after(CallEvent event) {
        return new CallState(facts.after(event), orders, receipts, requested, finished);
    }

    CallState after(Artifact artifact) {
        return new CallState(facts.after(artifact), orders, receipts, requested, finished);
    }

    CallState after(RetentionOrder order, long offset) {
        boolean stillRequested = requested && !(order instanceof RetentionOrder.PurgeOrdered);
        return new CallState(facts, orders.after(order, offset), receipts, stillRequested, finished);
    }

    /** Tracks whose sound as it came is to go, and of which that is not ordered yet. */
    List<String> originalsLeft() {
        return facts.discarding().stream()
                .filter(streamId -> orders.discard(streamId).isEmpty())
                .toList();
    }

    /** A repeat of a receipt replaces the earlier one: it says the same, or more when copies turned up late. */
    CallState after(Receipt receipt) {
        List<Receipt> all = new ArrayList<>(receipts);
        all.removeIf(r -> r.what().equals(receipt.what())
                && r.by().equals(receipt.by())
                && r.orderId().equals(receipt.orderId()));
        all.add(receipt);
        return new CallState(facts, orders, all, requested, finished);
    }

    CallState withRequested() {
        return new CallState(facts, orders, receipts, true, finished);
    }

    CallState withFinished() {
        return new CallState(facts, orders, receipts, requested, true);
    }
}

package hansard.wire;

import hansard.wire.RetentionOrder.DiscardOrdered;
import hansard.wire.RetentionOrder.HoldPlaced;
import hansard.wire.RetentionOrder.HoldReleased;
import hansard.wire.RetentionOrder.PurgeOrdered;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the orders of one call come to, read in the order of their partition of {@link Topics#RETENTION_ORDERS}. A purge ordered
 * while a hold is in force is void; a hold placed after a purge that is not void comes too late. Whoever erases copies folds
 * the partition with this, so that no two of them can disagree.
 *
 * @param holds those in force
 * @param purge the order that is not void; final
 * @param discards the orders that are not void, one for a track at most; void like a purge's, and when one is ordered already
 * @param offset of the last order of the call on its partition, -1 for none
 */
public record CallOrders(List<Hold> holds, @Nullable PurgeOrdered purge, List<DiscardOrdered> discards, long offset) {
    public static final CallOrders NONE = new CallOrders(List.of(), null, List.of(), -1);

    public CallOrders {
        holds = List.copyOf(holds);
        discards = List.copyOf(discards);
    }

    /** A call must be kept, whatever its policy says, until somebody releases this. */
    public record Hold(String holdId, String by, String reason, long atMicros) {}

    public boolean hasHold(String holdId) {
        return holds.stream().anyMatch(h -> h.holdId().equals(holdId));
    }

    /** Why a track's sound as it came is gone or about to be. */
    public Optional<DiscardOrdered> discard(String streamId) {
        return discards.stream().filter(d -> d.streamId().equals(streamId)).findFirst();
    }

    /** After one more order. The same order again changes nothing but the offset. */
    public CallOrders after(RetentionOrder order, long at) {
        return switch (order) {
            case HoldPlaced placed ->
                purge != null || hasHold(placed.holdId())
                        ? new CallOrders(holds, purge, discards, at)
                        : new CallOrders(with(placed), null, discards, at);
            case HoldReleased released -> new CallOrders(without(released.holdId()), purge, discards, at);
            case PurgeOrdered ordered ->
                new CallOrders(holds, purge == null && holds.isEmpty() ? ordered : purge, discards, at);
            case DiscardOrdered ordered ->
                purge != null || !holds.isEmpty() || discard(ordered.streamId()).isPresent()
                        ? new CallOrders(holds, purge, discards, at)
                        : new CallOrders(holds, null, with(ordered), at);
        };
    }

    private List<Hold> with(HoldPlaced placed) {
        List<Hold> more = new ArrayList<>(holds);
        more.add(new Hold(placed.holdId(), placed.by(), placed.reason(), placed.atMicros()));
        return more;
    }

    private List<DiscardOrdered> with(DiscardOrdered ordered) {
        List<DiscardOrdered> more = new ArrayList<>(discards);
        more.add(ordered);
        return more;
    }

    private List<Hold> without(String holdId) {
        return holds.stream().filter(h -> !h.holdId().equals(holdId)).toList();
    }
}

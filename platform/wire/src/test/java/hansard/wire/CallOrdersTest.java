package hansard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.RetentionOrder.DiscardOrdered;
import hansard.wire.RetentionOrder.HoldPlaced;
import hansard.wire.RetentionOrder.HoldReleased;
import hansard.wire.RetentionOrder.PurgeOrdered;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CallOrdersTest {
    private static final HoldPlaced HOLD = new HoldPlaced("o1", "t", "c", 1, "h1", "olivia", "an inquiry");
    private static final HoldReleased RELEASE = new HoldReleased("o2", "t", "c", 2, "h1", "olivia", "over");
    private static final PurgeOrdered PURGE = new PurgeOrdered("c-purge", "t", "c", 3, "default, keep 7y");

    private static final DiscardOrdered DISCARD =
            new DiscardOrdered("c-discard-s", "t", "c", 4, "s", "discard-original", List.of("t/c/s.webm"));

    @Test
    void purgeBehindAHoldIsVoidUntilItIsOrderedAgain() {
        CallOrders held = CallOrders.NONE.after(HOLD, 0).after(PURGE, 1);
        assertNull(held.purge());

        CallOrders released = held.after(RELEASE, 2);
        assertNull(released.purge());
        assertNotNull(released.after(PURGE, 3).purge());
    }

    @Test
    void holdBehindAPurgeComesTooLate() {
        CallOrders orders = CallOrders.NONE.after(PURGE, 0).after(HOLD, 1);

        assertTrue(orders.holds().isEmpty());
        assertEquals(PURGE, orders.purge());
        assertEquals(1, orders.offset());
    }

    @Test
    void aDiscardIsVoidBehindAHoldOrAPurgeOrItsLike() {
        CallOrders held = CallOrders.NONE.after(HOLD, 0).after(DISCARD, 1);
        assertEquals(Optional.empty(), held.discard("s"));
        CallOrders released = held.after(RELEASE, 2).after(DISCARD, 3);
        assertEquals(Optional.of(DISCARD), released.discard("s"));
        assertEquals(Optional.of(DISCARD), released.after(HOLD, 4).discard("s"), "a hold comes too late for it");

        DiscardOrdered later = new DiscardOrdered("another", "t", "c", 9, "s", "discard-original", List.of());
        assertEquals(Optional.of(DISCARD), released.after(later, 4).discard("s"));
        assertEquals(
                Optional.empty(),
                CallOrders.NONE.after(PURGE, 0).after(DISCARD, 1).discard("s"));
        assertNotNull(released.after(PURGE, 4).purge());
    }

    @Test
    void aDiscardNamesNothingOfAnotherCall() {
        byte[] foreign = new String(DISCARD.toBytes(), StandardCharsets.UTF_8)
                .replace("t/c/s.webm", "t/c2/s.webm")
                .getBytes(StandardCharsets.UTF_8);
        HansardException e = assertThrows(HansardException.class, () -> RetentionOrder.fromBytes(foreign));
        assertEquals(ErrorCode.MALFORMED, e.code());
    }

    @Test
    void repeatOfAnOrderChangesNothing() {
        CallOrders once = CallOrders.NONE.after(HOLD, 0);

        assertEquals(once.holds(), once.after(HOLD, 1).holds());
        assertEquals(PURGE, CallOrders.NONE.after(PURGE, 0).after(PURGE, 1).purge());
    }
}

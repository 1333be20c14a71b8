package hansard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.wire.RetentionOrder.HoldPlaced;
import hansard.wire.RetentionOrder.HoldReleased;
import hansard.wire.RetentionOrder.PurgeOrdered;
import org.junit.jupiter.api.Test;

class CallOrdersTest {
    private static final HoldPlaced HOLD = new HoldPlaced("o1", "t", "c", 1, "h1", "olivia", "an inquiry");
    private static final HoldReleased RELEASE = new HoldReleased("o2", "t", "c", 2, "h1", "olivia", "over");
    private static final PurgeOrdered PURGE = new PurgeOrdered("c-purge", "t", "c", 3, "default, keep 7y");

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
    void repeatOfAnOrderChangesNothing() {
        CallOrders once = CallOrders.NONE.after(HOLD, 0);

        assertEquals(once.holds(), once.after(HOLD, 1).holds());
        assertEquals(PURGE, CallOrders.NONE.after(PURGE, 0).after(PURGE, 1).purge());
    }
}

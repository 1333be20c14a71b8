package hansard.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class AwaitedLeaveTest {
    private final Set<String> refused = new TreeSet<>();
    private final AwaitedLeave leave = new AwaitedLeave("");

    private void require(String tenant) {
        if (refused.contains(tenant)) {
            throw new HansardException(ErrorCode.KEY_REFUSED, "not " + tenant);
        }
    }

    @Test
    void onlyTheRefusedArePassedOver() {
        leave.refused("bank", 5, "no group");
        assertTrue(leave.passesOver("bank", 6));
        assertFalse(leave.passesOver("acme", 6));
        assertEquals(Map.of("bank", "no group"), leave.reasons());
    }

    @Test
    void whoHasLeaveAgainIsReadAgainFromItsFirstAndNobodyElseIs() {
        leave.refused("bank", 5, "no group");
        assertEquals(OptionalLong.of(5), leave.ask(this::require, 20));
        assertFalse(leave.passesOver("bank", 5));
        assertTrue(leave.passesOver("acme", 19));
        assertFalse(leave.passesOver("acme", 20));
        assertFalse(leave.passesOver("bank", 20));
        assertEquals(20, leave.after(6));
        leave.settled("bank");
        assertEquals(new AwaitedLeave.Commit(21, ""), leave.commit(21));
        assertEquals(Map.of(), leave.reasons());
    }

    @Test
    void whatWaitsOutlivesTheProcess() {
        leave.refused("bank", 5, "no group");
        AwaitedLeave.Commit commit = leave.commit(20);
        assertEquals(20, commit.offset());
        AwaitedLeave restarted = new AwaitedLeave("stream-1," + commit.note() + ",stream-2");
        assertTrue(restarted.passesOver("bank", 20));
        assertEquals(OptionalLong.of(5), restarted.ask(this::require, 20));
        assertEquals(new AwaitedLeave.Commit(20, "bank@5"), restarted.commit(20), "until it is durable");
    }

    @Test
    void whoIsStillRefusedWaitsOnWhileAnotherIsReadAgain() {
        refused.add("mill");
        leave.refused("bank", 5, "no group");
        leave.refused("mill", 3, "no group");
        assertEquals(OptionalLong.of(5), leave.ask(this::require, 20));
        assertTrue(leave.passesOver("mill", 6));
        assertTrue(leave.passesOver("mill", 21));
        refused.clear();
        assertEquals(OptionalLong.empty(), leave.ask(this::require, 10), "one after the other");
        // a call of the bank goes on for hours; the mill does not wait for it
        assertEquals(OptionalLong.of(3), leave.ask(this::require, 30));
        assertTrue(leave.passesOver("bank", 6), "it was read again already");
        assertFalse(leave.passesOver("mill", 6));
        assertFalse(leave.passesOver("bank", 30));
        assertEquals(Set.of("bank", "mill"), leave.granted());
    }

    @Test
    void leaveThatIsTakenAgainLosesNothing() {
        leave.refused("bank", 5, "no group");
        leave.ask(this::require, 20);
        leave.refused("bank", 12, "expired");
        assertTrue(leave.passesOver("bank", 13));
        assertEquals(OptionalLong.empty(), leave.ask(this::require, 13));
        assertEquals(OptionalLong.of(5), leave.ask(this::require, 20));
    }

    @Test
    void whatDoesNotFitIntoANoteHoldsTheCommitBack() {
        String name = "t".repeat(190);
        for (int i = 0; i < 30; i++) {
            leave.refused(name + i, 100 + i, "no group");
        }
        assertEquals(new AwaitedLeave.Commit(100, ""), leave.commit(500));
    }
}

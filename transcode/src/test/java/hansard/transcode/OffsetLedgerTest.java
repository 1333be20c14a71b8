package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.keys.AwaitedLeave;
import org.junit.jupiter.api.Test;

class OffsetLedgerTest {
    private final AwaitedLeave nobodyWaits = new AwaitedLeave("");

    @Test
    void nothingIsCommittedPastTheOpenedOfAnUnfinishedTrack() {
        OffsetLedger ledger = new OffsetLedger("");
        ledger.opened("long", 3);
        ledger.opened("short", 5);
        ledger.finished("short", 9);
        ledger.passed(9);
        assertEquals(new OffsetLedger.Commit(3, "short"), ledger.commit(nobodyWaits));
        ledger.finished("long", 12);
        ledger.passed(12);
        assertEquals(new OffsetLedger.Commit(13, ""), ledger.commit(nobodyWaits));
    }

    @Test
    void aTrackFinishedBeforeARestartIsNotMadeAgain() {
        OffsetLedger again = new OffsetLedger("short");
        again.opened("long", 3);
        again.passed(3);
        assertTrue(again.isFinished("short"));
        assertFalse(again.isFinished("long"));
        assertEquals(new OffsetLedger.Commit(3, "short"), again.commit(nobodyWaits));
    }

    @Test
    void theNoteStaysWithinWhatKafkaTakes() {
        OffsetLedger ledger = new OffsetLedger("");
        ledger.opened("long", 0);
        for (int i = 1; i < 1_000; i++) {
            ledger.finished("stream-" + i, i);
        }
        assertTrue(ledger.commit(nobodyWaits).note().length() <= OffsetLedger.MAX_NOTE_CHARS);
    }

    @Test
    void aTrackThatWaitsForLeaveHoldsNobodyBackAndIsInTheNote() {
        OffsetLedger ledger = new OffsetLedger("");
        AwaitedLeave leave = new AwaitedLeave("");
        ledger.opened("refused", 3);
        ledger.opened("long", 6);
        ledger.opened("short", 7);
        ledger.finished("short", 9);
        ledger.passed(9);
        ledger.setAside("refused");
        leave.refused("bank", 3, "no group");
        OffsetLedger.Commit commit = ledger.commit(leave);
        assertEquals(new OffsetLedger.Commit(6, "bank@3,short"), commit);
        assertTrue(new OffsetLedger(commit.note()).isFinished("short"));
        assertFalse(new OffsetLedger(commit.note()).isFinished("bank@3"));
    }
}

package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class OffsetLedgerTest {
    @Test
    void nothingIsCommittedPastTheOpenedOfAnUnfinishedTrack() {
        OffsetLedger ledger = new OffsetLedger("");
        ledger.opened("long", 3);
        ledger.opened("short", 5);
        ledger.finished("short", 9);
        ledger.passed(9);
        assertEquals(new OffsetLedger.Commit(3, "short"), ledger.commit());
        ledger.finished("long", 12);
        ledger.passed(12);
        assertEquals(new OffsetLedger.Commit(13, ""), ledger.commit());
    }

    @Test
    void aTrackFinishedBeforeARestartIsNotMadeAgain() {
        OffsetLedger again = new OffsetLedger("short");
        again.opened("long", 3);
        again.passed(3);
        assertTrue(again.isFinished("short"));
        assertFalse(again.isFinished("long"));
        assertEquals(new OffsetLedger.Commit(3, "short"), again.commit());
    }

    @Test
    void theNoteStaysWithinWhatKafkaTakes() {
        OffsetLedger ledger = new OffsetLedger("");
        ledger.opened("long", 0);
        for (int i = 1; i < 1_000; i++) {
            ledger.finished("stream-" + i, i);
        }
        assertTrue(ledger.commit().note().length() <= OffsetLedger.MAX_NOTE_CHARS);
    }
}

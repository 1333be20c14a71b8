package hansard.transcribe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hansard.keys.AwaitedLeave;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class OffsetLedgerTest {
    private static final TopicPartition P = new TopicPartition("media.speech", 0);

    private final OffsetLedger ledger = new OffsetLedger();

    @Test
    void nothingAfterWhatIsNotDurableIsCommitted() {
        ledger.read(P, 9);
        ledger.begun(P, 10);
        for (long offset = 10; offset < 50; offset++) {
            ledger.read(P, offset);
        }
        assertEquals(Map.of(P, new AwaitedLeave.Commit(10, "")), ledger.due());
        ledger.done(P, 10);
        assertEquals(Map.of(P, new AwaitedLeave.Commit(50, "")), ledger.due());
    }

    @Test
    void theOldestHoldsTheOthersBack() {
        ledger.begun(P, 0);
        ledger.begun(P, 5);
        ledger.read(P, 30);
        ledger.done(P, 5);
        assertEquals(Map.of(P, new AwaitedLeave.Commit(0, "")), ledger.due());
        ledger.begun(P, 31);
        ledger.done(P, 0);
        assertEquals(Map.of(P, new AwaitedLeave.Commit(31, "")), ledger.due());
    }

    @Test
    void whatIsCommittedIsNotDueAgain() {
        ledger.read(P, 7);
        ledger.committed(ledger.due());
        assertEquals(Map.of(), ledger.due());
    }

    @Test
    void aPartitionTakenAwayIsNotCommitted() {
        ledger.begun(P, 3);
        ledger.read(P, 8);
        ledger.forget(P);
        ledger.done(P, 3); // the worker was quicker than the news
        assertEquals(Map.of(), ledger.due());
    }

    @Test
    void aTenantThatIsRefusedIsInTheNoteAndHoldsNobodyBack() {
        ledger.begin(P, "");
        ledger.begun(P, 3);
        ledger.read(P, 8);
        ledger.done(P, 3);
        ledger.leave(P).refused("bank", 3, "no group");
        assertEquals(Map.of(P, new AwaitedLeave.Commit(9, "bank@3")), ledger.due());
        ledger.begin(P, "bank@3");
        ledger.read(P, 9);
        assertEquals(Map.of(P, new AwaitedLeave.Commit(10, "bank@3")), ledger.due());
    }
}

package hansard.decrypt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class VaultPatienceTest {
    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void aVaultThatTakesItsTimeToSayNothingIsNotAskedForLongerThanTheTransactionLasts() {
        VaultPatience patience = new VaultPatience(200);
        long begun = System.nanoTime();
        assertThrows(HansardException.class, () -> patience.ask(() -> unanswered(250)));
        assertEquals(1, asked.get());
        assertTrue(System.nanoTime() - begun < 5_000_000_000L);
        assertTrue(patience.problem().contains("nobody answers"), patience.problem());
    }

    @Test
    void aVaultThatSaysAtOnceThatItIsAwayIsAskedAgainAndThenAnswers() {
        VaultPatience patience = new VaultPatience(60_000);
        assertEquals("key", patience.ask(() -> asked.get() < 3 ? unanswered(0) : "key"));
        assertEquals(3, asked.get());
        assertEquals("", patience.problem());
    }

    private String unanswered(long millis) {
        asked.incrementAndGet();
        for (long until = System.nanoTime() + millis * 1_000_000; System.nanoTime() - until < 0; ) {
            LockSupport.parkNanos(until - System.nanoTime());
        }
        throw new HansardException(ErrorCode.VAULT_UNAVAILABLE, "nobody answers");
    }
}

package hansard.decrypt;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Asks a vault that does not answer again, in place: the record stays in hand and nothing is skipped. Gives up well before
 * Kafka's transaction timeout, so that the stream thread is replaced and begins again from the last commit.
 */
final class VaultPatience {
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 1_000;

    private final long patienceNanos;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile String problem = "";

    VaultPatience(long patienceMillis) {
        this.patienceNanos = TimeUnit.MILLISECONDS.toNanos(patienceMillis);
    }

    /** @throws HansardException VAULT_UNAVAILABLE when it went on for too long, and whatever else the vault throws */
    <T> T ask(Supplier<T> question) {
        long pause = FIRST_PAUSE_MILLIS;
        long sinceNanos = System.nanoTime(); // a vault that is silent takes its time for each question, too
        while (true) {
            try {
                T answer = question.get();
                problem = "";
                return answer;
            } catch (HansardException e) {
                if (e.code() != ErrorCode.VAULT_UNAVAILABLE) {
                    throw e;
                }
                problem = "the vault does not answer, media waits as ciphertext: " + e.getMessage();
                if (System.nanoTime() - sinceNanos >= patienceNanos || isClosingAfter(pause)) {
                    throw e;
                }
                pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
            }
        }
    }

    private boolean isClosingAfter(long millis) {
        try {
            return closing.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** For the health check: empty when the vault answered last time. */
    String problem() {
        return problem;
    }

    /** Waits no longer. */
    void close() {
        closing.countDown();
    }
}

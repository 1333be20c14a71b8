package hansard.transcribe;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The threads of the workers, one for each piece of work: they wait most of the time. */
final class Workers implements AutoCloseable {
    private static final Duration TO_STOP = Duration.ofSeconds(10);

    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("transcribe-worker-", 0).factory());
    private final Patience patience;

    Workers(Patience patience) {
        this.patience = patience;
    }

    void start(Runnable work) {
        threads.execute(work);
    }

    /** What is in hand is left to the next process, which hears it again. */
    @Override
    public void close() {
        patience.stop();
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(TO_STOP.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("workers did not stop within " + TO_STOP.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package hansard.decrypt;

import hansard.keys.Vault;
import hansard.runtime.HansardException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the certificates that senders seal to up to date: one that was revoked or has expired is gone from them within half a
 * minute, a new one is there. One daemon thread.
 */
final class RecipientsWatch implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    private final Vault vault;
    private final Optional<Path> file;
    private final CountDownLatch closing = new CountDownLatch(1);
    private List<X509Certificate> written = List.of();
    private volatile String problem = "";

    private RecipientsWatch(Vault vault, Optional<Path> file) {
        this.vault = vault;
        this.file = file;
    }

    /** Writes them once before it returns. @throws HansardException what the vault throws, or DATA_DIRECTORY */
    static RecipientsWatch start(Vault vault, Optional<Path> file) {
        RecipientsWatch watch = new RecipientsWatch(vault, file);
        watch.look();
        Thread.ofPlatform().daemon().name("decrypt-recipients").start(watch::run);
        return watch;
    }

    private void run() {
        try {
            while (!closing.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    look();
                } catch (HansardException e) {
                    problem = "the recipients' certificates are not up to date: " + e.getMessage();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        List<X509Certificate> now = vault.recipients();
        if (!now.equals(written)) {
            file.ifPresent(f -> RecipientsFile.write(f, now));
            written = now;
        }
        problem = now.isEmpty()
                ? "no worker's certificate is valid: nobody can seal a session key for this key group"
                : "";
    }

    /** For the health check: empty when all is well. */
    String problem() {
        return problem;
    }

    @Override
    public void close() {
        closing.countDown();
    }
}

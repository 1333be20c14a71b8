package hansard.app;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** How a process ends that was told to, by Ctrl-C or SIGTERM. */
final class Stopping {
    /** Below the half minute that Kubernetes and others allow before they kill. */
    private static final Duration WAIT = Duration.ofSeconds(25);

    private static volatile boolean underWay;

    private Stopping() {}

    /** Whether a signal has asked this process to stop. */
    static boolean isUnderWay() {
        return underWay;
    }

    /**
     * Closes on a signal, and only then lets the process end. After {@link #WAIT} it ends all the same, as by a kill, which loses
     * nothing: a stage may be waiting for a broker that is gone.
     *
     * @return reaches zero when all is closed; count it down to say that it was closed without a signal
     */
    static CountDownLatch onSignal(AutoCloseable running, Terminal terminal) {
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> {
            if (stopped.getCount() > 0) {
                underWay = true;
                stop(running, terminal);
                stopped.countDown();
            }
        }));
        return stopped;
    }

    private static void stop(AutoCloseable running, Terminal terminal) {
        terminal.status("");
        terminal.line("stopping …");
        Thread close = Thread.ofPlatform().daemon().name("close").start(() -> close(running, terminal));
        try {
            if (!close.join(WAIT)) {
                System.err.println("hansard: not everything stopped within " + WAIT.toSeconds()
                        + " s; the process ends as if killed, and the next start takes up what was in hand");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void close(AutoCloseable running, Terminal terminal) {
        try {
            running.close();
            terminal.line("stopped");
        } catch (Exception e) {
            System.err.println("hansard: did not stop cleanly: " + e.getMessage());
        }
    }
}

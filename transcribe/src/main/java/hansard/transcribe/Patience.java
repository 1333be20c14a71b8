package hansard.transcribe;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does things again while what they need is away, until the stage stops. Thread-safe. */
final class Patience {
    private static final Logger log = LoggerFactory.getLogger(Patience.class);
    private static final long RETRY_MILLIS = 1_000;

    private final Map<Object, String> waiting = new ConcurrentHashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);

    /** Nobody wants it any more. */
    static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1;

        Stopped() {
            super("no longer wanted", null, false, false);
        }
    }

    /**
     * @param who is named in the log
     * @param unwanted asked before each attempt
     * @throws HansardException what is not mended by waiting, KEY_REFUSED among it
     * @throws Stopped when it is unwanted, or the stage stops
     */
    <T> T with(Object who, BooleanSupplier unwanted, Supplier<T> step) {
        try {
            while (!unwanted.getAsBoolean() && closing.getCount() > 0) {
                try {
                    return step.get();
                } catch (HansardException e) {
                    if (!e.code().isRetriable() || e.code() == ErrorCode.KEY_REFUSED) {
                        throw e;
                    }
                    String why = e.getMessage() == null ? e.code().name() : e.getMessage();
                    if (waiting.put(who, why) == null) {
                        log.warn("{} waits, and tries again every second: {}", who, why);
                    }
                    if (closing.await(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
                        throw new Stopped();
                    }
                }
            }
            throw new Stopped();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Stopped();
        } finally {
            waiting.remove(who);
        }
    }

    /** What somebody waits for, in a sentence; empty when nobody does. */
    String problem() {
        return waiting.values().stream().findFirst().orElse("");
    }

    boolean isStopped() {
        return closing.getCount() == 0;
    }

    /** From now on nobody waits. */
    void stop() {
        closing.countDown();
    }
}

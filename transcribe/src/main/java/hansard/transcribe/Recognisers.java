package hansard.transcribe;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.util.BitSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model's recognisers, which are made when they are needed and used again by whoever speaks next. When their process crashes the
 * next who listens begins another. Thread-safe.
 */
final class Recognisers implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Recognisers.class);
    private static final long PAUSE_MILLIS = 1_000;
    private static final long QUICK_NANOS = 10_000_000_000L;

    private final String model;
    private final Supplier<RecogniserProcess> starter;
    private @Nullable RecogniserProcess process;
    private BitSet taken = new BitSet();
    private long startedNanos;
    private boolean loadedOnce;
    private boolean closed;

    /**
     * @param model its name, for the log
     * @param starter waits until the model is loaded; throws what {@link RecogniserProcess#start} does
     */
    Recognisers(String model, Supplier<RecogniserProcess> starter) {
        this.model = model;
        this.starter = starter;
    }

    /** Starts the process now rather than with the first word. @throws HansardException as the starter */
    synchronized void warm() {
        running();
    }

    /** A recogniser for one stretch. Close it when the stretch is over. */
    synchronized Listening listen() {
        RecogniserProcess running = running();
        int slot = taken.nextClearBit(0); // the lowest: no more are ever made than speak at once
        taken.set(slot);
        return new Listening(this, running, slot, taken);
    }

    private RecogniserProcess running() {
        if (closed) {
            throw new HansardException(ErrorCode.INTERNAL, "the recognisers of " + model + " are closed");
        }
        RecogniserProcess running = process;
        if (running == null || !running.isAlive()) {
            if (running != null) {
                log.warn("the recognisers' process of {} has ended; another is begun", model);
                running.close();
                if (System.nanoTime() - startedNanos < QUICK_NANOS) {
                    pause();
                }
            }
            running = started();
            process = running;
            taken = new BitSet();
            startedNanos = System.nanoTime();
        }
        return running;
    }

    /** A model that was loaded once is not missing: then it is the process that failed, and whoever listens tries again. */
    private RecogniserProcess started() {
        try {
            RecogniserProcess started = starter.get();
            loadedOnce = true;
            return started;
        } catch (HansardException e) {
            if (loadedOnce && e.code() == ErrorCode.MODEL_MISSING) {
                throw new RecogniserProcess.Crashed("could not be begun again: " + e.getMessage());
            }
            throw e;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @param of the slots of the process it was given in: another's are not touched */
    synchronized void giveBack(int slot, BitSet of) {
        of.clear(slot);
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (process != null) {
            process.close();
        }
    }
}

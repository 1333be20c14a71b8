package hansard.runtime;

/** A running stage. {@code close} stops taking work, finishes what is in hand, and returns when nothing of it is left. */
public interface StageService extends AutoCloseable {
    /** The stage's name as in the commands: {@code ingest}, {@code decrypt-worker}, … */
    String name();

    Health health();

    @Override
    void close();
}

package hansard.runtime;

/**
 * Where a background thread reports that it cannot go on. The launcher's handler ends the process with a message (and a
 * supervisor restarts it: every stage survives that); a test's handler remembers.
 */
@FunctionalInterface
public interface Faults {
    void fatal(String where, Throwable cause);
}

package hansard.app;

import hansard.runtime.Faults;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the process when a part cannot go on: a supervisor restarts it, and every stage survives that. */
final class Halt implements Faults {
    static final int STATUS = 70;

    private static final Logger log = LoggerFactory.getLogger(Halt.class);

    @Override
    public void fatal(String where, Throwable cause) {
        log.error("{} cannot go on; the process ends", where, cause);
        System.err.println("hansard: " + where + " cannot go on: " + cause.getMessage());
        Runtime.getRuntime().halt(STATUS);
    }
}

package hansard.fuzz;

import java.util.List;

/** Code that reads bytes from outside. Targets keep nothing from one run to the next that changes what the next one does. */
public interface FuzzTarget {
    /** Inputs that the code takes, to begin with; from real captures where the wire has them. */
    List<byte[]> seeds();

    /** Reads the input and throws when a promise is broken. */
    void run(byte[] input);

    default String name() {
        return getClass().getSimpleName();
    }
}

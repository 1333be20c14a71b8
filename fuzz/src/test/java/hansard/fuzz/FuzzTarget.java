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

    /** Bytes that a run may allocate besides, whatever its input: of a target that spends a bounded budget of trials. */
    default long budgetBytes() {
        return 0;
    }
}

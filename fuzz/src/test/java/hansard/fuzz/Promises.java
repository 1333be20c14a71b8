package hansard.fuzz;

import com.sun.management.ThreadMXBean;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What must hold of anything that reads foreign bytes. */
public final class Promises {
    /** Refusals that say the bytes are at fault. Any other code would blame somebody else, or make a stage wait for nothing. */
    private static final Set<ErrorCode> SENDERS_FAULT = EnumSet.of(
            ErrorCode.BAD_REQUEST,
            ErrorCode.MALFORMED,
            ErrorCode.TOO_LARGE,
            ErrorCode.NOT_AUTHENTIC,
            ErrorCode.BAD_CONFIGURATION);

    /** A refusal goes into a log and an answer: it may quote a little, never the input. */
    private static final int MAX_MESSAGE = 4_000;

    /** What a run may take whatever its input is; a lie about a length takes more. */
    private static final long ALLOCATION_FLOOR = 16L << 20;

    private static final int ALLOCATION_PER_BYTE = 512;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Promises() {}

    /** What was read, or null when the bytes were refused as they should be. */
    public static <T> @Nullable T readOrRefused(Supplier<T> read) {
        try {
            return Objects.requireNonNull(read.get(), "a reader gave null");
        } catch (HansardException e) {
            checkRefusal(e);
            return null;
        }
    }

    public static void checkRefusal(HansardException e) {
        if (!SENDERS_FAULT.contains(e.code())) {
            throw new AssertionError("refused as " + e.code() + ", which is not the sender's fault", e);
        }
        String message = String.valueOf(e.getMessage());
        hold(message.length() <= MAX_MESSAGE, "the refusal has " + message.length() + " characters");
        boolean oneLine =
                e.code() == ErrorCode.BAD_CONFIGURATION || message.chars().noneMatch(Promises::breaksALine);
        hold(oneLine, "the refusal would break a log's line");
    }

    /** Control characters, and what Unicode calls line and paragraph separators. */
    private static boolean breaksALine(int c) {
        return Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
    }

    public static void hold(boolean promise, String broken) {
        if (!promise) {
            throw new AssertionError(broken);
        }
    }

    public static void same(@Nullable Object expected, @Nullable Object actual, String what) {
        if (!Objects.deepEquals(expected, actual)) {
            throw new AssertionError(what + " differs");
        }
    }

    public static void sameBytes(byte[] expected, byte[] actual, String what) {
        hold(Arrays.equals(expected, actual), what + " differs");
    }

    /** Runs it and throws when it allocated more than its input can justify. */
    static void withinMemory(FuzzTarget target, byte[] input) {
        long allowed = ALLOCATION_FLOOR + target.budgetBytes() + (long) ALLOCATION_PER_BYTE * input.length;
        if (allocated(target, input) > allowed) {
            // the first run that comes by a class also loads it, and Jazzer rewrites it then; the second does not
            long used = allocated(target, input);
            hold(used <= allowed, target.name() + " allocated " + (used >> 20) + " MiB for " + input.length + " bytes");
        }
    }

    private static long allocated(FuzzTarget target, byte[] input) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        target.run(input);
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}

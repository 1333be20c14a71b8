package hansard.runtime;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/** What a process says of itself: named checks, each OK or a sentence that says what is wrong. Thread-safe. */
public final class Health {
    private final Map<String, Supplier<String>> checks = new ConcurrentSkipListMap<>();

    /** Adds a check. The supplier returns an empty string when all is well. */
    public void check(String name, Supplier<String> problem) {
        checks.put(name, problem);
    }

    /** The problems now, by check; empty when healthy. */
    public Map<String, String> problems() {
        Map<String, String> found = new ConcurrentSkipListMap<>();
        checks.forEach((name, check) -> {
            String problem = check.get();
            if (!problem.isEmpty()) {
                found.put(name, problem);
            }
        });
        return found;
    }
}

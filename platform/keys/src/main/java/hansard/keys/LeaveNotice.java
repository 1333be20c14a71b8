package hansard.keys;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Who waits for leave, over all that a stage reads, for its health. Thread-safe. */
public final class LeaveNotice {
    private final Map<Object, Map<String, String>> reasons = new ConcurrentHashMap<>();

    /** @param reasons by tenant, of what is read there; empty when nobody waits */
    public void told(Object where, Map<String, String> reasons) {
        if (reasons.isEmpty()) {
            this.reasons.remove(where);
        } else {
            this.reasons.put(where, Map.copyOf(reasons));
        }
    }

    /** In a sentence; empty when nobody waits. */
    public String problem() {
        Map<String, String> all = new TreeMap<>();
        reasons.values().forEach(all::putAll);
        return all.isEmpty()
                ? ""
                : "what is of " + String.join(", ", all.keySet()) + " waits as ciphertext for leave: "
                        + all.values().iterator().next();
    }
}

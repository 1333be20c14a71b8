package hansard.benchmarks;

import java.util.LinkedHashMap;
import java.util.Map;

/** CPU seconds that were used between two moments, by process. */
record Cost(Map<String, Double> cpuSeconds) {
    Cost {
        cpuSeconds = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(cpuSeconds));
    }

    static Cost between(Map<String, Double> before, Map<String, Double> after) {
        Map<String, Double> used = new LinkedHashMap<>();
        after.forEach((name, seconds) -> used.put(name, seconds - before.getOrDefault(name, 0.0)));
        return new Cost(used);
    }

    double total() {
        return cpuSeconds.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    /** @param streamSeconds seconds of one stream, summed over the streams */
    Cost perStreamHour(double streamSeconds) {
        Map<String, Double> each = new LinkedHashMap<>();
        cpuSeconds.forEach((name, seconds) -> each.put(name, seconds / streamSeconds * 3_600));
        return new Cost(each);
    }
}

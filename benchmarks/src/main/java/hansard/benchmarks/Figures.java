package hansard.benchmarks;

import com.fasterxml.jackson.databind.SerializationFeature;
import hansard.runtime.Json;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What a run has measured, in the order in which it is told. */
final class Figures {
    private final Map<String, Object> values = new LinkedHashMap<>();

    /** @param value a number, a text, a boolean, or a map of these */
    void put(String name, Object value) {
        values.put(name, value);
    }

    boolean isTrue(String name) {
        return Boolean.TRUE.equals(values.get(name));
    }

    Map<String, Object> values() {
        return Map.copyOf(values);
    }

    void print(boolean json) throws IOException {
        if (json) {
            System.out.println(
                    Json.mapper().writer(SerializationFeature.INDENT_OUTPUT).writeValueAsString(values));
        } else {
            values.forEach((name, value) -> System.out.printf("%-36s %s%n", name, text(value)));
        }
    }

    private static String text(Object value) {
        return switch (value) {
            case Double number -> String.format(Locale.ROOT, "%.2f", number);
            case Map<?, ?> map ->
                String.join(
                        "  ",
                        map.entrySet().stream()
                                .map(e -> e.getKey() + " " + text(e.getValue()))
                                .toList());
            default -> value.toString();
        };
    }
}

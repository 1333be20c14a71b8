package hansard.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Settings by dotted key ({@code ingest.http.port}), from a YAML file and, over it, environment variables ({@code
 * HANSARD_INGEST_HTTP_PORT}). Each reader names its key and default; when all parts have read theirs, {@link #check()}
 * reports every problem together: values out of range, and keys that nobody asked for, with the nearest known one.
 *
 * <p>Not thread-safe: read at start-up, by one thread.
 */
public final class Settings {
    private final String source;
    private final Map<String, String> values;
    private final Set<String> known = new TreeSet<>();
    private final Set<String> knownPrefixes = new TreeSet<>();
    private final List<String> problems = new ArrayList<>();

    private Settings(String source, Map<String, String> values) {
        this.source = source;
        this.values = values;
    }

    /** Settings from a map, for embedding and tests. */
    public static Settings of(Map<String, String> values) {
        return new Settings("settings", new LinkedHashMap<>(values));
    }

    /** Reads a YAML file and the environment. Throws {@link ErrorCode#BAD_CONFIGURATION} when it is not YAML. */
    public static Settings load(@Nullable Path file, Map<String, String> defaults, Map<String, String> environment) {
        Map<String, String> values = new LinkedHashMap<>(defaults);
        if (file != null) {
            try {
                JsonNode root = new YAMLMapper().readTree(Files.readString(file));
                if (root != null && !root.isMissingNode() && !root.isNull()) {
                    if (!root.isObject()) {
                        throw new HansardException(
                                ErrorCode.BAD_CONFIGURATION,
                                file + ": expected keys and values at the top, as in 'ingest:'");
                    }
                    flatten("", root, values);
                }
            } catch (IOException e) {
                throw new HansardException(
                        ErrorCode.BAD_CONFIGURATION, file + ": cannot be read as YAML: " + e.getMessage(), e);
            }
        }
        environment.forEach((name, value) -> {
            if (name.startsWith("HANSARD_") && name.length() > 8) {
                values.put("env:" + name.substring(8).toLowerCase(Locale.ROOT), value);
            }
        });
        return new Settings(file == null ? "settings" : file.toString(), values);
    }

    private static void flatten(String prefix, JsonNode node, Map<String, String> into) {
        if (node.isObject()) {
            node.properties()
                    .forEach(e ->
                            flatten(prefix.isEmpty() ? e.getKey() : prefix + "." + e.getKey(), e.getValue(), into));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                flatten(prefix + "." + i, node.get(i), into);
            }
        } else {
            into.put(prefix, node.asText());
        }
    }

    private static String environmentName(String key) {
        return "env:" + key.replace('.', '_').replace('-', '_').toLowerCase(Locale.ROOT);
    }

    private @Nullable String raw(String key) {
        known.add(key);
        String fromEnvironment = values.get(environmentName(key));
        return fromEnvironment != null ? fromEnvironment : values.get(key);
    }

    /** Remembers a key's default for later readers, unless the file or the environment sets it. */
    public void putDefault(String key, String value) {
        values.putIfAbsent(key, value);
    }

    public String string(String key, String fallback) {
        String value = raw(key);
        return value == null ? fallback : value;
    }

    /** A string that must be given. */
    public String required(String key) {
        String value = raw(key);
        if (value == null || value.isBlank()) {
            problems.add(key + " is not set; it has no default");
            return "";
        }
        return value;
    }

    public @Nullable String optional(String key) {
        return raw(key);
    }

    public Path path(String key, Path fallback) {
        return parsed(key, fallback, Path::of);
    }

    public int integer(String key, int fallback, int min, int max) {
        return Math.toIntExact(number(key, fallback, min, max));
    }

    public long number(String key, long fallback, long min, long max) {
        return parsed(key, fallback, text -> {
            long n = Long.parseLong(text.replace("_", ""));
            if (n < min || n > max) {
                throw new IllegalArgumentException("must be " + min + " to " + max);
            }
            return n;
        });
    }

    public boolean flag(String key, boolean fallback) {
        return parsed(key, fallback, text -> switch (text) {
            case "true", "yes", "on" -> true;
            case "false", "no", "off" -> false;
            default -> throw new IllegalArgumentException("must be true or false");
        });
    }

    /** A duration as {@code 250ms}, {@code 30s}, {@code 15m}, {@code 12h}, {@code 90d}. */
    public Duration duration(String key, Duration fallback) {
        return parsed(key, fallback, Settings::parseDuration);
    }

    /** Parses {@code 250ms}, {@code 30s}, {@code 15m}, {@code 12h}, {@code 90d}, {@code 7y} (a year is 365 days). */
    public static Duration parseDuration(String text) {
        String t = text.strip().toLowerCase(Locale.ROOT);
        int digits = 0;
        while (digits < t.length() && Character.isDigit(t.charAt(digits))) {
            digits++;
        }
        if (digits == 0) {
            throw new IllegalArgumentException("must be a duration such as 250ms, 30s, 15m, 12h, 90d or 7y");
        }
        long n = Long.parseLong(t.substring(0, digits));
        try {
            return switch (t.substring(digits).strip()) {
                case "ms" -> Duration.ofMillis(n);
                case "s" -> Duration.ofSeconds(n);
                case "m" -> Duration.ofMinutes(n);
                case "h" -> Duration.ofHours(n);
                case "d" -> Duration.ofDays(n);
                case "y" -> Duration.ofDays(Math.multiplyExact(n, 365L));
                default ->
                    throw new IllegalArgumentException("must be a duration such as 250ms, 30s, 15m, 12h, 90d or 7y");
            };
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("must be less than " + Long.MAX_VALUE + " seconds", e);
        }
    }

    /**
     * The part of the settings below a prefix, as a tree of names: {@code below("retention.policies")} of {@code
     * retention.policies.trading.keep: 7y} gives {@code {"trading.keep": "7y"}}. The keys count as known; the caller
     * checks them and says what is wrong with {@link #problem}. In an environment variable below the prefix, an underscore
     * stands for a dot, unless a key of the file says otherwise.
     */
    public Map<String, String> below(String prefix) {
        knownPrefixes.add(prefix + ".");
        Map<String, String> found = new LinkedHashMap<>();
        values.forEach((key, value) -> {
            if (key.startsWith(prefix + ".")) {
                found.put(key.substring(prefix.length() + 1), value);
            }
        });
        String environmentPrefix = environmentName(prefix) + "_";
        values.forEach((name, value) -> {
            if (name.startsWith(environmentPrefix)) {
                String rest = name.substring(environmentPrefix.length());
                String key = found.keySet().stream()
                        .filter(k -> environmentName(prefix + "." + k).equals(name))
                        .findFirst()
                        .orElse(rest.replace('_', '.'));
                found.put(key, value);
            }
        });
        return found;
    }

    /** Notes a problem that {@link #check()} will report with the others. */
    public void problem(String key, String what) {
        problems.add(key + " " + what);
    }

    private <T> T parsed(String key, T fallback, Function<String, T> parse) {
        String text = raw(key);
        if (text == null) {
            return fallback;
        }
        try {
            return parse.apply(text.strip());
        } catch (NumberFormatException e) {
            problems.add(key + " is '" + text + "': must be a whole number");
        } catch (IllegalArgumentException e) {
            problems.add(key + " is '" + text + "': " + e.getMessage());
        }
        return fallback;
    }

    /** Lets a part that does not run here read its settings: its keys are known then, and its problems are not ours. */
    public void knows(Runnable reading) {
        List<String> ours = new ArrayList<>(problems);
        reading.run();
        problems.clear();
        problems.addAll(ours);
    }

    /** Throws one {@link ErrorCode#BAD_CONFIGURATION} that names every problem, or returns when there is none. */
    public void check() {
        List<String> all = new ArrayList<>(problems);
        for (String key : values.keySet()) {
            if (key.startsWith("env:")) {
                continue; // HANSARD_ variables may belong to the launcher; the file's keys may not
            }
            if (!known.contains(key) && knownPrefixes.stream().noneMatch(key::startsWith)) {
                String nearest = nearest(key);
                all.add("unknown key " + key + (nearest == null ? "" : "; did you mean " + nearest + "?"));
            }
        }
        if (!all.isEmpty()) {
            throw new HansardException(
                    ErrorCode.BAD_CONFIGURATION,
                    source + ": " + all.size() + (all.size() == 1 ? " problem" : " problems") + "\n  - "
                            + String.join("\n  - ", all));
        }
    }

    private @Nullable String nearest(String key) {
        String best = null;
        int bestDistance = Math.max(3, key.length() / 3);
        for (String candidate : known) {
            int d = distance(key, candidate);
            if (d < bestDistance) {
                bestDistance = d;
                best = candidate;
            }
        }
        return best;
    }

    /** Levenshtein distance, two rows. */
    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitute = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(Math.min(row[j - 1], previous[j]) + 1, substitute);
            }
            int[] swap = previous;
            previous = row;
            row = swap;
        }
        return previous[b.length()];
    }
}

package hansard.retention;

import hansard.runtime.Settings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The policies in force, and which of them holds for a call: the one with the most selectors of those that match. */
record Policies(List<Policy> all) {
    private static final String PREFIX = "retention.policies";

    Policies {
        all = List.copyOf(all);
    }

    /** Reads {@code retention.policies.NAME.{tenant,department,client,keep}} and {@code retention.default.keep}. */
    static Policies from(Settings s) {
        Map<String, Map<String, String>> byName = new LinkedHashMap<>();
        s.below(PREFIX).forEach((key, value) -> {
            int dot = key.lastIndexOf('.');
            if (dot <= 0) {
                s.problem(PREFIX + "." + key, "is not a policy: expected " + PREFIX + ".NAME.keep");
            } else {
                byName.computeIfAbsent(key.substring(0, dot), n -> new LinkedHashMap<>())
                        .put(key.substring(dot + 1), value);
            }
        });
        List<Policy> policies = new ArrayList<>();
        byName.forEach((name, fields) -> policies.add(policy(s, name, fields)));
        policies.add(Policy.everything(keep(s, "retention.default.keep", s.string("retention.default.keep", "7y"))));
        Policies result = new Policies(policies);
        result.ties().forEach(tie -> s.problem(PREFIX, tie));
        return result;
    }

    private static Policy policy(Settings s, String name, Map<String, String> fields) {
        String at = PREFIX + "." + name;
        fields.keySet().stream()
                .filter(f -> !List.of("tenant", "department", "client", "keep").contains(f))
                .forEach(f -> s.problem(at + "." + f, "is unknown; a policy has tenant, department, client and keep"));
        String keep = fields.get("keep");
        if (keep == null) {
            s.problem(at + ".keep", "is not set; it has no default");
            keep = "7y";
        }
        Policy policy = new Policy(
                name,
                fields.getOrDefault("tenant", ""),
                fields.getOrDefault("department", ""),
                fields.getOrDefault("client", ""),
                keep(s, at + ".keep", keep));
        if (policy.specificity() == 0) {
            s.problem(
                    at,
                    "matches every call; set retention.default.keep instead, or give it a tenant, department or client");
        }
        return policy;
    }

    private static Keep keep(Settings s, String key, String text) {
        try {
            return Keep.parse(text);
        } catch (IllegalArgumentException | ArithmeticException e) {
            s.problem(key, "is '" + text + "': " + e.getMessage());
            return Keep.parse("7y");
        }
    }

    /** The policy that holds for a call. */
    Policy of(CallIdentity call) {
        return all.stream()
                .filter(p -> p.matches(call))
                .max(Comparator.comparingInt(Policy::specificity))
                .orElseThrow(() -> new IllegalStateException("the default policy matches every call"));
    }

    /** A sentence for each pair that would hold for the same call with equal right; empty when there is none. */
    List<String> ties() {
        List<String> ties = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            for (int j = i + 1; j < all.size(); j++) {
                Policy a = all.get(i);
                Policy b = all.get(j);
                if (a.specificity() == b.specificity() && a.overlaps(b) && !isDecidedByAnother(a, b)) {
                    ties.add("has a tie: '" + a.name() + "' and '" + b.name()
                            + "' match the same calls and neither is more specific; add a selector to one of them");
                }
            }
        }
        return ties;
    }

    private boolean isDecidedByAnother(Policy a, Policy b) {
        return all.stream().anyMatch(p -> p.specificity() > a.specificity() && p.coversBoth(a, b));
    }
}

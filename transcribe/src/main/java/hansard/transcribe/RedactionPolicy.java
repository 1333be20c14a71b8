package hansard.transcribe;

import hansard.runtime.Settings;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Whose card numbers and security codes leave the words (decision 51): everybody's, {@code transcribe.redaction}, unless a tenant wants it
 * otherwise, {@code transcribe.tenants.TENANT.redaction}; each is {@code cards} or {@code off}.
 *
 * @param usual whether those go of whom nothing is said
 * @param tenants by tenant
 */
record RedactionPolicy(boolean usual, Map<String, Boolean> tenants) {
    static final String KEY = ".redaction";
    private static final String ALL = "transcribe.redaction";

    RedactionPolicy {
        tenants = Map.copyOf(tenants);
    }

    static RedactionPolicy from(Settings s) {
        return new RedactionPolicy(
                isOn(s, ALL, s.string(ALL, "cards")),
                s.below(ModelChoice.TENANTS).entrySet().stream()
                        .filter(wish -> wish.getKey().endsWith(KEY))
                        .collect(Collectors.toMap(
                                wish -> wish.getKey().substring(0, wish.getKey().length() - KEY.length()),
                                wish -> isOn(s, ModelChoice.TENANTS + "." + wish.getKey(), wish.getValue()))));
    }

    private static boolean isOn(Settings s, String key, String value) {
        if (!List.of("cards", "off").contains(value)) {
            s.problem(key, "is '" + value + "': must be cards or off");
        }
        return !value.equals("off");
    }

    boolean redacts(String tenant) {
        return tenants.getOrDefault(tenant, usual);
    }
}

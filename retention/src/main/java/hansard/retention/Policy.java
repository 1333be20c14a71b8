package hansard.retention;

/**
 * Which calls are kept how long. An empty selector matches every call.
 *
 * @param name as in {@code retention.policies.NAME}
 */
record Policy(String name, String tenant, String department, String client, Keep keep) {
    static final String DEFAULT_NAME = "default";

    static Policy everything(Keep keep) {
        return new Policy(DEFAULT_NAME, "", "", "", keep);
    }

    boolean matches(CallIdentity call) {
        return allows(tenant, call.tenant()) && allows(department, call.department()) && allows(client, call.client());
    }

    private static boolean allows(String selector, String value) {
        return selector.isEmpty() || selector.equals(value);
    }

    /** How many selectors it has: the more, the more specific. */
    int specificity() {
        return (tenant.isEmpty() ? 0 : 1) + (department.isEmpty() ? 0 : 1) + (client.isEmpty() ? 0 : 1);
    }

    /** Whether some call matches both. */
    boolean overlaps(Policy other) {
        return compatible(tenant, other.tenant)
                && compatible(department, other.department)
                && compatible(client, other.client);
    }

    private static boolean compatible(String a, String b) {
        return a.isEmpty() || b.isEmpty() || a.equals(b);
    }

    /** Whether it matches every call that matches both others. */
    boolean coversBoth(Policy a, Policy b) {
        return covers(tenant, a.tenant, b.tenant)
                && covers(department, a.department, b.department)
                && covers(client, a.client, b.client);
    }

    private static boolean covers(String selector, String a, String b) {
        return selector.isEmpty() || selector.equals(a) || selector.equals(b);
    }

    /** For orders, receipts and people: the name and the period. */
    String inWords() {
        return name + ", keep " + keep.text();
    }
}

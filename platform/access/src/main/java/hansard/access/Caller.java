package hansard.access;

import java.util.List;
import java.util.Set;

/**
 * Somebody whose credentials held.
 *
 * @param user the account's name
 * @param departments for a compliance officer: the departments whose calls they oversee, empty for all of the tenant
 * @param actedFor true when the holder of the local token acts as this user
 */
public record Caller(
        String tenant, String user, String displayName, Set<Role> roles, List<String> departments, boolean actedFor) {
    public Caller {
        roles = Set.copyOf(roles);
        departments = List.copyOf(departments);
    }

    /** Somebody who came with credentials of their own. */
    public Caller(String tenant, String user, String displayName, Set<Role> roles, List<String> departments) {
        this(tenant, user, displayName, roles, departments, false);
    }

    /** The same user, in whose name the holder of the local token acts. */
    Caller byLocalToken() {
        return new Caller(tenant, user, displayName, roles, departments, true);
    }

    /** Who the audit says it was: {@code olivia}, or {@code local as olivia}. */
    public String actor() {
        return actedFor ? "local as " + user : user;
    }

    public boolean has(Role role) {
        return roles.contains(role);
    }

    /**
     * Whether they may find, read and hear a call.
     *
     * @param participantUsers accounts of those who took part
     */
    public boolean maySee(String callTenant, String department, Set<String> participantUsers) {
        if (!tenant.equals(callTenant)) {
            return false;
        }
        if (has(Role.COMPLIANCE_OFFICER) && (departments.isEmpty() || departments.contains(department))) {
            return true;
        }
        return has(Role.KNOWLEDGE_WORKER) && participantUsers.contains(user);
    }
}

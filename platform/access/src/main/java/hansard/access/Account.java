package hansard.access;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One user in {@code users.json}.
 *
 * @param password null for somebody who cannot sign in
 */
record Account(
        String tenant,
        String user,
        String displayName,
        Set<Role> roles,
        List<String> departments,
        @Nullable PasswordHash password) {
    Account {
        Objects.requireNonNull(tenant, "a user without a tenant");
        Objects.requireNonNull(user, "a user without a name");
        displayName = Objects.requireNonNullElse(displayName, user);
        roles = roles == null ? Set.of() : Set.copyOf(roles);
        departments = departments == null ? List.of() : List.copyOf(departments);
    }

    static Account of(Caller caller, PasswordHash password) {
        return new Account(
                caller.tenant(), caller.user(), caller.displayName(), caller.roles(), caller.departments(), password);
    }

    Caller caller() {
        return new Caller(tenant, user, displayName, roles, departments);
    }
}

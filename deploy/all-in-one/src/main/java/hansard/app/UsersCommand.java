package hansard.app;

import hansard.access.Access;
import hansard.access.Caller;
import hansard.access.Role;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Who may sign in. */
@Command(
        name = "users",
        mixinStandardHelpOptions = true,
        description = "Lists the users of a data directory, or adds one. A running instance sees the change at once.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  hansard users --data data/demo",
            "  hansard users --data data add olivia --name 'Olivia Grant' --role compliance-officer"
        })
final class UsersCommand implements Callable<Integer> {
    @Option(names = "--data", paramLabel = "DIR", description = "Default: ./data", defaultValue = "data")
    Path data = Path.of("data");

    private Access access() {
        return Access.open(data.resolve("access"));
    }

    @Override
    public Integer call() {
        List<Caller> users = access().users();
        if (users.isEmpty()) {
            System.out.println(
                    "no users in " + data + "; add one with 'hansard users --data " + data + " add NAME --role …'");
        }
        users.stream()
                .sorted(Comparator.comparing(Caller::user))
                .forEach(u -> System.out.printf(
                        "%-16s %-24s %s%s%n",
                        u.user(),
                        u.displayName(),
                        u.roles().stream().map(UsersCommand::label).sorted().collect(Collectors.joining(", ")),
                        u.departments().isEmpty() ? "" : "  " + u.departments()));
        return 0;
    }

    private static String label(Role role) {
        return role.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Command(name = "add", mixinStandardHelpOptions = true, description = "Adds a user, or replaces one.")
    int add(
            @Parameters(paramLabel = "NAME", description = "What they sign in with.") String name,
            @Option(names = "--name", description = "What others see.") @Nullable String displayName,
            @Option(
                            names = "--role",
                            required = true,
                            description =
                                    "knowledge-worker, compliance-officer, original-listener, operator, connector; may be repeated.")
                    List<String> roles,
            @Option(names = "--department", description = "For an officer: only these departments.") @Nullable
                    List<String> departments,
            @Option(names = "--tenant", defaultValue = "default", description = "Default: ${DEFAULT-VALUE}")
                    String tenant) {
        Set<Role> given = EnumSet.noneOf(Role.class);
        for (String role : roles) {
            try {
                given.add(Role.valueOf(role.toUpperCase(Locale.ROOT).replace('-', '_')));
            } catch (IllegalArgumentException e) {
                throw new HansardException(
                        ErrorCode.BAD_REQUEST,
                        "there is no role '" + role
                                + "'; there are knowledge-worker, compliance-officer, original-listener, operator, connector",
                        e);
            }
        }
        Caller user = new Caller(
                tenant,
                name,
                displayName == null ? name : displayName,
                given,
                departments == null ? List.of() : departments);
        access().putUser(user, password());
        System.out.println("added " + name);
        return 0;
    }

    /** From the terminal without echo, or the first line of standard input. */
    private static String password() {
        Console console = System.console();
        String password;
        if (console != null && console.isTerminal()) {
            char[] typed = console.readPassword("Password: ");
            password = typed == null ? "" : new String(typed);
        } else {
            try {
                String line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
                password = line == null ? "" : line;
            } catch (IOException e) {
                throw new HansardException(ErrorCode.BAD_REQUEST, "cannot read the password from standard input", e);
            }
        }
        if (password.isBlank()) {
            throw new HansardException(
                    ErrorCode.BAD_REQUEST, "a password is needed, on the terminal or standard input");
        }
        return password;
    }
}

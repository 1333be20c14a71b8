package hansard.access;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Secret;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checks credentials: {@code Authorization: Basic} with a user's password, {@code Authorization: Bearer} with a session token,
 * or the cookie {@code hansard_session} with one. A holder of the local token (a file only the service's owner can read) may
 * act as any user with the header {@code X-Hansard-As: USER}; that is how the command line's {@code --as} works, and the
 * audit says so. Without that header they are the built-in caller {@code local}, with every role in the tenant {@code default}.
 * Thread-safe.
 */
public final class Access {
    private static final Pattern USER = Pattern.compile("[A-Za-z0-9._@+-]{1,128}");
    private static final Caller LOCAL =
            new Caller("default", "local", "local command line", EnumSet.allOf(Role.class), List.of());

    private final InstantSource clock;
    private final Accounts accounts;
    private final Passwords passwords = new Passwords();
    private final SessionTokens sessions;
    private final Secret<String> localToken;

    private Access(InstantSource clock, Accounts accounts, SessionTokens sessions, Secret<String> localToken) {
        this.clock = clock;
        this.accounts = accounts;
        this.sessions = sessions;
        this.localToken = localToken;
    }

    /**
     * Opens the directory {@code access/}: {@code users.json}, {@code session.key} and {@code local.token}; makes the last two
     * at random with owner-only permissions where they are missing.
     */
    public static Access open(Path directory) {
        return open(directory, InstantSource.system());
    }

    static Access open(Path directory, InstantSource clock) {
        try {
            AccessFiles.makeDirectory(directory);
            String sessionKey = AccessFiles.secret(directory.resolve("session.key"));
            String localToken = AccessFiles.secret(directory.resolve("local.token"));
            return new Access(clock, new Accounts(directory), new SessionTokens(sessionKey), Secret.of(localToken));
        } catch (IOException e) {
            throw AccessFiles.failed(directory, e);
        }
    }

    /** Who sends this request. @throws hansard.runtime.HansardException UNAUTHENTICATED */
    public Caller authenticate(ServerRequest request) {
        return authenticate(
                Credentials.of(request),
                request.headers().first(Credentials.ACT_AS).orElse(null));
    }

    /** The same, and FORBIDDEN unless they have one of the roles. */
    public Caller authenticate(ServerRequest request, Role... anyOf) {
        return withRole(authenticate(request), anyOf);
    }

    static Caller withRole(Caller caller, Role... anyOf) {
        for (Role role : anyOf) {
            if (caller.has(role)) {
                return caller;
            }
        }
        throw new HansardException(
                ErrorCode.FORBIDDEN,
                caller.user() + " may not do this; it needs the role "
                        + Arrays.stream(anyOf).map(Access::label).collect(Collectors.joining(" or ")));
    }

    private static String label(Role role) {
        return role.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    Caller authenticate(Credentials credentials, @Nullable String actAs) {
        return switch (credentials) {
            case Credentials.Missing missing -> throw new HansardException(ErrorCode.UNAUTHENTICATED, missing.why());
            case Credentials.Token token -> isLocal(token) ? actedAs(actAs) : themselves(session(token), actAs);
            case Credentials.Password given ->
                themselves(account(given.user(), given.password().reveal()), actAs);
        };
    }

    private boolean isLocal(Credentials.Token token) {
        return MessageDigest.isEqual(
                localToken.reveal().getBytes(StandardCharsets.UTF_8),
                token.token().reveal().getBytes(StandardCharsets.UTF_8));
    }

    private Caller actedAs(@Nullable String user) {
        if (user == null) {
            return LOCAL;
        }
        Account account = accounts.find(user);
        if (account == null) {
            String name = USER.matcher(user).matches() ? "'" + user + "'" : "of that name";
            throw new HansardException(
                    ErrorCode.FORBIDDEN,
                    "there is no user " + name + " to act as; 'hansard users' lists them, and they are in "
                            + accounts.file());
        }
        return account.caller().byLocalToken();
    }

    private static Caller themselves(Account account, @Nullable String actAs) {
        if (actAs != null) {
            throw new HansardException(
                    ErrorCode.FORBIDDEN,
                    account.user() + " may not act as somebody else: X-Hansard-As needs the local token");
        }
        return account.caller();
    }

    private Account session(Credentials.Token token) {
        Account account = sessions.check(token.token().reveal(), clock.instant(), accounts::find);
        if (account == null) {
            throw new HansardException(
                    ErrorCode.UNAUTHENTICATED, "the session is over, or its token is not ours: sign in again");
        }
        return account;
    }

    private Account account(String user, String password) {
        Account account = accounts.find(user);
        boolean holds = passwords.hold(user, account == null ? null : account.password(), password);
        if (account == null || !holds) {
            throw new HansardException(ErrorCode.UNAUTHENTICATED, "the user or the password is wrong");
        }
        return account;
    }

    /** Checks a password and gives a session token, good for twelve hours. @throws hansard.runtime.HansardException UNAUTHENTICATED */
    public String login(String user, String password) {
        return sessions.issue(account(user, password), clock.instant());
    }

    /** All users, for the demo's list of logins and the command line. */
    public List<Caller> users() {
        return accounts.all().stream().map(Account::caller).toList();
    }

    /** Adds or replaces a user; the password is kept as PBKDF2 only. */
    public void putUser(Caller user, String password) {
        if (!USER.matcher(user.user()).matches() || user.user().equals(LOCAL.user())) {
            throw new HansardException(
                    ErrorCode.BAD_REQUEST,
                    "a user's name is 1 to 128 letters, digits, '.', '_', '@', '+' or '-', and not 'local'");
        }
        if (password.isEmpty() || password.length() > Passwords.MAX_CHARACTERS) {
            throw new HansardException(
                    ErrorCode.BAD_REQUEST, "a password has 1 to " + Passwords.MAX_CHARACTERS + " characters");
        }
        accounts.put(Account.of(user, PasswordHash.of(password)));
    }

    /** What the command line of the service's owner sends as {@code Authorization: Bearer}. */
    public Secret<String> localToken() {
        return localToken;
    }
}

package hansard.index;

import com.fasterxml.jackson.annotation.JsonInclude;
import hansard.access.Access;
import hansard.access.Caller;
import hansard.access.Role;
import hansard.audit.AuditLog;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.HttpApi;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Signing in and out. The cookie is for the browser, the token in the answer for everybody else. */
final class SessionApi implements HttpService {
    private static final String COOKIE = "hansard_session=";
    private static final String ATTRIBUTES = "; Path=/; HttpOnly; SameSite=Strict";

    private final Access access;
    private final AuditLog audit;

    SessionApi(Access access, AuditLog audit) {
        this.access = access;
        this.audit = audit;
    }

    record Credentials(@Nullable String user, @Nullable String password) {
        @Override
        public String toString() {
            return "Credentials[" + user + "]";
        }
    }

    record Session(
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String token,

            String user,
            String displayName,
            String tenant,
            Set<Role> roles,
            List<String> departments) {
        @Override
        public String toString() {
            return "Session[" + user + "]";
        }
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/", this::signIn).get("/", this::show).delete("/", this::signOut);
    }

    private void signIn(ServerRequest req, ServerResponse res) {
        Credentials given = HttpApi.body(req, Credentials.class);
        if (given.user() == null || given.password() == null) {
            throw new HansardException(ErrorCode.BAD_REQUEST, "user and password are needed");
        }
        String token = access.login(given.user(), given.password());
        Caller caller = access.users().stream()
                .filter(u -> u.user().equals(given.user()))
                .findFirst()
                .orElseThrow(() -> new HansardException(ErrorCode.UNAUTHENTICATED, "the account was just removed"));
        audit.note(audit.event(caller.tenant(), caller.actor(), "session.opened", "", "ok", java.util.Map.of()));
        res.header(HeaderNames.SET_COOKIE, COOKIE + token + ATTRIBUTES + "; Max-Age=43200");
        HttpApi.json(res, session(token, caller));
    }

    private void show(ServerRequest req, ServerResponse res) {
        HttpApi.json(res, session(null, access.authenticate(req)));
    }

    private void signOut(ServerRequest req, ServerResponse res) {
        res.header(HeaderNames.SET_COOKIE, COOKIE + ATTRIBUTES + "; Max-Age=0");
        res.status(Status.NO_CONTENT_204).send();
    }

    private static Session session(@Nullable String token, Caller caller) {
        return new Session(
                token, caller.user(), caller.displayName(), caller.tenant(), caller.roles(), caller.departments());
    }
}

package hansard.access;

import hansard.runtime.Secret;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a request brings to say who it is from. */
sealed interface Credentials {
    HeaderName ACT_AS = HeaderNames.create("X-Hansard-As");
    String COOKIE = "hansard_session";

    record Password(String user, Secret<String> password) implements Credentials {}

    /** A session token or the local token. */
    record Token(Secret<String> token) implements Credentials {}

    /** @param why what a person should change */
    record Missing(String why) implements Credentials {}

    static Credentials of(ServerRequest request) {
        var headers = request.headers();
        return of(
                headers.first(HeaderNames.AUTHORIZATION).orElse(null),
                headers.contains(HeaderNames.COOKIE)
                        ? headers.get(HeaderNames.COOKIE).allValues()
                        : List.of());
    }

    static Credentials of(@Nullable String authorization, List<String> cookies) {
        if (authorization != null) {
            return ofAuthorization(authorization);
        }
        String token = cookie(cookies);
        if (token != null) {
            return new Token(Secret.of(token));
        }
        return new Missing("no credentials: sign in with POST /v1/session, or send Authorization");
    }

    private static Credentials ofAuthorization(String authorization) {
        int space = authorization.indexOf(' ');
        String scheme = space < 0 ? "" : authorization.substring(0, space).toLowerCase(Locale.ROOT);
        String value = authorization.substring(space + 1).strip();
        return switch (scheme) {
            case "bearer" -> new Token(Secret.of(value));
            case "basic" -> basic(value);
            default -> new Missing("Authorization must be 'Basic …' or 'Bearer …'");
        };
    }

    /** RFC 7617: base64 of user, colon, password; the password may hold colons. */
    private static Credentials basic(String value) {
        String pair;
        try {
            pair = new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return new Missing("Authorization: Basic is not base64");
        }
        int colon = pair.indexOf(':');
        return colon < 0
                ? new Missing("Authorization: Basic is not base64 of user:password")
                : new Password(pair.substring(0, colon), Secret.of(pair.substring(colon + 1)));
    }

    /** RFC 6265 section 4.2.1: name=value pairs, joined by semicolons. */
    private static @Nullable String cookie(List<String> headers) {
        for (String header : headers) {
            for (String pair : header.split(";", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0 && pair.substring(0, equals).strip().equals(COOKIE)) {
                    String value = pair.substring(equals + 1).strip();
                    boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
                    return quoted ? value.substring(1, value.length() - 1) : value;
                }
            }
        }
        return null;
    }
}

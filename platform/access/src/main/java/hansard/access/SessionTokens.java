package hansard.access;

import hansard.runtime.HansardException;
import hansard.runtime.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Session tokens: {@code base64url(JSON).base64url(HMAC-SHA256)}. The HMAC is over the JSON and the user's password hash, so
 * that a new password ends the sessions of the old one.
 */
final class SessionTokens {
    static final Duration LIFE = Duration.ofHours(12);
    private static final int MAX_CHARACTERS = 2048;
    private static final byte[] PURPOSE = "hansard session\n".getBytes(StandardCharsets.US_ASCII);

    /** @param expires seconds since 1970 */
    record Session(String user, long expires) {}

    private final HmacSha256 mac;

    SessionTokens(String sessionKey) {
        this.mac = new HmacSha256(sessionKey.getBytes(StandardCharsets.US_ASCII));
    }

    String issue(Account account, Instant now) {
        byte[] json = Json.bytes(new Session(account.user(), now.plus(LIFE).getEpochSecond()));
        var base64 = Base64.getUrlEncoder().withoutPadding();
        return base64.encodeToString(json) + "." + base64.encodeToString(mac(json, account));
    }

    private byte[] mac(byte[] json, Account account) {
        PasswordHash password = account.password();
        return mac.of(PURPOSE, password == null ? new byte[0] : password.hash(), json);
    }

    /** Whose the token is, or null when it does not hold now. */
    @Nullable
    Account check(String token, Instant now, Function<String, @Nullable Account> accounts) {
        int dot = token.indexOf('.');
        if (dot < 0 || token.length() > MAX_CHARACTERS) {
            return null;
        }
        byte[] json;
        byte[] given;
        Session session;
        try {
            json = Base64.getUrlDecoder().decode(token.substring(0, dot));
            given = Base64.getUrlDecoder().decode(token.substring(dot + 1));
            session = Json.read(json, Session.class);
        } catch (IllegalArgumentException | HansardException e) {
            return null; // not a token of ours
        }
        Account account = session.user() == null ? null : accounts.apply(session.user());
        if (account == null || !MessageDigest.isEqual(mac(json, account), given)) {
            return null;
        }
        return now.getEpochSecond() < session.expires() ? account : null;
    }
}

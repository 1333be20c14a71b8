package hansard.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks passwords, and remembers the last one that held for each user, so that Basic on every request is not slow. Remembered
 * is an HMAC under a key of this process, never the password. Thread-safe.
 */
final class Passwords {
    static final int MAX_CHARACTERS = 1024;
    private static final int REMEMBERED_USERS = 1024;

    private record Verified(PasswordHash against, byte[] mac) {}

    private final HmacSha256 mac;
    private final PasswordHash nobody = PasswordHash.ofNobody();
    private final Map<String, Verified> verified = new LinkedHashMap<>();

    Passwords() {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        this.mac = new HmacSha256(key);
    }

    /** @param kept null when there is no such user, or none with a password: takes as long, and is false */
    boolean hold(String user, @Nullable PasswordHash kept, String password) {
        if (password.isEmpty() || password.length() > MAX_CHARACTERS) {
            return false;
        }
        byte[] seen = mac.of(password.getBytes(StandardCharsets.UTF_8));
        if (kept == null) {
            return nobody.matches(password); // false: nobody knows what hashes to random bytes
        }
        synchronized (verified) {
            Verified known = verified.get(user);
            if (known != null && known.against == kept && MessageDigest.isEqual(known.mac, seen)) {
                return true;
            }
        }
        boolean holds = kept.matches(password);
        if (holds) {
            remember(user, new Verified(kept, seen));
        }
        return holds;
    }

    private void remember(String user, Verified now) {
        synchronized (verified) {
            verified.remove(user);
            verified.put(user, now);
            if (verified.size() > REMEMBERED_USERS) {
                verified.remove(verified.keySet().iterator().next());
            }
        }
    }
}

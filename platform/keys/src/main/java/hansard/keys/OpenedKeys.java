package hansard.keys;

import hansard.runtime.Secret;
import hansard.wire.Octets;
import java.util.LinkedHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.crypto.SecretKey;

/**
 * Unwrapped data keys, remembered for a minute after the vault was asked, ten thousand at most. The minute is a promise: a key
 * destroyed in the vault opens nothing after it, in any process. Thread-safe; the vault is asked outside the lock.
 */
final class OpenedKeys {
    static final int CAPACITY = 10_000;
    static final long LIFE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private record Name(KeyRef ref, Octets wrapped) {}

    private record Opened(Secret<SecretKey> key, long atNanos) {}

    private final Vault vault;
    private final LongSupplier nanos;

    /** In the order of opening, which is the order of expiry. */
    private final LinkedHashMap<Name, Opened> opened = new LinkedHashMap<>();

    OpenedKeys(Vault vault, LongSupplier nanos) {
        this.vault = vault;
        this.nanos = nanos;
    }

    Secret<SecretKey> get(KeyRef ref, Octets wrapped) {
        Name name = new Name(ref, wrapped);
        // read before the vault is asked, so that a destroy in between still ends the minute in time
        long now = nanos.getAsLong();
        synchronized (opened) {
            forgetBefore(now);
            Opened known = opened.get(name);
            if (known != null && now - known.atNanos < LIFE_NANOS) { // threads may have come in out of order
                return known.key;
            }
        }
        Secret<SecretKey> key = vault.unwrap(ref, wrapped);
        synchronized (opened) {
            opened.remove(name);
            opened.put(name, new Opened(key, now));
            if (opened.size() > CAPACITY) {
                opened.pollFirstEntry();
            }
        }
        return key;
    }

    private void forgetBefore(long now) {
        var entries = opened.values().iterator();
        while (entries.hasNext() && now - entries.next().atNanos >= LIFE_NANOS) {
            entries.remove();
        }
    }

    int size() {
        synchronized (opened) {
            return opened.size();
        }
    }
}

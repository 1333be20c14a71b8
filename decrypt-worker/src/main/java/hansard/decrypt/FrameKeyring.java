package hansard.decrypt;

import hansard.wire.SealedSessionKeys.FrameKey;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The released base keys of one stream, opened, and the ciphers made of them. Two may have the same identifier: one of them is wrong
 * then, and frames say which. In memory only; belongs to one thread.
 */
final class FrameKeyring {
    /** Ciphers kept of ratcheted keys; another is derived again. */
    private static final int MAX_RATCHETED = 64;

    private record Ratcheted(FrameKey key, long kid) {}

    /** An opened frame. */
    record Opened(byte[] bytes) {
        @Override
        public String toString() {
            return "Opened[" + bytes.length + " bytes]";
        }
    }

    private final SframeSuite suite;
    private final Map<FrameKey, byte[]> baseKeys = new LinkedHashMap<>();
    private final Map<FrameKey, SframeCipher> ciphers = new HashMap<>();
    private final Map<Ratcheted, SframeCipher> ratcheted = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Ratcheted, SframeCipher> eldest) {
            return size() > MAX_RATCHETED;
        }
    };

    FrameKeyring(SframeSuite suite) {
        this.suite = suite;
    }

    void add(FrameKey key, byte[] baseKey) {
        baseKeys.put(key, baseKey);
        if (key.ratchetBits() == 0) {
            ciphers.put(key, SframeCipher.of(suite, key.kid(), baseKey));
        }
    }

    /** Whether some key is for the identifier. */
    boolean covers(long kid) {
        return baseKeys.keySet().stream().anyMatch(key -> covers(key, kid));
    }

    /** The plaintext, or null when it verifies under no key that is for its identifier. Nothing is remembered of a frame that does not. */
    @Nullable
    Opened open(byte[] frame, SframeHeader header) {
        for (Map.Entry<FrameKey, byte[]> entry : baseKeys.entrySet()) {
            FrameKey key = entry.getKey();
            if (covers(key, header.kid())) {
                Ratcheted step = new Ratcheted(key, header.kid());
                SframeCipher known = key.ratchetBits() == 0 ? ciphers.get(key) : ratcheted.get(step);
                SframeCipher cipher = known != null ? known : ratchet(key, entry.getValue(), header.kid());
                byte[] plain = cipher.open(frame, header, new byte[0]);
                if (plain != null) {
                    if (known == null) {
                        ratcheted.put(step, cipher);
                    }
                    return new Opened(plain);
                }
            }
        }
        return null;
    }

    /** RFC 9605 section 5.1: the high bits are the generation of the key, the low ones count steps and wrap around. */
    private static boolean covers(FrameKey key, long kid) {
        return key.kid() >>> key.ratchetBits() == kid >>> key.ratchetBits();
    }

    private SframeCipher ratchet(FrameKey key, byte[] baseKey, long kid) {
        long steps = kid - key.kid() & (1L << key.ratchetBits()) - 1;
        byte[] stepped = baseKey;
        for (long i = 0; i < steps; i++) {
            stepped = SframeKeySchedule.ratchet(suite, stepped);
        }
        return SframeCipher.of(suite, kid, stepped);
    }
}

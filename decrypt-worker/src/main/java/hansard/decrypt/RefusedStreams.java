package hansard.decrypt;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.SealedSessionKeys;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams whose keys the vault refuses this worker: their records wait, and nobody else's. Belongs to one stream task; what all tasks of
 * the process have is in {@link Notice}.
 */
final class RefusedStreams {
    /** How long a refusal is taken for granted: a certificate is not put right in less. */
    private static final long ASK_AGAIN_MILLIS = 1_000;

    private static final Logger log = LoggerFactory.getLogger(RefusedStreams.class);

    private final Notice notice;
    private final SessionKeys sessionKeys;
    private final FrameKeys frameKeys;
    private final TrackKeys trackKeys;
    private final Map<String, Long> askedMillis = new HashMap<>();

    RefusedStreams(Notice notice, SessionKeys sessionKeys, FrameKeys frameKeys, TrackKeys trackKeys) {
        this.notice = notice;
        this.sessionKeys = sessionKeys;
        this.frameKeys = frameKeys;
        this.trackKeys = trackKeys;
    }

    /** For the health check. Thread-safe. */
    static final class Notice {
        private final Map<String, String> reasons = new ConcurrentHashMap<>();

        /** Empty when nothing waits for leave. */
        String problem() {
            List<String> why = new ArrayList<>(reasons.values());
            return why.isEmpty()
                    ? ""
                    : "media of " + why.size() + (why.size() == 1 ? " stream waits" : " streams wait")
                            + " as ciphertext for leave: " + why.getFirst();
        }
    }

    /**
     * Asks the vault for every key that the stream needs before anything of it changes. A refusal is somebody's to put right; until then
     * the stream waits, and no other.
     *
     * @param track as far as it has come, or null
     * @throws HansardException VAULT_UNAVAILABLE
     */
    boolean mayOpen(SealedSessionKeys session, @Nullable Track track, long nowMillis) {
        String streamId = session.stream().streamId();
        Long asked = askedMillis.get(streamId);
        if (asked != null && nowMillis - asked < ASK_AGAIN_MILLIS) {
            return false;
        }
        try {
            ask(session, track);
        } catch (HansardException e) {
            if (e.code() == ErrorCode.KEY_REFUSED) {
                if (notice.reasons.put(streamId, String.valueOf(e.getMessage())) == null) {
                    log.warn("stream {} waits for leave: {}", streamId, e.getMessage());
                }
                askedMillis.put(streamId, nowMillis);
                return false;
            }
            if (e.code() != ErrorCode.KEY_GONE) { // which the track's writer tells of
                throw e;
            }
        }
        granted(streamId);
        return true;
    }

    private void ask(SealedSessionKeys session, @Nullable Track track) {
        KeyRing keys = sessionKeys.ring(session);
        if (session.stream().isEndToEndEncrypted()) {
            frameKeys.ringOf(session);
        }
        if (!keys.isEmpty() && track != null && !track.isErased() && track.wrappedKey() != null) {
            trackKeys.keyFor(session.stream(), track);
        }
    }

    /** Why it was refused last. */
    String why(String streamId) {
        return notice.reasons.getOrDefault(streamId, "");
    }

    /** Something of it waits since before this process began: it is to be asked for. */
    void waits(String streamId) {
        askedMillis.putIfAbsent(streamId, 0L);
    }

    void granted(String streamId) {
        askedMillis.remove(streamId);
        notice.reasons.remove(streamId);
    }

    List<String> all() {
        return List.copyOf(askedMillis.keySet());
    }

    /** The task moves to another process. */
    void forgetAll() {
        all().forEach(this::granted);
    }
}

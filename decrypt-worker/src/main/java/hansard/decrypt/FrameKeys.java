package hansard.decrypt;

import hansard.keys.Vault;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.SealedSessionKeys;
import hansard.wire.SealedSessionKeys.FrameKey;
import hansard.wire.StreamDescription;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Opens the SFrame base keys that were released for a stream, each once, and keeps them in memory while they are in use. After a restart
 * they are opened, and audited, again. Belongs to one stream task.
 */
final class FrameKeys {
    private final Vault vault;
    private final VaultPatience patience;
    private final Auditor auditor;
    private final Map<String, OfStream> opened = new HashMap<>();

    private record OfStream(@Nullable FrameKeyring ring, Set<FrameKey> seen) {}

    FrameKeys(Vault vault, VaultPatience patience, Auditor auditor) {
        this.vault = vault;
        this.patience = patience;
        this.auditor = auditor;
    }

    /** What opens the stream's frames, or null when its suite is none that this worker knows. @throws HansardException VAULT_UNAVAILABLE */
    @Nullable
    FrameKeyring ringOf(SealedSessionKeys keys) {
        StreamDescription stream = keys.stream();
        OfStream known = opened.get(stream.streamId());
        if (known == null) {
            SframeSuite suite = SframeSuite.named(stream.frameCipher());
            known = new OfStream(suite == null ? null : new FrameKeyring(suite), new HashSet<>());
            opened.put(stream.streamId(), known);
        }
        if (known.ring != null && known.seen.size() < keys.frameKeys().size()) {
            for (FrameKey key : keys.frameKeys()) {
                if (!known.seen.contains(key)) {
                    open(stream, key, known.ring);
                    known.seen.add(key);
                }
            }
        }
        return known.ring;
    }

    private void open(StreamDescription stream, FrameKey key, FrameKeyring into) {
        try {
            into.add(
                    key,
                    patience.ask(() -> vault.openSessionKey(stream.tenant(), key.cms()))
                            .reveal());
        } catch (HansardException e) {
            if (e.code() != ErrorCode.NOT_AUTHENTIC && e.code() != ErrorCode.MALFORMED) {
                throw e;
            }
            auditor.frameKeyRefused(stream, key, String.valueOf(e.getMessage()));
            return;
        }
        auditor.frameKeyOpened(stream, key);
    }

    /** The stream ended, or was made anew. */
    void forget(String streamId) {
        opened.remove(streamId);
    }
}

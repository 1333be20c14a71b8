package hansard.decrypt;

import hansard.keys.DataKey;
import hansard.keys.KeyRef;
import hansard.keys.Vault;
import hansard.wire.Octets;
import hansard.wire.StreamDescription;
import java.util.HashMap;
import java.util.Map;

/** The data key of each track that is being written: made with its first frame, unwrapped again after a restart. */
final class TrackKeys {
    private final Vault vault;
    private final VaultPatience patience;
    private final Map<String, DataKey> keys = new HashMap<>();

    TrackKeys(Vault vault, VaultPatience patience) {
        this.vault = vault;
        this.patience = patience;
    }

    /** @throws hansard.runtime.HansardException VAULT_UNAVAILABLE, or KEY_GONE when the track's keys were destroyed */
    DataKey keyFor(StreamDescription stream, Track track) {
        DataKey known = keys.get(stream.streamId());
        if (known == null) {
            KeyRef ref = new KeyRef(stream.tenant(), stream.callId(), stream.streamId());
            known = patience.ask(() -> key(ref, track));
            keys.put(stream.streamId(), known);
            track.wrappedKey(known.wrapped());
        }
        return known;
    }

    private DataKey key(KeyRef ref, Track track) {
        Octets wrapped = track.wrappedKey();
        return wrapped == null ? vault.newDataKey(ref) : new DataKey(ref, vault.unwrap(ref, wrapped), wrapped);
    }

    void forget(String streamId) {
        keys.remove(streamId);
    }
}

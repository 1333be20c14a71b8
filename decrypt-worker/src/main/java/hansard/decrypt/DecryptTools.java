package hansard.decrypt;

import hansard.keys.Envelopes;
import hansard.keys.Vault;
import hansard.store.SealedObjects;

/**
 * What every stream task of this process shares. Thread-safe, all of it.
 *
 * @param parkedBytes of one stream that may wait for a key
 * @param simulcastLayer which is kept where a stream does not say
 */
record DecryptTools(
        Vault vault,
        Envelopes envelopes,
        SealedObjects objects,
        VaultPatience patience,
        RefusedStreams.Notice refusals,
        Auditor auditor,
        DecryptMeters meters,
        long reorderWindowMicros,
        long parkedBytes,
        String simulcastLayer) {}

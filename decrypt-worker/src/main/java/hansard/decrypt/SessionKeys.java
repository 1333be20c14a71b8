package hansard.decrypt;

import hansard.keys.Vault;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Secret;
import hansard.wire.SealedSessionKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Opens each master key of a stream once and keeps it in memory while the stream lasts. After a restart it is opened, and audited,
 * again. A key that does not open spoils no other. Belongs to one stream task.
 */
final class SessionKeys {
    private final Vault vault;
    private final VaultPatience patience;
    private final Auditor auditor;
    private final Map<String, List<Opening>> opened = new HashMap<>();

    SessionKeys(Vault vault, VaultPatience patience, Auditor auditor) {
        this.vault = vault;
        this.patience = patience;
        this.auditor = auditor;
    }

    /** @param key null when it did not open, and {@code why} says why not */
    private record Opening(@Nullable MasterKey key, String why) {}

    /** @throws HansardException VAULT_UNAVAILABLE */
    KeyRing ring(SealedSessionKeys session) {
        List<Opening> openings = opened.computeIfAbsent(session.stream().streamId(), id -> new ArrayList<>());
        // keys are only ever added at the end, so what was opened keeps its place
        for (int ordinal = openings.size(); ordinal < session.masterKeys().size(); ordinal++) {
            openings.add(open(session, ordinal));
        }
        List<MasterKey> keys = new ArrayList<>();
        String denied = session.masterKeys().isEmpty() ? "no master key was given" : "";
        for (Opening opening : openings) {
            if (opening.key != null) {
                keys.addFirst(opening.key);
            } else {
                denied = opening.why;
            }
        }
        return new KeyRing(keys, denied);
    }

    /** The stream ended, or its keys were withdrawn. */
    void forget(String streamId) {
        opened.remove(streamId);
    }

    private Opening open(SealedSessionKeys session, int ordinal) {
        var srtp = session.stream().srtp();
        SrtpSuite suite = SrtpSuite.bySdesName(srtp.suite());
        if (suite == null) {
            return new Opening(
                    null, "crypto suite " + srtp.suite() + " is not one of " + Arrays.toString(SrtpSuite.values()));
        }
        SealedSessionKeys.MasterKey sealed = session.masterKeys().get(ordinal);
        Secret<byte[]> master;
        try {
            master = patience.ask(() -> vault.openSessionKey(session.stream().tenant(), sealed.cms()));
        } catch (HansardException e) {
            if (e.code() == ErrorCode.NOT_AUTHENTIC || e.code() == ErrorCode.MALFORMED) {
                return new Opening(null, String.valueOf(e.getMessage()));
            }
            throw e;
        }
        byte[] keyAndSalt = master.reveal();
        try {
            if (keyAndSalt.length != suite.keyLength() + suite.saltLength()) {
                return new Opening(
                        null,
                        "the sealed key is " + keyAndSalt.length + " bytes, " + suite + " takes "
                                + (suite.keyLength() + suite.saltLength()) + ": " + suite.keyLength()
                                + " of key, then " + suite.saltLength() + " of salt");
            }
            auditor.keyOpened(session.stream());
            return new Opening(
                    new MasterKey(ordinal, suite, sealed.mki().array(), srtp.keyDerivationRate(), keyAndSalt), "");
        } finally {
            Arrays.fill(keyAndSalt, (byte) 0);
        }
    }
}

package hansard.decrypt;

import hansard.keys.Vault;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Secret;
import hansard.wire.SealedSessionKeys;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Opens each stream's session key once and keeps it in memory while the stream lasts. After a restart it is opened, and audited,
 * again. Belongs to one stream task.
 */
final class SessionKeys {
    private final Vault vault;
    private final VaultPatience patience;
    private final Auditor auditor;
    private final Map<String, KeyAccess> opened = new HashMap<>();

    SessionKeys(Vault vault, VaultPatience patience, Auditor auditor) {
        this.vault = vault;
        this.patience = patience;
        this.auditor = auditor;
    }

    /** @throws HansardException VAULT_UNAVAILABLE */
    KeyAccess access(SealedSessionKeys session) {
        KeyAccess known = opened.get(session.stream().streamId());
        if (known == null) {
            known = open(session);
            opened.put(session.stream().streamId(), known);
        }
        return known;
    }

    /** The stream ended, or has another key now. */
    void forget(String streamId) {
        opened.remove(streamId);
    }

    private KeyAccess open(SealedSessionKeys session) {
        SrtpSuite suite = SrtpSuite.bySdesName(session.stream().srtp().suite());
        if (suite == null) {
            return new KeyAccess.Denied("crypto suite "
                    + session.stream().srtp().suite() + " is not one of " + Arrays.toString(SrtpSuite.values()));
        }
        Secret<byte[]> master;
        try {
            master = patience.ask(() -> vault.openSessionKey(
                    session.stream().tenant(), session.masterKeys().getLast().cms()));
        } catch (HansardException e) {
            if (e.code() == ErrorCode.NOT_AUTHENTIC || e.code() == ErrorCode.MALFORMED) {
                return new KeyAccess.Denied(String.valueOf(e.getMessage()));
            }
            throw e;
        }
        byte[] keyAndSalt = master.reveal();
        try {
            if (keyAndSalt.length != SrtpSuite.KEY_LENGTH + SrtpSuite.SALT_LENGTH) {
                return new KeyAccess.Denied("the sealed key is " + keyAndSalt.length + " bytes, " + suite + " takes "
                        + (SrtpSuite.KEY_LENGTH + SrtpSuite.SALT_LENGTH) + ": key, then salt");
            }
            auditor.keyOpened(session.stream());
            return new KeyAccess.Granted(new PacketCipher(suite, keyAndSalt));
        } finally {
            Arrays.fill(keyAndSalt, (byte) 0);
        }
    }
}

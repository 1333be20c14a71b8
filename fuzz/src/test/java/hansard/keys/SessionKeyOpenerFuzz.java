package hansard.keys;

import static hansard.fuzz.Promises.hold;
import static hansard.fuzz.Promises.readOrRefused;

import hansard.fuzz.FuzzTarget;
import hansard.runtime.Secret;
import hansard.wire.Octets;
import java.util.List;

/** A sealed session key opens to a key of a possible length, or is refused; never anything else, and never slowly. */
public final class SessionKeyOpenerFuzz implements FuzzTarget {
    private static final byte[] KEY = new byte[30];

    @Override
    public List<byte[]> seeds() {
        byte[] nested = new byte[SessionKeyOpener.MAX_CMS_BYTES];
        for (int i = 0; i < nested.length; i += 2) {
            nested[i] = 0x30; // a SEQUENCE of indefinite length in a SEQUENCE of indefinite length …
            nested[i + 1] = (byte) 0x80;
        }
        return List.of(KeySealer.seal(KEY, FuzzVault.VAULT.recipients()).array(), nested);
    }

    @Override
    public void run(byte[] input) {
        Secret<byte[]> opened = readOrRefused(() -> FuzzVault.VAULT.openSessionKey("default", Octets.of(input)));
        if (opened != null) {
            int length = opened.reveal().length;
            hold(length >= 1 && length <= SessionKeyOpener.MAX_CONTENT_BYTES, "a key of " + length + " bytes");
        }
    }
}

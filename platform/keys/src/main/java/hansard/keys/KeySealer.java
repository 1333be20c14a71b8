package hansard.keys;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.Octets;
import java.security.cert.X509Certificate;
import java.util.List;

/** The sealing client ({@link hansard.sealer.KeySealer}) in our own types. */
public final class KeySealer {
    private KeySealer() {}

    /** @throws HansardException BAD_REQUEST when there is no certificate, or one that nobody can seal to */
    public static Octets seal(byte[] masterKeyAndSalt, List<X509Certificate> recipients) {
        try {
            return Octets.of(hansard.sealer.KeySealer.seal(masterKeyAndSalt, recipients));
        } catch (IllegalArgumentException e) {
            throw new HansardException(ErrorCode.BAD_REQUEST, String.valueOf(e.getMessage()), e);
        }
    }
}

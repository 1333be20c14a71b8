package hansard.keys;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Secret;
import hansard.wire.Octets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.crypto.AEADBadTagException;
import javax.crypto.SecretKey;

/**
 * The embedded vault: a PKCS#12 file with the worker's identity and the wrapping key, and one small file per track key. Several
 * processes of one owner may use one directory at once.
 *
 * <p>A wrapped data key is {@code | version u8 = 1 | nonce 12 | AES-256 key, sealed under the track's key | tag 16 |}.
 */
public final class Pkcs12Vault implements Vault {
    private static final int VERSION = 1;
    private static final int WRAPPED_BYTES = 1 + AesGcm.OVERHEAD_BYTES + AesGcm.KEY_BYTES;

    private final Path directory;
    private final VaultIdentity identity;
    private final SessionKeyOpener sessionKeys;
    private final TrackKeys trackKeys;
    private volatile boolean closed;

    private Pkcs12Vault(Path directory, Path lock, VaultIdentity identity) {
        this.directory = directory;
        this.identity = identity;
        this.sessionKeys = new SessionKeyOpener(identity.certificate(), identity.privateKey());
        this.trackKeys = new TrackKeys(directory, lock, identity.wrappingKey());
    }

    /**
     * Opens the vault in a directory; makes one, with owner-only permissions, where there is none.
     *
     * <p>Files: {@code vault.p12} (identity and wrapping key), {@code vault.password} (owner only; made at random),
     * {@code recipients.pem} (public: what connectors seal to), {@code track-keys/TENANT/CALL/TRACK.key} (wrapped).
     */
    public static Vault open(Path directory) {
        Path lock = directory.resolve("vault.lock");
        try {
            OwnerFiles.createDirectories(directory);
            VaultIdentity identity = OwnerFiles.locked(lock, () -> {
                try {
                    return VaultIdentity.open(directory);
                } catch (GeneralSecurityException e) {
                    throw new IOException("the vault's keys cannot be read or made", e);
                }
            });
            return new Pkcs12Vault(directory, lock, identity);
        } catch (IOException e) {
            throw unavailable(directory, e);
        }
    }

    @Override
    public String identity() {
        return identity.certificate().getSubjectX500Principal().getName();
    }

    @Override
    public List<X509Certificate> recipients() {
        return identity.recipients();
    }

    @Override
    public Secret<byte[]> openSessionKey(Octets cms) {
        requireOpen();
        return sessionKeys.open(cms);
    }

    @Override
    public DataKey newDataKey(KeyRef ref) {
        requireOpen();
        byte[] key = AesGcm.randomBytes(AesGcm.KEY_BYTES);
        ByteBuffer wrapped = ByteBuffer.allocate(WRAPPED_BYTES).put((byte) VERSION);
        try {
            AesGcm.seal(trackKeys.getOrMake(ref), key, wrapped, aad(ref));
        } catch (IOException e) {
            throw unavailable(directory, e);
        }
        return new DataKey(ref, Secret.of(AesGcm.key(key)), Octets.of(wrapped.array()));
    }

    @Override
    public Secret<SecretKey> unwrap(KeyRef ref, Octets wrapped) {
        requireOpen();
        try {
            SecretKey trackKey = trackKeys.get(ref);
            byte[] bytes = wrapped.array();
            if (bytes.length != WRAPPED_BYTES || bytes[0] != VERSION) {
                throw new AEADBadTagException(bytes.length + " bytes, expected " + WRAPPED_BYTES);
            }
            return Secret.of(AesGcm.key(AesGcm.open(trackKey, bytes, 1, aad(ref))));
        } catch (AEADBadTagException e) {
            throw new HansardException(
                    ErrorCode.NOT_AUTHENTIC,
                    "a wrapped data key does not open as one of " + ref + ": it was altered, or is another track's",
                    e);
        } catch (IOException e) {
            throw unavailable(directory, e);
        }
    }

    @Override
    public List<KeyRef> destroy(String tenant, String callId) {
        requireOpen();
        try {
            return trackKeys.destroy(tenant, callId);
        } catch (IOException e) {
            throw unavailable(directory, e);
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    private void requireOpen() {
        if (closed) {
            throw new HansardException(ErrorCode.VAULT_UNAVAILABLE, "the vault in " + directory + " is closed");
        }
    }

    private static byte[] aad(KeyRef ref) {
        return ("hansard data key " + ref).getBytes(StandardCharsets.UTF_8);
    }

    private static HansardException unavailable(Path directory, IOException e) {
        String why =
                e.getCause() == null ? e.toString() : e + ", " + e.getCause().getMessage();
        return new HansardException(
                ErrorCode.VAULT_UNAVAILABLE,
                "the vault in " + directory.toAbsolutePath() + " cannot be used: " + why
                        + ". Check that the directory is mounted and writable by this user.",
                e);
    }

    @Override
    public String toString() {
        return "Pkcs12Vault[" + directory + "]";
    }
}

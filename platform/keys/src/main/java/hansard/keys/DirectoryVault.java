package hansard.keys;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Secret;
import hansard.wire.Octets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.SecretKey;

/**
 * A vault: lasting keys with their keeper, and in a directory one small file per track key, wrapped by the keeper, which can be
 * destroyed alone. Several processes may use one directory at once. Nothing opens for a worker whose certificate does not permit
 * it.
 *
 * <p>A wrapped data key is {@code | version u8 = 1 | nonce 12 | AES-256 key, sealed under the track's key | tag 16 |}.
 */
final class DirectoryVault implements Vault {
    private static final int MAX_WORDS = 1_000;
    private static final int VERSION = 1;
    private static final int WRAPPED_BYTES = 1 + AesGcm.OVERHEAD_BYTES + AesGcm.KEY_BYTES;

    private final Path directory;
    private final KeyKeeper keeper;
    private final TrackKeys trackKeys;
    private final WorkerPermits permits;
    private final KeyGroupMembers members;
    private final String stage;
    private final RefusalNotes refusals;
    private volatile boolean closed;

    DirectoryVault(
            Path directory,
            KeyKeeper keeper,
            WorkerPermits permits,
            KeyGroupMembers members,
            String stage,
            RefusalSink refusals,
            InstantSource clock) {
        this.directory = directory;
        this.keeper = keeper;
        this.trackKeys = new TrackKeys(directory, keeper);
        this.permits = permits;
        this.members = members;
        this.stage = stage;
        this.refusals = new RefusalNotes(refusals, clock);
    }

    @Override
    public String identity() {
        return asked(() -> keeper.identities().getFirst().name());
    }

    @Override
    public List<X509Certificate> recipients() {
        return asked(() -> {
            members.join(keeper.identities()); // a new identity, after a rotation
            return members.recipients();
        });
    }

    @Override
    public Secret<byte[]> openSessionKey(String tenant, Octets cms) {
        return asked(() -> {
            List<WorkerIdentity> identities = keeper.identities();
            return SessionKeyOpener.open(
                    cms, identities, identity -> requireOne(List.of(identity), tenant, "", "session key"));
        });
    }

    @Override
    public void requireLeave(String tenant) {
        asked(() -> {
            requireOne(keeper.identities(), tenant, "", "data key");
            return tenant;
        });
    }

    @Override
    public DataKey newDataKey(KeyRef ref) {
        return asked(() -> {
            requireOne(keeper.identities(), ref.tenant(), ref.callId(), "data key");
            byte[] key = AesGcm.randomBytes(AesGcm.KEY_BYTES);
            ByteBuffer wrapped = ByteBuffer.allocate(WRAPPED_BYTES).put((byte) VERSION);
            AesGcm.seal(trackKeys.getOrMake(ref), key, wrapped, aad(ref));
            return new DataKey(ref, Secret.of(AesGcm.key(key)), Octets.of(wrapped.array()));
        });
    }

    @Override
    public Secret<SecretKey> unwrap(KeyRef ref, Octets wrapped) {
        return asked(() -> {
            requireOne(keeper.identities(), ref.tenant(), ref.callId(), "data key");
            SecretKey trackKey = trackKeys.get(ref);
            byte[] bytes = wrapped.array();
            try {
                if (bytes.length != WRAPPED_BYTES || bytes[0] != VERSION) {
                    throw new AEADBadTagException(bytes.length + " bytes, expected " + WRAPPED_BYTES);
                }
                return Secret.of(AesGcm.key(AesGcm.open(trackKey, bytes, 1, aad(ref))));
            } catch (AEADBadTagException e) {
                throw new HansardException(
                        ErrorCode.NOT_AUTHENTIC,
                        "a wrapped data key does not open as one of " + ref + ": it was altered, or is another track's",
                        e);
            }
        });
    }

    @Override
    public List<KeyRef> destroy(String tenant, String callId) {
        return asked(() -> trackKeys.destroy(tenant, callId));
    }

    @Override
    public void destroy(KeyRef ref) {
        asked(() -> {
            trackKeys.destroy(ref);
            return ref;
        });
    }

    @Override
    public Optional<Octets> sign(String tenant, byte[] statement) {
        return asked(() -> {
            WorkerIdentity identity = keeper.identities().getFirst();
            requireOne(List.of(identity), tenant, "", "signature");
            return RecordSignature.canSign(identity)
                    ? Optional.of(RecordSignature.sign(identity, statement))
                    : Optional.empty();
        });
    }

    @Override
    public RecordSignature checkSignature(Octets signed) {
        return asked(() -> {
            RecordSignature signature = RecordSignature.open(signed);
            String doubt = permits.doubt(signature.signer(), signature.at());
            if (!doubt.isEmpty()) {
                throw new HansardException(
                        ErrorCode.NOT_AUTHENTIC,
                        "the signature is of "
                                + signature.signer().getSubjectX500Principal().getName() + ", " + doubt);
            }
            return signature;
        });
    }

    @Override
    public String problem() {
        return permits.problem();
    }

    @Override
    public void close() {
        closed = true;
        keeper.close();
    }

    /** One identity that the tenant's group permits is enough. */
    private void requireOne(List<WorkerIdentity> identities, String tenant, String callId, String what) {
        Optional<Refusal> first = Optional.empty();
        for (WorkerIdentity identity : identities) {
            Optional<Refusal> refusal;
            try {
                refusal = permits.refusal(identity.certificate(), tenant);
            } catch (IOException e) {
                throw unavailable(directory, e);
            }
            if (refusal.isEmpty()) {
                return;
            }
            first = first.isPresent() ? first : refusal;
        }
        X509Certificate certificate = identities.getFirst().certificate();
        Refusal why = first.orElse(Refusal.OTHER_AUTHORITY);
        String name = identities.getFirst().name();
        String serial = certificate.getSerialNumber().toString(16);
        refusals.note(
                tenant, stage + "/" + name, callId, Map.of("reason", why.label(), "serial", serial, "what", what));
        throw new HansardException(
                ErrorCode.KEY_REFUSED,
                "the vault refuses " + name + " (serial " + serial + ") a key of tenant " + tenant + ": "
                        + why.sentence() + ". What needs the key waits.");
    }

    private interface Question<T> {
        T ask() throws IOException;
    }

    private <T> T asked(Question<T> question) {
        if (closed) {
            throw new HansardException(ErrorCode.VAULT_UNAVAILABLE, "the vault in " + directory + " is closed");
        }
        try {
            return question.ask();
        } catch (IOException e) {
            throw unavailable(directory, e);
        }
    }

    private static byte[] aad(KeyRef ref) {
        return ("hansard data key " + ref).getBytes(StandardCharsets.UTF_8);
    }

    static HansardException unavailable(Path directory, IOException e) {
        String why = onALine(
                e.getCause() == null ? e.toString() : e + ", " + e.getCause().getMessage());
        return new HansardException(
                ErrorCode.VAULT_UNAVAILABLE,
                "the vault in " + directory.toAbsolutePath() + " cannot be used: " + why
                        + ". Check that the directory is mounted and writable by this user, and that the keeper of its keys"
                        + " answers.",
                e);
    }

    /** Some of it may be the words of a service behind a network. */
    private static String onALine(String words) {
        String line = words.replaceAll("[\\p{Cc}\\u2028\\u2029]+", " ");
        return line.length() <= MAX_WORDS ? line : line.substring(0, MAX_WORDS) + "…";
    }

    @Override
    public String toString() {
        return "DirectoryVault[" + directory + ", " + keeper + "]";
    }
}

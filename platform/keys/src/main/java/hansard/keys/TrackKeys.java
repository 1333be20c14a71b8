package hansard.keys;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.crypto.AEADBadTagException;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * One key-encryption key per track, each in a file of its own so that it can be destroyed alone.
 *
 * <pre>
 * track-keys/TENANT/CALL/TRACK.key        | version u8 = 2 | AES-256 key, wrapped by the vault's keeper of keys |
 * track-keys/TENANT/CALL/TRACK.destroyed  empty: the track's key was here and is gone
 * track-keys/TENANT/CALL/.destroyed       empty: no track of this call gets a key again, also none that comes late
 * </pre>
 */
final class TrackKeys {
    static final String FOLDER = "track-keys";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}");
    private static final int VERSION = 2;
    private static final int MAX_FILE_BYTES = 16 * 1024;
    private static final String LOCK = "vault.lock";
    private static final String KEY = ".key";
    private static final String DESTROYED = ".destroyed";

    private final Path vault;
    private final Path lock;
    private final KeyKeeper keeper;

    TrackKeys(Path vault, KeyKeeper keeper) {
        this.vault = vault;
        this.lock = vault.resolve(LOCK);
        this.keeper = keeper;
    }

    /** What says that a directory is a vault's, and not an empty place where one should be mounted. */
    static Path lock(Path vault) {
        return vault.resolve(LOCK);
    }

    /** The track's key, or KEY_GONE. */
    SecretKey get(KeyRef ref) throws IOException {
        Path call = directory(ref.tenant(), ref.callId());
        SecretKey key = isDestroyed(call, ref) ? null : read(call, ref);
        if (key == null) {
            requireMounted();
            throw gone(ref);
        }
        return key;
    }

    /** An unmounted directory must not look like destroyed keys, nor be filled. */
    private void requireMounted() throws IOException {
        if (!Files.exists(lock)) {
            throw new NoSuchFileException(vault.toString());
        }
    }

    /** The track's key, made now if it never was. Two processes that ask at once get the same. */
    SecretKey getOrMake(KeyRef ref) throws IOException {
        Path call = directory(ref.tenant(), ref.callId());
        if (!isDestroyed(call, ref)) {
            SecretKey present = read(call, ref);
            if (present != null) {
                return present;
            }
        }
        requireMounted();
        return OwnerFiles.locked(lock, () -> {
            if (isDestroyed(call, ref)) {
                throw gone(ref);
            }
            SecretKey present = read(call, ref);
            return present != null ? present : make(call, ref);
        });
    }

    private SecretKey make(Path call, KeyRef ref) throws IOException {
        byte[] key = AesGcm.randomBytes(AesGcm.KEY_BYTES);
        OwnerFiles.createDirectories(call);
        OwnerFiles.write(call.resolve(file(ref)), wrapped(key, ref));
        return AesGcm.key(key);
    }

    private byte[] wrapped(byte[] key, KeyRef ref) throws IOException {
        byte[] wrapped = keeper.wrap(key, aad(ref));
        return ByteBuffer.allocate(1 + wrapped.length)
                .put((byte) VERSION)
                .put(wrapped)
                .array();
    }

    private @Nullable SecretKey read(Path call, KeyRef ref) throws IOException {
        byte[] content;
        try {
            content = Files.readAllBytes(call.resolve(file(ref)));
        } catch (NoSuchFileException e) {
            return null;
        }
        try {
            byte[] key = keeper.unwrap(wrappedIn(content), aad(ref));
            if (key.length != AesGcm.KEY_BYTES) {
                throw new AEADBadTagException("a key of " + key.length + " bytes");
            }
            return AesGcm.key(key);
        } catch (AEADBadTagException e) {
            if (isDestroyed(call, ref)) { // overwritten between our look at the mark and at the key
                return null;
            }
            throw damaged(call.resolve(file(ref)), e);
        }
    }

    private static HansardException damaged(Path file, AEADBadTagException e) {
        return new HansardException(
                ErrorCode.NOT_AUTHENTIC,
                file
                        + " does not open: it was altered, is of another vault, or its wrapping key was retired. Restore it"
                        + " from a backup.",
                e);
    }

    private static byte[] wrappedIn(byte[] file) throws AEADBadTagException {
        if (file.length < 1 || file.length > MAX_FILE_BYTES) {
            throw new AEADBadTagException(file.length + " bytes are no wrapped key");
        }
        return switch (file[0]) {
            case 1 -> file; // as the first release wrote it: the byte is the number of the PKCS#12 vault's first key
            case VERSION -> Arrays.copyOfRange(file, 1, file.length);
            default -> throw new AEADBadTagException("version " + file[0] + ", this release knows " + VERSION);
        };
    }

    List<KeyRef> destroy(String tenant, String callId) throws IOException {
        Path call = directory(tenant, callId);
        requireMounted();
        return OwnerFiles.locked(lock, () -> {
            OwnerFiles.createDirectories(call);
            // marks first: after a crash anywhere below, the keys that are left are refused, and the next call removes
            // them
            mark(call.resolve(DESTROYED));
            List<Path> keys = filesEndingWith(call, KEY);
            for (Path key : keys) {
                mark(call.resolve(trackOf(key, KEY) + DESTROYED));
            }
            OwnerFiles.syncDirectory(call);
            for (Path key : keys) {
                erase(key);
            }
            for (Path unfinished : filesEndingWith(call, OwnerFiles.UNFINISHED)) {
                erase(unfinished);
            }
            OwnerFiles.syncDirectory(call);
            List<KeyRef> gone = new ArrayList<>();
            for (Path mark : filesEndingWith(call, DESTROYED)) {
                String track = trackOf(mark, DESTROYED);
                if (!track.isEmpty()) {
                    gone.add(new KeyRef(tenant, callId, track));
                }
            }
            return List.copyOf(gone);
        });
    }

    /** The keys of one track; those of the call's others stay. */
    void destroy(KeyRef ref) throws IOException {
        Path call = directory(ref.tenant(), ref.callId());
        Path key = call.resolve(file(ref));
        requireMounted();
        OwnerFiles.locked(lock, () -> {
            OwnerFiles.createDirectories(call);
            mark(call.resolve(ref.track() + DESTROYED)); // first, as for a call
            OwnerFiles.syncDirectory(call);
            for (Path file : List.of(key, OwnerFiles.unfinished(key))) {
                if (Files.exists(file)) {
                    erase(file);
                }
            }
            OwnerFiles.syncDirectory(call);
            return ref;
        });
    }

    private static void erase(Path key) throws IOException {
        OwnerFiles.overwrite(key, AesGcm.randomBytes(Math.toIntExact(Files.size(key))));
        Files.delete(key);
    }

    /** The files of all tracks' keys. */
    List<Path> files() throws IOException {
        Path all = vault.resolve(FOLDER);
        if (!Files.isDirectory(all)) {
            return List.of();
        }
        try (Stream<Path> files = Files.find(all, 3, (f, a) -> a.isRegularFile() && name(f).endsWith(KEY))) {
            return files.sorted().toList();
        }
    }

    /**
     * Wraps a key again, with the keeper's newest key. What is sealed under it stays as it is. The file is replaced in one step, so
     * a crash leaves old and new ones that both open.
     *
     * @return whether it was still there
     */
    boolean rewrap(Path file) throws IOException {
        return OwnerFiles.locked(lock, () -> rewrapLocked(file));
    }

    /** For callers who hold the vault's lock. */
    boolean rewrapLocked(Path file) throws IOException {
        KeyRef ref = ref(file);
        // a purge may have come between our listing and this
        SecretKey key = isDestroyed(parent(file), ref) ? null : read(parent(file), ref);
        if (key == null) {
            return false;
        }
        OwnerFiles.write(file, wrapped(key.getEncoded(), ref));
        return true;
    }

    /** Which of the keeper's keys a track's key needs; empty when nobody needs the track's key. */
    Optional<String> wrappingKeyOf(Path file) throws IOException {
        if (isDestroyed(parent(file), ref(file))) {
            return Optional.empty();
        }
        try {
            return Optional.of(keeper.wrappingKeyOf(wrappedIn(Files.readAllBytes(file))));
        } catch (AEADBadTagException e) {
            throw damaged(file, e);
        }
    }

    private static KeyRef ref(Path file) {
        return new KeyRef(name(parent(parent(file))), name(parent(file)), trackOf(file, KEY));
    }

    private static Path parent(Path file) {
        return java.util.Objects.requireNonNull(file.getParent());
    }

    private static void mark(Path mark) throws IOException {
        if (!Files.exists(mark)) {
            OwnerFiles.write(mark, new byte[0]);
        }
    }

    private static boolean isDestroyed(Path call, KeyRef ref) {
        return Files.exists(call.resolve(DESTROYED)) || Files.exists(call.resolve(ref.track() + DESTROYED));
    }

    private static List<Path> filesEndingWith(Path directory, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(f -> name(f).endsWith(suffix)).sorted().toList();
        }
    }

    private static String trackOf(Path file, String suffix) {
        String name = name(file);
        return name.substring(0, name.length() - suffix.length());
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private Path directory(String tenant, String callId) {
        return vault.resolve(FOLDER).resolve(checked("tenant", tenant)).resolve(checked("call id", callId));
    }

    private static String file(KeyRef ref) {
        return checked("track", ref.track()) + KEY;
    }

    /** What goes into a path is refused unless it can only be a file's name. */
    private static String checked(String what, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new HansardException(
                    ErrorCode.MALFORMED,
                    "a " + what + " of " + name.length() + " characters cannot name a key: it must be 1 to 128 letters,"
                            + " digits, '.', '_' or '-', and not begin with '.'");
        }
        return name;
    }

    private static byte[] aad(KeyRef ref) {
        return ("hansard track key " + ref).getBytes(StandardCharsets.UTF_8);
    }

    private static HansardException gone(KeyRef ref) {
        return new HansardException(
                ErrorCode.KEY_GONE,
                "the vault has no key for " + ref
                        + ": it was destroyed, or never made here. What it sealed stays closed.");
    }
}

package hansard.keys;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.AEADBadTagException;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * Keys in a PKCS#12 file: the worker's identities ({@code worker}, {@code worker-2}, …) and the keys that wrap track keys
 * ({@code wrapping}, {@code wrapping-2}, …); the highest number is the current one. Beside it, {@code vault.password}. Read again
 * when another process has replaced the file.
 *
 * <p>What it wraps is {@code | number of the wrapping key u8 | nonce 12 | key, sealed under it | tag 16 |}.
 */
final class Pkcs12Keys implements KeyKeeper {
    /** PBES2 with AES-256 (RFC 8018 section 6.2). */
    static final String PROTECTION = "PBEWithHmacSHA256AndAES_256";

    private static final String KEY_STORE = "vault.p12";
    private static final String PASSWORD = "vault.password";
    private static final String IDENTITY = "worker";
    private static final String WRAPPING = "wrapping";
    private static final int MOST_KEYS = 255;

    /** A file's time alone may be that of the file before: clocks of file systems tick in milliseconds. */
    private record Version(
            FileTime written, long bytes, @Nullable Object file) {
        static Version of(Path file) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Version(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        }
    }

    private record Contents(Version version, List<WorkerIdentity> identities, TreeMap<Integer, SecretKey> wrapping) {}

    private final Path directory;
    private volatile Contents contents;

    private Pkcs12Keys(Path directory, Contents contents) {
        this.directory = directory;
        this.contents = contents;
    }

    static boolean existsIn(Path directory) {
        return Files.exists(directory.resolve(KEY_STORE));
    }

    static Pkcs12Keys open(Path directory) throws IOException {
        return new Pkcs12Keys(directory, read(directory));
    }

    /** Makes the file with one identity and one wrapping key. Callers hold the vault's lock. */
    static void make(Path directory, IssuedIdentity identity) throws IOException {
        byte[] password = Base64.getUrlEncoder().withoutPadding().encode(AesGcm.randomBytes(32));
        char[] characters = new String(password, StandardCharsets.US_ASCII).toCharArray();
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            put(store, IDENTITY, identity, characters);
            store.setEntry(WRAPPING, new KeyStore.SecretKeyEntry(AesGcm.randomKey()), protection(characters));
            OwnerFiles.write(directory.resolve(PASSWORD), password);
            // last: where this file is, the keys are whole
            write(directory, store, characters);
        } catch (GeneralSecurityException e) {
            throw new IOException("the vault's keys cannot be made", e);
        }
    }

    /** Adds an identity, which is the current one from now on. Callers hold the vault's lock. */
    static void addIdentity(Path directory, IssuedIdentity identity) throws IOException {
        change(directory, (store, password) -> put(store, next(store, IDENTITY), identity, password));
    }

    @Override
    public List<WorkerIdentity> identities() throws IOException {
        return current().identities();
    }

    @Override
    public byte[] wrap(byte[] key, byte[] context) throws IOException {
        Map.Entry<Integer, SecretKey> newest = current().wrapping().lastEntry();
        ByteBuffer out = ByteBuffer.allocate(1 + AesGcm.OVERHEAD_BYTES + key.length);
        out.put(newest.getKey().byteValue());
        AesGcm.seal(newest.getValue(), key, out, context);
        return out.array();
    }

    @Override
    public byte[] unwrap(byte[] wrapped, byte[] context) throws IOException, AEADBadTagException {
        int number = wrapped.length == 0 ? 0 : wrapped[0] & 0xff;
        SecretKey key = current().wrapping().get(number);
        if (key == null) {
            throw new AEADBadTagException("the vault has no wrapping key number " + number);
        }
        return AesGcm.open(key, wrapped, 1, context);
    }

    /** The keys before stay: another process may be wrapping with the last of them at this moment. */
    @Override
    public void rotate() throws IOException {
        change(
                directory,
                (store, password) -> store.setEntry(
                        next(store, WRAPPING), new KeyStore.SecretKeyEntry(AesGcm.randomKey()), protection(password)));
    }

    @Override
    public String wrappingKeyOf(byte[] wrapped) throws AEADBadTagException {
        if (wrapped.length < 1 + AesGcm.OVERHEAD_BYTES || wrapped[0] == 0) {
            throw new AEADBadTagException(wrapped.length + " bytes are no wrapped key");
        }
        return numbered(WRAPPING, wrapped[0] & 0xff);
    }

    /** In one step, as the file is replaced. What was in it before is on the disk until its blocks are used again. */
    @Override
    public Retirement retireBefore(String wrappingKey) throws IOException {
        int kept = number(wrappingKey, WRAPPING);
        List<String> old = current().wrapping().headMap(kept).keySet().stream()
                .map(number -> numbered(WRAPPING, number))
                .toList();
        if (!old.isEmpty()) {
            change(directory, (store, password) -> {
                for (String alias : old) {
                    store.deleteEntry(alias);
                }
            });
        }
        return new Retirement(wrappingKey, old, "");
    }

    private Contents current() throws IOException {
        Contents known = contents;
        if (!Version.of(directory.resolve(KEY_STORE)).equals(known.version())) {
            known = read(directory);
            contents = known;
        }
        return known;
    }

    private static Contents read(Path directory) throws IOException {
        Path file = directory.resolve(KEY_STORE);
        // before the content, so that a change in between is seen the next time
        Version version = Version.of(file);
        try {
            char[] password = password(directory);
            KeyStore store = load(file, password);
            TreeMap<Integer, WorkerIdentity> identities = new TreeMap<>(Collections.reverseOrder());
            TreeMap<Integer, SecretKey> wrapping = new TreeMap<>();
            for (String alias : Collections.list(store.aliases())) {
                if (store.getKey(alias, password) instanceof PrivateKey key
                        && store.getCertificate(alias) instanceof X509Certificate certificate
                        && number(alias, IDENTITY) > 0) {
                    identities.put(number(alias, IDENTITY), new WorkerIdentity(certificate, new JcaIdentityKey(key)));
                } else if (store.getKey(alias, password) instanceof SecretKey key && number(alias, WRAPPING) > 0) {
                    wrapping.put(number(alias, WRAPPING), key);
                }
            }
            if (identities.isEmpty() || wrapping.isEmpty()) {
                throw new IOException(file + " lacks the entry '" + IDENTITY + "' or '" + WRAPPING
                        + "': it is not a vault of this release");
            }
            return new Contents(version, List.copyOf(new ArrayList<>(identities.values())), wrapping);
        } catch (GeneralSecurityException e) {
            throw new IOException("the vault's keys cannot be read", e);
        }
    }

    private interface Change {
        void apply(KeyStore store, char[] password) throws GeneralSecurityException;
    }

    private static void change(Path directory, Change change) throws IOException {
        try {
            char[] password = password(directory);
            KeyStore store = load(directory.resolve(KEY_STORE), password);
            change.apply(store, password);
            write(directory, store, password);
        } catch (GeneralSecurityException e) {
            throw new IOException("the vault's keys cannot be changed", e);
        }
    }

    private static char[] password(Path directory) throws IOException {
        return Files.readString(directory.resolve(PASSWORD)).strip().toCharArray();
    }

    private static KeyStore load(Path file, char[] password) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(file)) {
            store.load(in, password);
        }
        return store;
    }

    private static void write(Path directory, KeyStore store, char[] password)
            throws IOException, GeneralSecurityException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        store.store(bytes, password);
        OwnerFiles.write(directory.resolve(KEY_STORE), bytes.toByteArray());
    }

    private static void put(KeyStore store, String alias, IssuedIdentity identity, char[] password)
            throws GeneralSecurityException {
        List<Certificate> chain = new ArrayList<>(List.of(identity.certificate()));
        chain.addAll(identity.authority());
        store.setEntry(
                alias,
                new KeyStore.PrivateKeyEntry(identity.privateKey(), chain.toArray(Certificate[]::new)),
                protection(password));
    }

    private static KeyStore.PasswordProtection protection(char[] password) {
        return new KeyStore.PasswordProtection(password, PROTECTION, null);
    }

    private static String next(KeyStore store, String name) throws GeneralSecurityException {
        int highest = Collections.list(store.aliases()).stream()
                .mapToInt(alias -> number(alias, name))
                .max()
                .orElse(0);
        if (highest >= MOST_KEYS) {
            throw new HansardException(
                    ErrorCode.CONFLICT, "the vault has " + highest + " entries '" + name + "', it can hold no more");
        }
        return name + "-" + (highest + 1);
    }

    /** The alias that has a number; {@link #number} the other way. */
    static String numbered(String name, int number) {
        return number == 1 ? name : name + "-" + number;
    }

    /** 1 for {@code worker}, 2 for {@code worker-2}; 0 when the alias is of something else. */
    static int number(String alias, String name) {
        if (alias.equals(name)) {
            return 1;
        }
        String digits = alias.startsWith(name + "-") ? alias.substring(name.length() + 1) : "";
        return digits.matches("[1-9][0-9]{0,2}") ? Integer.parseInt(digits) : 0;
    }

    @Override
    public void close() {
        // nothing is held open
    }

    @Override
    public String toString() {
        return "Pkcs12Keys[" + directory + "]";
    }
}

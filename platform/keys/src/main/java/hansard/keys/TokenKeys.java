package hansard.keys;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidParameterException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Keys on a PKCS#11 token (OASIS PKCS #11 v2.40), through the JDK's own provider: identities {@code NAME}, {@code NAME-2}, … and
 * wrapping keys likewise, all made on the token and none extractable. The newest wrapping key wraps.
 *
 * <p>What it wraps is {@code | number of the wrapping key u8 | nonce 12 | key, sealed on the token with AES-GCM | tag 16 |}.
 */
final class TokenKeys implements KeyKeeper {
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    /** Another process may have made or retired keys: the driver does not say so. */
    static final long LOOK_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final KeyKeeperConfig.Pkcs11 config;
    private final TokenLogin login;
    private final Provider provider;
    private final LongSupplier nanos;
    private volatile KeyStore token;
    private volatile long lookedNanos;

    private TokenKeys(KeyKeeperConfig.Pkcs11 config, TokenLogin login, KeyStore token, LongSupplier nanos) {
        this.config = config;
        this.login = login;
        this.provider = login.provider();
        this.token = token;
        this.nanos = nanos;
        this.lookedNanos = nanos.getAsLong();
    }

    /** @param vault the vault's directory */
    static TokenKeys open(KeyKeeperConfig.Pkcs11 config, Path vault) throws IOException {
        return open(config, vault, System::nanoTime);
    }

    static TokenKeys open(KeyKeeperConfig.Pkcs11 config, Path vault, LongSupplier nanos) throws IOException {
        TokenLogin login = TokenLogin.with(config);
        try {
            return new TokenKeys(config, login, login.open(vault), nanos);
        } catch (IOException | RuntimeException e) {
            login.close();
            throw e;
        }
    }

    /** Makes an elliptic curve identity (P-256) on the token. @param certify gives the public key a certificate */
    X509Certificate makeIdentity(Function<PublicKey, X509Certificate> certify) throws IOException {
        try {
            KeyPairGenerator pairs = KeyPairGenerator.getInstance("EC", provider);
            pairs.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = pairs.generateKeyPair();
            X509Certificate certificate = certify.apply(pair.getPublic());
            token.setKeyEntry(next(config.identity()), pair.getPrivate(), null, new Certificate[] {certificate});
            return certificate;
        } catch (GeneralSecurityException | ProviderException e) {
            throw login.failed("could not make an identity", e);
        }
    }

    boolean hasWrappingKey() throws IOException {
        return !numbered(config.wrapping()).isEmpty();
    }

    @Override
    public List<WorkerIdentity> identities() throws IOException {
        List<WorkerIdentity> identities = new ArrayList<>();
        for (String alias : numbered(config.identity()).descendingMap().values()) {
            try {
                if (token.getKey(alias, null) instanceof PrivateKey key
                        && token.getCertificate(alias) instanceof X509Certificate certificate) {
                    identities.add(new WorkerIdentity(
                            certificate, new TokenIdentityKey(key, certificate.getPublicKey(), provider)));
                }
            } catch (GeneralSecurityException | ProviderException e) {
                throw login.failed("does not give its identity", e);
            }
        }
        if (identities.isEmpty()) {
            throw new HansardException(
                    ErrorCode.BAD_CONFIGURATION,
                    "the token in slot " + config.slot() + " holds no private key with certificate named '"
                            + config.identity() + "' (vault.pkcs11.identity): issue one with 'hansard keys issue'");
        }
        return identities;
    }

    @Override
    public byte[] wrap(byte[] key, byte[] context) throws IOException {
        var newest = numbered(config.wrapping()).lastEntry();
        if (newest != null) {
            try {
                return wrap(newest, key, context);
            } catch (GeneralSecurityException | ProviderException e) {
                newest = reloaded().lastEntry(); // perhaps it was retired since we looked at what is on the token
            }
        }
        if (newest == null) {
            throw new HansardException(
                    ErrorCode.BAD_CONFIGURATION,
                    "the token in slot " + config.slot() + " holds no AES key named '" + config.wrapping()
                            + "' (vault.pkcs11.wrapping): 'hansard keys issue' makes it with the identity");
        }
        try {
            return wrap(newest, key, context);
        } catch (GeneralSecurityException | ProviderException e) {
            throw login.failed("does not wrap", e);
        }
    }

    private byte[] wrap(Map.Entry<Integer, String> wrapping, byte[] key, byte[] context)
            throws GeneralSecurityException {
        byte[] nonce = AesGcm.randomBytes(NONCE_BYTES);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", provider);
        cipher.init(Cipher.ENCRYPT_MODE, key(wrapping.getValue()), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(context);
        byte[] sealed = cipher.doFinal(key);
        return ByteBuffer.allocate(1 + nonce.length + sealed.length)
                .put(wrapping.getKey().byteValue())
                .put(nonce)
                .put(sealed)
                .array();
    }

    private byte[] unwrap(String alias, byte[] wrapped, byte[] context) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", provider);
        cipher.init(Cipher.DECRYPT_MODE, key(alias), new GCMParameterSpec(TAG_BITS, wrapped, 1, NONCE_BYTES));
        cipher.updateAAD(context);
        return cipher.doFinal(wrapped, 1 + NONCE_BYTES, wrapped.length - 1 - NONCE_BYTES);
    }

    @Override
    public byte[] unwrap(byte[] wrapped, byte[] context) throws IOException, AEADBadTagException {
        int number = wrappingNumber(wrapped);
        String alias = numbered(config.wrapping()).get(number);
        if (alias == null) { // perhaps another process has rotated since we looked at what is on the token
            alias = reloaded().get(number);
        }
        if (alias == null) {
            throw noKey(number);
        }
        try {
            return unwrap(alias, wrapped, context);
        } catch (GeneralSecurityException | ProviderException e) {
            TokenError error = TokenError.of(e);
            if (error == TokenError.DATA || (error == TokenError.UNCLEAR && opensItsOwn(alias))) {
                AEADBadTagException altered = new AEADBadTagException("the token refuses it");
                altered.initCause(e);
                throw altered;
            }
            if (reloaded().get(number) == null) { // another process has retired it since we looked
                throw noKey(number);
            }
            throw login.failed("does not unwrap", e);
        }
    }

    private static AEADBadTagException noKey(int number) {
        return new AEADBadTagException("the token has no wrapping key number " + number);
    }

    /** Whether the token can do with this key what it has just failed to do. */
    private boolean opensItsOwn(String alias) {
        byte[] probe = AesGcm.randomBytes(AesGcm.KEY_BYTES);
        try {
            return Arrays.equals(probe, unwrap(alias, wrap(Map.entry(0, alias), probe, probe), probe));
        } catch (GeneralSecurityException | ProviderException e) {
            return false;
        }
    }

    private static int wrappingNumber(byte[] wrapped) throws AEADBadTagException {
        if (wrapped.length < 1 + NONCE_BYTES + TAG_BITS / 8 || wrapped[0] == 0) {
            throw new AEADBadTagException(wrapped.length + " bytes are no wrapped key");
        }
        return wrapped[0] & 0xff;
    }

    @Override
    public String wrappingKeyOf(byte[] wrapped) throws AEADBadTagException {
        return Pkcs12Keys.numbered(config.wrapping(), wrappingNumber(wrapped));
    }

    /** One by one, the oldest first: after a crash the rest is dropped the next time. */
    @Override
    public Retirement retireBefore(String wrappingKey) throws IOException {
        List<String> dropped = new ArrayList<>();
        int kept = Pkcs12Keys.number(wrappingKey, config.wrapping());
        try {
            for (String alias : reloaded().headMap(kept).values()) {
                token.deleteEntry(alias);
                dropped.add(alias);
            }
            look();
            return new Retirement(wrappingKey, dropped, "");
        } catch (GeneralSecurityException | ProviderException e) {
            throw login.failed("could not drop a wrapping key", e);
        }
    }

    @Override
    public void rotate() throws IOException {
        try {
            KeyGenerator keys = KeyGenerator.getInstance("AES", provider);
            keys.init(8 * AesGcm.KEY_BYTES);
            token.setKeyEntry(next(config.wrapping()), keys.generateKey(), null, null);
            look();
        } catch (GeneralSecurityException | ProviderException | InvalidParameterException e) {
            throw login.failed("could not make a wrapping key", e);
        }
    }

    private TreeMap<Integer, String> reloaded() throws IOException {
        try {
            look();
        } catch (GeneralSecurityException | ProviderException e) {
            throw login.failed("does not answer", e);
        }
        return numbered(config.wrapping());
    }

    private void look() throws IOException, GeneralSecurityException {
        token = login.contents();
        lookedNanos = nanos.getAsLong();
    }

    private SecretKey key(String alias) throws GeneralSecurityException {
        Key key = token.getKey(alias, null);
        if (key instanceof SecretKey secret) {
            return secret;
        }
        throw new GeneralSecurityException("'" + alias + "' is no secret key");
    }

    private String next(String name) throws IOException {
        var last = numbered(name).lastEntry();
        return last == null ? name : name + "-" + (last.getKey() + 1);
    }

    private TreeMap<Integer, String> numbered(String name) throws IOException {
        try {
            if (nanos.getAsLong() - lookedNanos >= LOOK_AGAIN_NANOS) {
                look();
            }
            TreeMap<Integer, String> found = new TreeMap<>();
            for (String alias : Collections.list(token.aliases())) {
                int number = Pkcs12Keys.number(alias, name);
                if (number > 0) {
                    found.put(number, alias);
                }
            }
            return found;
        } catch (GeneralSecurityException | ProviderException e) {
            throw login.failed("does not answer", e);
        }
    }

    @Override
    public void close() {
        login.close();
    }

    @Override
    public String toString() {
        return "TokenKeys[slot " + config.slot() + "]";
    }
}

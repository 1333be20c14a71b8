package hansard.keys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.ErrorCode;
import hansard.wire.Octets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Security;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is particular to a token. */
class TokenKeysTest {
    private static final byte[] MASTER = new byte[30];

    @TempDir
    Path directory;

    private X509Certificate certify(java.security.PublicKey key) {
        return CertificateAuthority.openOrCreate(directory.resolve("ca"), "CN=Example CA")
                .issue(key, VaultConfig.workerRequest("CN=w", Set.of("default"), Duration.ofDays(1)));
    }

    @Test
    void anRsaIdentityOnTheTokenOpensKeyTransport() throws Exception {
        KeyKeeperConfig.Pkcs11 config = SoftHsm.token(directory);
        var provider = Security.getProvider("SunPKCS11")
                .configure("--name=RsaSetup\nlibrary=" + config.library() + "\nslot=" + config.slot());
        KeyStore token = KeyStore.getInstance("PKCS11", provider);
        token.load(null, Files.readString(config.pinFile()).toCharArray());
        KeyPairGenerator pairs = KeyPairGenerator.getInstance("RSA", provider);
        pairs.initialize(2048);
        KeyPair pair = pairs.generateKeyPair();
        X509Certificate certificate = certify(pair.getPublic());
        token.setKeyEntry(config.identity(), pair.getPrivate(), null, new Certificate[] {certificate});

        try (TokenKeys keys = TokenKeys.open(config)) {
            Octets cms = KeySealer.seal(MASTER, List.of(certificate));
            assertArrayEquals(
                    MASTER,
                    SessionKeyOpener.open(cms, keys.identities(), i -> {}).reveal());
        }
    }

    @Test
    void nothingOfTheKeysLeavesTheToken() throws Exception {
        KeyKeeperConfig.Pkcs11 config = SoftHsm.token(directory);
        try (TokenKeys keys = TokenKeys.open(config)) {
            keys.makeIdentity(this::certify);
            keys.rotate();
            TokenIdentityKey identity =
                    (TokenIdentityKey) keys.identities().getFirst().key();
            assertNull(identity.privateKey().getEncoded());
            KeyStore token = KeyStore.getInstance("PKCS11", identity.provider());
            token.load(null, Files.readString(config.pinFile()).toCharArray());
            assertNull(token.getKey(config.wrapping(), null).getEncoded());
        }
    }

    @Test
    void aMissingDriverOrIdentityIsSaidInWords() throws Exception {
        var nowhere = new KeyKeeperConfig.Pkcs11(Path.of("/nowhere.so"), 0, directory, "a", "b");
        assertTrue(
                Refused.with(ErrorCode.BAD_CONFIGURATION, () -> open(nowhere)).contains("/nowhere.so"));
        KeyKeeperConfig.Pkcs11 config = SoftHsm.token(directory);
        String message = Refused.with(ErrorCode.BAD_CONFIGURATION, () -> {
            try (TokenKeys keys = TokenKeys.open(config)) {
                keys.identities();
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        assertTrue(message.contains(config.identity()), message);
    }

    private static void open(KeyKeeperConfig.Pkcs11 config) {
        try {
            TokenKeys.open(config).close();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}

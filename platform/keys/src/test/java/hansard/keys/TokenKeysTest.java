package hansard.keys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.ErrorCode;
import hansard.wire.Octets;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Security;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
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

        try (TokenKeys keys = TokenKeys.open(config, directory)) {
            Octets cms = KeySealer.seal(MASTER, List.of(certificate));
            assertArrayEquals(
                    MASTER,
                    SessionKeyOpener.open(cms, keys.identities(), i -> {}).reveal());
        }
    }

    @Test
    void nothingOfTheKeysLeavesTheToken() throws Exception {
        KeyKeeperConfig.Pkcs11 config = SoftHsm.token(directory);
        try (TokenKeys keys = TokenKeys.open(config, directory)) {
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
            try (TokenKeys keys = TokenKeys.open(config, directory)) {
                keys.identities();
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        assertTrue(message.contains(config.identity()), message);
    }

    @Test
    void aWrongPinIsTriedOnceAndSaidInWords() throws Exception {
        KeyKeeperConfig.Pkcs11 config = SoftHsm.token(directory);
        Path calls = directory.resolve("calls");
        Path pin = config.pinFile();
        String right = Files.readString(pin);
        Files.writeString(pin, "1234567");
        String wrong = inAProcess(config, calls);
        assertTrue(wrong.startsWith("BAD_CONFIGURATION the PIN in " + pin), wrong);
        assertFalse(wrong.contains("1234567"), wrong);
        String again = inAProcess(config, calls); // as by whoever starts a failed process again
        assertTrue(again.contains("it is not tried again"), again);
        assertEquals(1, logins(calls), "tries");
        Files.delete(calls);
        Files.writeString(pin, right);
        Files.setLastModifiedTime(pin, FileTime.from(Instant.now().plusSeconds(1)));
        assertEquals("open", inAProcess(config, calls).strip());
        assertEquals(1, logins(calls));
        assertFalse(Files.exists(directory.resolve("pin-refused")));
    }

    /** Through OpenSC's spy, which writes down each call of the driver. */
    private String inAProcess(KeyKeeperConfig.Pkcs11 config, Path calls) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        TokenProcess.class.getName(),
                        SoftHsm.spy().toString(),
                        Long.toString(config.slot()),
                        config.pinFile().toString(),
                        directory.toString())
                .redirectErrorStream(true);
        builder.environment().put("PKCS11SPY", config.library().toString());
        builder.environment().put("PKCS11SPY_OUTPUT", calls.toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }

    private static long logins(Path calls) throws Exception {
        try (Stream<String> lines = Files.lines(calls, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.endsWith(": C_Login")).count();
        }
    }

    @Test
    void aRetirementThatBrokeOffIsFinishedTheNextTime() throws Exception {
        KeyKeeperConfig.Pkcs11 config = SoftHsm.token(directory);
        String name = config.wrapping();
        try (TokenKeys keys = TokenKeys.open(config, directory)) {
            keys.rotate();
            keys.rotate();
            keys.rotate();
            byte[] wrapped = keys.wrap(MASTER, MASTER);
            assertEquals(List.of(name), keys.retireBefore(name + "-2").dropped()); // so far it came
            assertEquals(List.of(name + "-2"), keys.retireBefore(name + "-3").dropped());
            assertEquals(List.of(), keys.retireBefore(name + "-3").dropped());
            assertArrayEquals(MASTER, keys.unwrap(wrapped, MASTER));
        }
    }

    @Test
    void aKeyThatAnotherProcessMadeIsUsedWithinAMinute() throws Exception {
        KeyKeeperConfig.Pkcs11 config = SoftHsm.token(directory);
        AtomicLong nanos = new AtomicLong();
        try (TokenKeys other = TokenKeys.open(config, directory)) {
            other.rotate();
            try (TokenKeys keys = TokenKeys.open(config, directory, nanos::get)) {
                other.rotate();
                nanos.addAndGet(TokenKeys.LOOK_AGAIN_NANOS);
                assertEquals(config.wrapping() + "-2", keys.wrappingKeyOf(keys.wrap(MASTER, MASTER)));
                other.makeIdentity(this::certify);
                nanos.addAndGet(TokenKeys.LOOK_AGAIN_NANOS);
                assertEquals(1, keys.identities().size());
            }
        }
    }

    @Test
    void aTokenThatForgetsItsKeysDoesNotAnswerAndTheDataIsNotBlamed() throws Exception {
        KeyKeeperConfig.Pkcs11 config = SoftHsm.token(directory);
        try (TokenKeys keys = TokenKeys.open(config, directory)) {
            X509Certificate certificate = keys.makeIdentity(this::certify);
            keys.rotate();
            WorkerIdentity identity = keys.identities().getFirst();
            Octets cms = KeySealer.seal(MASTER, List.of(certificate));
            KeyStore token = KeyStore.getInstance("PKCS11", ((TokenIdentityKey) identity.key()).provider());
            token.load(null, Files.readString(config.pinFile()).toCharArray());
            token.deleteEntry(config.identity());
            Refused.with(
                    ErrorCode.VAULT_UNAVAILABLE, () -> SessionKeyOpener.open(cms, List.of(identity), permitted -> {}));
        }
    }

    private void open(KeyKeeperConfig.Pkcs11 config) {
        try {
            TokenKeys.open(config, directory).close();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}

package hansard.keys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.ErrorCode;
import hansard.wire.Octets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Pkcs12VaultTest {
    private static final KeyRef REF = new KeyRef("acme", "call-1", "mic");

    @TempDir
    Path directory;

    @Test
    void onlyTheOwnerMayReadTheVault() throws IOException {
        Path fresh = directory.resolve("a/vault");
        try (Vault vault = Pkcs12Vault.open(fresh)) {
            vault.newDataKey(REF);
        }
        try (var files = Files.walk(fresh)) {
            for (Path file : files.toList()) {
                String expected = Files.isDirectory(file) ? "rwx------" : "rw-------";
                assertEquals(
                        expected, PosixFilePermissions.toString(Files.getPosixFilePermissions(file)), file.toString());
            }
        }
    }

    @Test
    void theIdentitySurvivesARestart() throws IOException {
        List<?> before;
        DataKey key;
        try (Vault vault = Pkcs12Vault.open(directory)) {
            assertEquals("CN=hansard-worker", vault.identity());
            before = vault.recipients();
            key = vault.newDataKey(REF);
        }
        Files.delete(directory.resolve("recipients.pem")); // as if killed before it was written
        try (Vault vault = Pkcs12Vault.open(directory)) {
            assertEquals(before, vault.recipients());
            assertArrayEquals(
                    key.key().reveal().getEncoded(),
                    vault.unwrap(REF, key.wrapped()).reveal().getEncoded());
        }
        assertTrue(Files.readString(directory.resolve("recipients.pem")).startsWith("-----BEGIN CERTIFICATE-----\n"));
    }

    @Test
    void aSecondProcessOpensWhatTheFirstSealed() {
        try (Vault first = Pkcs12Vault.open(directory);
                Vault second = Pkcs12Vault.open(directory)) {
            DataKey ofFirst = first.newDataKey(REF);
            DataKey ofSecond = second.newDataKey(REF);
            assertNotEquals(ofFirst.wrapped(), ofSecond.wrapped());
            assertArrayEquals(
                    ofFirst.key().reveal().getEncoded(),
                    second.unwrap(REF, ofFirst.wrapped()).reveal().getEncoded());
            assertArrayEquals(
                    ofSecond.key().reveal().getEncoded(),
                    first.unwrap(REF, ofSecond.wrapped()).reveal().getEncoded());
            second.destroy("acme", "call-1");
            Refused.with(ErrorCode.KEY_GONE, () -> first.unwrap(REF, ofFirst.wrapped()));
        }
    }

    @Test
    void processesThatStartAtOnceAgreeOnOneVault() throws Exception {
        // processes of their own, since a file lock does not hold within one
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<Process> processes = new ArrayList<>();
        List<Path> outputs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Path output = Files.createTempFile(directory, "process", ".out");
            outputs.add(output);
            processes.add(new ProcessBuilder(
                            java,
                            "-cp",
                            System.getProperty("java.class.path"),
                            VaultProcess.class.getName(),
                            directory.resolve("vault").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start());
        }
        for (int i = 0; i < 3; i++) {
            assertEquals(0, processes.get(i).waitFor(), Files.readString(outputs.get(i)));
        }
        List<String> wrapped = new ArrayList<>();
        Set<String> certificates = new java.util.HashSet<>();
        for (Path output : outputs) {
            List<String> lines = Files.readAllLines(output);
            certificates.add(lines.get(lines.size() - 2));
            wrapped.add(lines.getLast());
        }
        assertEquals(1, certificates.size());
        try (Vault vault = Pkcs12Vault.open(directory.resolve("vault"))) {
            for (String key : wrapped) {
                vault.unwrap(REF, VaultProcess.decode(key));
            }
        }
    }

    @Test
    void threadsThatAskAtOnceGetOneTrackKey() throws Exception {
        try (Vault first = Pkcs12Vault.open(directory);
                Vault second = Pkcs12Vault.open(directory);
                var pool = Executors.newFixedThreadPool(4)) {
            for (int round = 0; round < 10; round++) {
                KeyRef ref = new KeyRef("acme", "call-1", "t" + round);
                CyclicBarrier together = new CyclicBarrier(4);
                List<Future<DataKey>> made = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    Vault vault = i % 2 == 0 ? first : second;
                    made.add(pool.submit(() -> {
                        together.await();
                        return vault.newDataKey(ref);
                    }));
                }
                for (Future<DataKey> key : made) {
                    first.unwrap(ref, key.get().wrapped());
                }
            }
        }
    }

    @Test
    void destroyedKeysAreGoneForGood() throws IOException {
        try (Vault vault = Pkcs12Vault.open(directory)) {
            KeyRef mix = new KeyRef("acme", "call-1", KeyRef.MIX);
            KeyRef other = new KeyRef("acme", "call-2", "mic");
            DataKey key = vault.newDataKey(REF);
            vault.newDataKey(mix);
            DataKey kept = vault.newDataKey(other);
            byte[] file = Files.readAllBytes(directory.resolve("track-keys/acme/call-1/mic.key"));

            assertEquals(Set.of(REF, mix), Set.copyOf(vault.destroy("acme", "call-1")));
            assertEquals(Set.of(REF, mix), Set.copyOf(vault.destroy("acme", "call-1")));
            Refused.with(ErrorCode.KEY_GONE, () -> vault.unwrap(REF, key.wrapped()));
            Refused.with(ErrorCode.KEY_GONE, () -> vault.newDataKey(REF));
            Refused.with(ErrorCode.KEY_GONE, () -> vault.newDataKey(new KeyRef("acme", "call-1", "late")));
            vault.unwrap(other, kept.wrapped());

            try (var files = Files.walk(directory.resolve("track-keys/acme/call-1"))) {
                assertEquals(
                        Set.of(".destroyed", "mic.destroyed", "mix.destroyed"),
                        files.filter(Files::isRegularFile)
                                .map(f -> f.getFileName().toString())
                                .collect(Collectors.toSet()));
            }
            // a key file put back from a backup does not raise the dead
            Files.write(directory.resolve("track-keys/acme/call-1/mic.key"), file);
            Refused.with(ErrorCode.KEY_GONE, () -> vault.unwrap(REF, key.wrapped()));
            vault.destroy("acme", "call-1");
            assertFalse(Files.exists(directory.resolve("track-keys/acme/call-1/mic.key")));
        }
    }

    @Test
    void aCallThatNeverHadKeysCanBeDestroyed() {
        try (Vault vault = Pkcs12Vault.open(directory)) {
            assertEquals(List.of(), vault.destroy("acme", "never"));
            Refused.with(ErrorCode.KEY_GONE, () -> vault.newDataKey(new KeyRef("acme", "never", "mic")));
        }
    }

    @Test
    void aWrappedKeyOpensOnlyForItsTrack() throws IOException {
        try (Vault vault = Pkcs12Vault.open(directory)) {
            DataKey key = vault.newDataKey(REF);
            KeyRef other = new KeyRef("acme", "call-1", "screen");
            Refused.with(ErrorCode.KEY_GONE, () -> vault.unwrap(other, key.wrapped()));
            // not even when the track's key file is copied under the other name
            Path calls = directory.resolve("track-keys/acme/call-1");
            Files.copy(calls.resolve("mic.key"), calls.resolve("screen.key"));
            Refused.with(ErrorCode.NOT_AUTHENTIC, () -> vault.unwrap(other, key.wrapped()));
        }
    }

    @Test
    void namesThatAreNotFileNamesAreRefused() {
        try (Vault vault = Pkcs12Vault.open(directory)) {
            for (String bad : List.of("", ".", "..", ".hidden", "a/b", "a\\b", "a\nb", "ä", "x".repeat(129))) {
                Refused.with(ErrorCode.MALFORMED, () -> vault.newDataKey(new KeyRef("acme", "call-1", bad)));
                Refused.with(ErrorCode.MALFORMED, () -> vault.newDataKey(new KeyRef("acme", bad, "mic")));
                Refused.with(ErrorCode.MALFORMED, () -> vault.newDataKey(new KeyRef(bad, "call-1", "mic")));
                Refused.with(ErrorCode.MALFORMED, () -> vault.destroy("acme", bad));
            }
            String longest = "x".repeat(128);
            vault.newDataKey(new KeyRef(longest, longest, longest));
            assertEquals(1, vault.destroy(longest, longest).size());
        }
    }

    @Test
    void anUnmountedVaultIsUnavailableAndItsKeysAreNotGone() throws IOException {
        Path mounted = directory.resolve("vault");
        try (Vault vault = Pkcs12Vault.open(mounted)) {
            DataKey key = vault.newDataKey(REF);
            Files.move(mounted, directory.resolve("away"));
            Refused.with(ErrorCode.VAULT_UNAVAILABLE, () -> vault.unwrap(REF, key.wrapped()));
            Refused.with(ErrorCode.VAULT_UNAVAILABLE, () -> vault.newDataKey(REF));
            Refused.with(ErrorCode.VAULT_UNAVAILABLE, () -> vault.destroy("acme", "call-1"));
            Files.move(directory.resolve("away"), mounted);
            vault.unwrap(REF, key.wrapped());
        }
    }

    @Test
    void aDamagedKeyStoreIsUnavailable() throws IOException {
        Pkcs12Vault.open(directory).close();
        Files.writeString(directory.resolve("vault.p12"), "not a key store", StandardCharsets.US_ASCII);
        String message = Refused.with(ErrorCode.VAULT_UNAVAILABLE, () -> Pkcs12Vault.open(directory));
        assertTrue(message.contains(directory.toString()), message);
        assertFalse(message.contains(Files.readString(directory.resolve("vault.password"))));
    }

    @Test
    void aSignatureOfAnotherOrganisationIsNotBelieved() {
        try (Vault ours = Pkcs12Vault.open(directory.resolve("ours"));
                Vault theirs = Pkcs12Vault.open(directory.resolve("theirs"))) {
            Octets signed = theirs.sign("acme", new byte[] {1}).orElseThrow();
            assertEquals(1, theirs.checkSignature(signed).content().length());
            String why = Refused.with(ErrorCode.NOT_AUTHENTIC, () -> ours.checkSignature(signed));
            assertTrue(why.contains("did not issue"), why);
        }
    }
}

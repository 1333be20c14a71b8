package hansard.keys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a change of wrapping keys must not do to those who use them meanwhile, and where it ends. */
class WrappingChangeTest {
    private static final KeyRef REF = new KeyRef("acme", "call-1", "mic");

    @TempDir
    Path directory;

    @Test
    void killedAtAnyMomentWhileOthersMakeKeysNothingIsLost() throws Exception {
        Path vaultDirectory = directory.resolve("vault");
        Map<KeyRef, DataKey> made = new LinkedHashMap<>();
        Random random = new Random(26);
        try (Vault vault = Pkcs12Vault.open(vaultDirectory)) {
            for (int round = 0; round < 4; round++) {
                Path output = directory.resolve("changes-" + round);
                Process process = new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                WrappingChangeProcess.class.getName(),
                                vaultDirectory.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
                try {
                    long begun = System.nanoTime();
                    while (Files.size(output) == 0) { // until keys have been retired under us
                        make(vault, made, round);
                        assertTrue(System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(60), "no change in a minute");
                    }
                    Thread.sleep(random.nextInt(300));
                } finally {
                    process.destroyForcibly().waitFor();
                }
                assertTrue(Files.readString(output).startsWith("[wrapping"), Files.readString(output));
                assertFalse(Files.readString(output).contains("Exception"), Files.readString(output));
                requireAllOpen(vault, made);
            }
        }
        VaultConfig config = VaultConfig.embedded(vaultDirectory);
        Rotation rotation = config.rotateWrappingKey(InstantSource.system());
        assertEquals(made.size(), rotation.trackKeys());
        config.retireWrappingKeys(Duration.ZERO, InstantSource.system(), kept -> {});
        try (Vault vault = Pkcs12Vault.open(vaultDirectory)) {
            requireAllOpen(vault, made);
        }
    }

    private static void make(Vault vault, Map<KeyRef, DataKey> made, int round) throws InterruptedException {
        KeyRef ref = new KeyRef("acme", "call-" + round, "t" + made.size());
        made.put(ref, vault.newDataKey(ref));
        Thread.sleep(20);
    }

    private static void requireAllOpen(Vault vault, Map<KeyRef, DataKey> made) {
        made.forEach((ref, key) -> assertArrayEquals(
                key.key().reveal().getEncoded(),
                vault.unwrap(ref, key.wrapped()).reveal().getEncoded()));
    }

    /** The limit of the embedded vault that docs/operations.md names: such a backup brings its own wrapping key. */
    @Test
    void aBackupOfTheWholeEmbeddedVaultOpensByItselfAndOneOfTrackKeysDoesNot() throws Exception {
        Path vaultDirectory = directory.resolve("vault");
        Path whole = directory.resolve("whole");
        VaultConfig config = VaultConfig.embedded(vaultDirectory);
        DataKey purged;
        try (Vault vault = Pkcs12Vault.open(vaultDirectory)) {
            purged = vault.newDataKey(REF);
            copy(vaultDirectory, whole);
            vault.destroy("acme", "call-1");
        }
        config.rotateWrappingKey(InstantSource.system());
        config.retireWrappingKeys(Duration.ZERO, InstantSource.system(), kept -> {});
        Path apart = directory.resolve("apart");
        copy(vaultDirectory, apart);
        delete(apart.resolve("track-keys"));
        copy(whole.resolve("track-keys"), apart.resolve("track-keys"));
        try (Vault vault = Pkcs12Vault.open(apart)) {
            Refused.with(ErrorCode.NOT_AUTHENTIC, () -> vault.unwrap(REF, purged.wrapped()));
        }
        try (Vault vault = Pkcs12Vault.open(whole)) {
            vault.unwrap(REF, purged.wrapped());
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void aDamagedTrackKeyStandsInTheWayAndIsNamed() throws Exception {
        VaultConfig config = VaultConfig.embedded(directory);
        try (Vault vault = Pkcs12Vault.open(directory)) {
            vault.newDataKey(REF);
        }
        config.rotateWrappingKey(InstantSource.system());
        Path file = directory.resolve("track-keys/acme/call-1/mic.key");
        Files.write(file, new byte[] {2, 0});
        String message = Refused.with(
                ErrorCode.NOT_AUTHENTIC,
                () -> config.retireWrappingKeys(Duration.ZERO, InstantSource.system(), kept -> {}));
        assertTrue(message.contains(file.toString()), message);
        try (KeyKeeper keys = Pkcs12Keys.open(directory)) {
            assertEquals(List.of("wrapping"), keys.retireBefore("wrapping-2").dropped(), "was still there");
        }
    }

    @Test
    void aRotationThatWasBrokenOffRetiresNothing() throws Exception {
        VaultConfig config = VaultConfig.embedded(directory);
        try (Vault vault = Pkcs12Vault.open(directory)) {
            vault.newDataKey(REF);
            config.rotateWrappingKey(InstantSource.system());
            Path file = directory.resolve("track-keys/acme/call-1/mic.key");
            byte[] whole = Files.readAllBytes(file);
            Files.write(file, new byte[] {2, 0}); // which ends the next rotation in the middle
            Refused.with(ErrorCode.NOT_AUTHENTIC, () -> config.rotateWrappingKey(InstantSource.system()));
            Files.write(file, whole);
            String message = Refused.with(
                    ErrorCode.CONFLICT,
                    () -> config.retireWrappingKeys(Duration.ZERO, InstantSource.system(), kept -> {}));
            assertTrue(message.contains("no rotation"), message);
        }
    }

    @Test
    void aDirectoryThatIsNotMountedIsNotChanged() {
        VaultConfig config = VaultConfig.embedded(directory.resolve("nowhere"));
        Refused.with(ErrorCode.BAD_CONFIGURATION, () -> config.rotateWrappingKey(InstantSource.system()));
        Refused.with(
                ErrorCode.BAD_CONFIGURATION,
                () -> config.retireWrappingKeys(Duration.ZERO, InstantSource.system(), kept -> {}));
        assertFalse(Files.exists(directory.resolve("nowhere")));
    }

    @Test
    void withoutItsModuleAwsKmsSaysWhatIsMissing() {
        var config = new KeyKeeperConfig.AwsKms("r", "", "", Path.of("x"), "", Duration.ofSeconds(1));
        String message = Refused.with(ErrorCode.BAD_CONFIGURATION, () -> {
            try {
                config.open(directory).close();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        assertTrue(message.contains("hansard-keys-aws"), message);
    }
}

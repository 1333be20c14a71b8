package hansard.keys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.ErrorCode;
import hansard.wire.Octets;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every vault must keep, whoever keeps its lasting keys. */
abstract class VaultContract {
    static final byte[] MASTER =
            HexFormat.of().parseHex("a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbd");
    private static final KeyRef REF = new KeyRef("acme", "call-1", "mic");

    @TempDir
    Path directory;

    final List<Map<String, String>> refusals = new ArrayList<>();
    CertificateAuthority authority;
    Path vaultDirectory;
    private Instant now = Instant.now();

    /** Makes the keys at their keeper, with an identity that {@link #certify} certifies. */
    abstract KeyKeeperConfig keeper() throws Exception;

    /** Where the owner makes the new wrapping key, and not the vault: does so. */
    void makeWrappingKey() {}

    /** Where the owner must end the old wrapping keys: does what it is told to. */
    void finished(Retirement retirement) {
        assertEquals("", retirement.remains());
        assertFalse(retirement.dropped().isEmpty());
    }

    /** What opening by a key that is no longer there ends with. */
    ErrorCode ofARetiredKey() {
        return ErrorCode.NOT_AUTHENTIC;
    }

    private Rotation rotated(VaultConfig config) {
        makeWrappingKey();
        return config.rotateWrappingKey(() -> now);
    }

    private Retirement retired(VaultConfig config, Duration age) {
        return config.retireWrappingKeys(age, () -> now, kept -> {});
    }

    @BeforeEach
    void organisation() throws Exception {
        authority = CertificateAuthority.openOrCreate(directory.resolve("ca"), "CN=Example CA");
        vaultDirectory = directory.resolve("vault");
        OwnerFiles.createDirectories(vaultDirectory);
    }

    /** What the organisation does when a worker is set up: for a year, in the group {@code default}. */
    X509Certificate certify(PublicKey key) {
        return authority.issue(key, VaultConfig.workerRequest("CN=worker-1", Set.of("default"), Duration.ofDays(365)));
    }

    VaultConfig config(KeyKeeperConfig keeper, Map<String, String> groups) {
        return new VaultConfig(
                vaultDirectory,
                authority.certificateFile(),
                authority.crlFile(),
                Duration.ofDays(7),
                new KeyGroups("default", groups),
                keeper);
    }

    private Vault open(KeyKeeperConfig keeper) {
        return open(config(keeper, Map.of()));
    }

    Vault open(VaultConfig config) {
        InstantSource clock = () -> now;
        return config.open("test", clock, (tenant, actor, call, detail) -> {
            assertTrue(actor.startsWith("test/CN="), actor);
            refusals.add(detail);
        });
    }

    @Test
    void whatIsSealedToItsRecipientsItOpens() throws Exception {
        try (Vault vault = open(keeper())) {
            assertEquals("CN=worker-1", vault.identity());
            assertEquals(1, vault.recipients().size());
            Octets cms = KeySealer.seal(MASTER, vault.recipients());
            assertArrayEquals(MASTER, vault.openSessionKey("acme", cms).reveal());
            assertEquals("[secret]", vault.openSessionKey("acme", cms).toString());
            assertEquals("", vault.problem());
        }
    }

    @Test
    void everyForgedMessageGivesNoKey() throws Exception {
        try (Vault vault = open(keeper())) {
            byte[] cms = KeySealer.seal(MASTER, vault.recipients()).array();
            for (int at = 0; at < cms.length; at += 7) {
                byte[] altered = cms.clone();
                altered[at] ^= 0x10;
                try {
                    assertArrayEquals(
                            MASTER,
                            vault.openSessionKey("acme", Octets.of(altered)).reveal());
                } catch (hansard.runtime.HansardException e) {
                    assertTrue(
                            Set.of(ErrorCode.NOT_AUTHENTIC, ErrorCode.MALFORMED).contains(e.code()), e.toString());
                }
            }
        }
    }

    @Test
    void dataKeysOpenAgainAfterARestartAndOnlyForTheirTrack() throws Exception {
        KeyKeeperConfig keeper = keeper();
        DataKey key;
        try (Vault vault = open(keeper)) {
            key = vault.newDataKey(REF);
            vault.newDataKey(new KeyRef("acme", "call-1", "screen"));
            vault.newDataKey(new KeyRef("acme", "call-2", "mic"));
            vault.newDataKey(new KeyRef("other", "call-1", "mic"));
        }
        try (Vault vault = open(keeper)) {
            assertArrayEquals(
                    key.key().reveal().getEncoded(),
                    vault.unwrap(REF, key.wrapped()).reveal().getEncoded());
            for (KeyRef other : List.of(
                    new KeyRef("acme", "call-1", "screen"),
                    new KeyRef("acme", "call-2", "mic"),
                    new KeyRef("other", "call-1", "mic"))) {
                Refused.with(ErrorCode.NOT_AUTHENTIC, () -> vault.unwrap(other, key.wrapped()));
            }
        }
    }

    @Test
    void aTrackKeyFileMovedToAnotherTrackOpensNothing() throws Exception {
        try (Vault vault = open(keeper())) {
            DataKey key = vault.newDataKey(REF);
            Path calls = vaultDirectory.resolve("track-keys/acme/call-1");
            Files.copy(calls.resolve("mic.key"), calls.resolve("screen.key"));
            Refused.with(
                    ErrorCode.NOT_AUTHENTIC, () -> vault.unwrap(new KeyRef("acme", "call-1", "screen"), key.wrapped()));
        }
    }

    @Test
    void aDestroyedCallsKeysAreGoneAndTheOthersStay() throws Exception {
        try (Vault vault = open(keeper())) {
            DataKey gone = vault.newDataKey(REF);
            KeyRef other = new KeyRef("acme", "call-2", "mic");
            DataKey stays = vault.newDataKey(other);
            assertEquals(List.of(REF), vault.destroy("acme", "call-1"));
            Refused.with(ErrorCode.KEY_GONE, () -> vault.unwrap(REF, gone.wrapped()));
            Refused.with(ErrorCode.KEY_GONE, () -> vault.newDataKey(REF));
            vault.unwrap(other, stays.wrapped());
        }
    }

    @Test
    void aDestroyedTracksKeyIsGoneAndTheOthersOfItsCallStay() throws Exception {
        try (Vault vault = open(keeper())) {
            DataKey gone = vault.newDataKey(REF);
            KeyRef told = KeyRef.told(REF.tenant(), REF.callId(), REF.track());
            DataKey stays = vault.newDataKey(told);
            vault.destroy(REF);
            vault.destroy(REF);
            Refused.with(ErrorCode.KEY_GONE, () -> vault.unwrap(REF, gone.wrapped()));
            Refused.with(ErrorCode.KEY_GONE, () -> vault.newDataKey(REF));
            vault.unwrap(told, stays.wrapped());
            vault.newDataKey(told);
            vault.destroy(new KeyRef("acme", "call-1", "never"));
            Refused.with(ErrorCode.KEY_GONE, () -> vault.newDataKey(new KeyRef("acme", "call-1", "never")));
            assertEquals(
                    Set.of(REF, told, new KeyRef("acme", "call-1", "never")),
                    Set.copyOf(vault.destroy("acme", "call-1")));
        }
    }

    @Test
    void rotationWrapsTrackKeysAgainAndWhatTheySealedStillOpens() throws Exception {
        KeyKeeperConfig keeper = keeper();
        VaultConfig config = config(keeper, Map.of());
        Path file = vaultDirectory.resolve("track-keys/acme/call-1/mic.key");
        try (Vault running = open(config)) {
            DataKey key = running.newDataKey(REF);
            byte[] before = Files.readAllBytes(file);
            assertEquals(1, rotated(config).trackKeys());
            assertFalse(java.util.Arrays.equals(before, Files.readAllBytes(file)));
            running.unwrap(REF, key.wrapped()); // the call goes on
            KeyRef late = new KeyRef("acme", "call-3", "mic");
            running.unwrap(late, running.newDataKey(late).wrapped());
            Files.write(file, before); // written by a process that had not seen the new key yet
            running.unwrap(REF, key.wrapped());
            assertEquals(2, rotated(config).trackKeys());
            running.unwrap(REF, key.wrapped());
        }
    }

    @Test
    void whatARetiredKeyWrappedIsGoneAlsoFromABackup() throws Exception {
        KeyKeeperConfig keeper = keeper();
        VaultConfig config = config(keeper, Map.of());
        KeyRef purged = new KeyRef("acme", "call-2", "mic");
        Path file = vaultDirectory.resolve("track-keys/acme/call-2/mic.key");
        try (Vault running = open(config)) {
            DataKey kept = running.newDataKey(REF);
            DataKey gone = running.newDataKey(purged);
            byte[] backup = Files.readAllBytes(file);
            running.destroy("acme", "call-2");
            Rotation rotation = rotated(config);
            assertEquals(1, rotation.trackKeys());

            restore(file, backup);
            running.unwrap(purged, gone.wrapped()); // which is why one retires
            running.destroy("acme", "call-2");

            Retirement retirement = retired(config, Duration.ZERO);
            assertEquals(rotation.wrappingKey(), retirement.kept());
            finished(retirement);
            restore(file, backup);
            Refused.with(ofARetiredKey(), () -> running.unwrap(purged, gone.wrapped()));
            try (Vault fresh = open(config)) {
                Refused.with(ofARetiredKey(), () -> fresh.unwrap(purged, gone.wrapped()));
                fresh.unwrap(REF, kept.wrapped());
            }
            running.unwrap(REF, kept.wrapped());
            KeyRef late = new KeyRef("acme", "call-3", "mic"); // by a process that began before the new key was there
            running.unwrap(late, running.newDataKey(late).wrapped());
            Files.delete(file);
            assertEquals(List.of(), retired(config, Duration.ZERO).dropped());
        }
    }

    /** As one who has a backup would: without the marks of the purge. */
    private static void restore(Path file, byte[] backup) throws Exception {
        Files.delete(file.resolveSibling("mic.destroyed"));
        Files.delete(file.resolveSibling(".destroyed"));
        Files.write(file, backup);
    }

    @Test
    void noTrackLosesTheWrappingKeyThatItStillNeeds() throws Exception {
        KeyKeeperConfig keeper = keeper();
        VaultConfig config = config(keeper, Map.of());
        Path file = vaultDirectory.resolve("track-keys/acme/call-1/mic.key");
        try (Vault vault = open(config)) {
            DataKey key = vault.newDataKey(REF);
            byte[] before = Files.readAllBytes(file);
            String early = Refused.with(ErrorCode.CONFLICT, () -> retired(config, Duration.ZERO));
            assertTrue(early.contains("hansard keys rotate"), early);
            rotated(config);
            Refused.with(ErrorCode.CONFLICT, () -> retired(config, Duration.ofHours(1)));
            Files.write(file, before); // written by a process that had not seen the new key yet
            now = now.plus(Duration.ofHours(1));
            finished(retired(config, Duration.ofHours(1)));
            assertFalse(java.util.Arrays.equals(before, Files.readAllBytes(file)));
            vault.unwrap(REF, key.wrapped());
        }
    }

    @Test
    void whatCannotBeAnnouncedIsNotRetired() throws Exception {
        VaultConfig config = config(keeper(), Map.of());
        Path file = vaultDirectory.resolve("track-keys/acme/call-1/mic.key");
        try (Vault vault = open(config)) {
            DataKey key = vault.newDataKey(REF);
            byte[] before = Files.readAllBytes(file);
            Rotation rotation = rotated(config);
            Refused.with(
                    ErrorCode.KAFKA_UNAVAILABLE,
                    () -> config.retireWrappingKeys(Duration.ZERO, () -> now, kept -> {
                        assertEquals(rotation.wrappingKey(), kept);
                        throw new hansard.runtime.HansardException(ErrorCode.KAFKA_UNAVAILABLE, "no audit");
                    }));
            Files.write(file, before);
            vault.unwrap(REF, key.wrapped());
            assertEquals(List.of("acme"), config.tenants());
        }
    }

    @Test
    void revokedWorkerOpensNothingWithinAMinuteAndItsTryIsAudited() throws Exception {
        try (Vault vault = open(keeper())) {
            Octets cms = KeySealer.seal(MASTER, vault.recipients());
            DataKey key = vault.newDataKey(REF);
            authority.revoke(vault.recipients().getFirst().getSerialNumber());
            now = now.plusSeconds(61);
            String message = Refused.with(ErrorCode.KEY_REFUSED, () -> vault.openSessionKey("acme", cms));
            assertTrue(message.contains("revoked"), message);
            Refused.with(ErrorCode.KEY_REFUSED, () -> vault.openSessionKey("acme", cms));
            Refused.with(ErrorCode.KEY_REFUSED, () -> vault.unwrap(REF, key.wrapped()));
            Refused.with(ErrorCode.KEY_REFUSED, () -> vault.newDataKey(REF));
            assertEquals(List.of("revoked", "revoked"), reasons());
            assertEquals(List.of(), vault.recipients());
            assertEquals("", Files.readString(vaultDirectory.resolve("recipients.pem"), StandardCharsets.US_ASCII));
        }
    }

    @Test
    void expiredWorkerOpensNothing() throws Exception {
        try (Vault vault = open(keeper())) {
            Octets cms = KeySealer.seal(MASTER, vault.recipients());
            now = now.plus(Duration.ofDays(366));
            authority = CertificateAuthority.openOrCreate(
                    directory.resolve("ca"), "CN=Example CA", CertificateAuthority.CRL_VALIDITY, () -> now);
            authority.renewCrl();
            Refused.with(ErrorCode.KEY_REFUSED, () -> vault.openSessionKey("acme", cms));
            assertEquals(List.of("expired"), reasons());
            assertEquals(List.of(), vault.recipients());
        }
    }

    @Test
    void workerOfAnotherAuthorityOpensNothing() throws Exception {
        KeyKeeperConfig keeper = keeper();
        CertificateAuthority ours = authority;
        // another authority that bears our name
        authority = CertificateAuthority.openOrCreate(directory.resolve("other"), "CN=Example CA");
        VaultConfig config = new VaultConfig(
                vaultDirectory,
                authority.certificateFile(),
                authority.crlFile(),
                Duration.ofDays(7),
                new KeyGroups("default", Map.of()),
                keeper);
        try (Vault vault = open(config)) {
            assertEquals(List.of(), vault.recipients());
            Octets cms = KeySealer.seal(MASTER, ours.issued());
            Refused.with(ErrorCode.KEY_REFUSED, () -> vault.openSessionKey("acme", cms));
            assertEquals(List.of("other-authority"), reasons());
        }
    }

    @Test
    void workerOfOneGroupOpensNothingOfATenantWithAnother() throws Exception {
        try (Vault vault = open(config(keeper(), Map.of("bank", "bank-workers")))) {
            Octets cms = KeySealer.seal(MASTER, vault.recipients());
            assertArrayEquals(MASTER, vault.openSessionKey("acme", cms).reveal());
            String message = Refused.with(ErrorCode.KEY_REFUSED, () -> vault.openSessionKey("bank", cms));
            assertTrue(message.contains("tenant bank"), message);
            Refused.with(ErrorCode.KEY_REFUSED, () -> vault.newDataKey(new KeyRef("bank", "call-1", "mic")));
            vault.requireLeave("acme");
            assertEquals(message, Refused.with(ErrorCode.KEY_REFUSED, () -> vault.requireLeave("bank")));
            assertEquals(List.of("not-in-group", "not-in-group", "not-in-group"), reasons());
        }
    }

    @Test
    void anOldRevocationListIsBelievedForTheGraceAndNoLonger() throws Exception {
        try (Vault vault = open(keeper())) {
            Octets cms = KeySealer.seal(MASTER, vault.recipients());
            now = now.plus(CertificateAuthority.CRL_VALIDITY).plus(Duration.ofDays(6));
            vault.openSessionKey("acme", cms);
            assertTrue(vault.problem().contains("should have been replaced"), vault.problem());
            now = now.plus(Duration.ofDays(2));
            Refused.with(ErrorCode.KEY_REFUSED, () -> vault.openSessionKey("acme", cms));
            assertEquals(List.of("revocation-unknown"), reasons());
        }
    }

    @Test
    void aForgedRevocationListIsNotBelieved() throws Exception {
        try (Vault vault = open(keeper())) {
            Octets cms = KeySealer.seal(MASTER, vault.recipients());
            var forger = CertificateAuthority.openOrCreate(directory.resolve("forger"), "CN=Example CA");
            Files.copy(forger.crlFile(), authority.crlFile(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            now = now.plusSeconds(61);
            Refused.with(ErrorCode.KEY_REFUSED, () -> vault.openSessionKey("acme", cms));
            assertEquals(List.of("revocation-unknown"), reasons());
        }
    }

    @Test
    void nothingOpensAfterItIsClosed() throws Exception {
        Vault vault = open(keeper());
        Octets cms = KeySealer.seal(MASTER, vault.recipients());
        vault.close();
        Refused.with(ErrorCode.VAULT_UNAVAILABLE, () -> vault.openSessionKey("acme", cms));
    }

    private List<String> reasons() {
        return refusals.stream().map(r -> String.valueOf(r.get("reason"))).toList();
    }

    @Test
    void whatItSignsIsBelievedUntilItIsAltered() throws Exception {
        byte[] statement = "what a record consists of".getBytes(StandardCharsets.UTF_8);
        try (Vault vault = open(keeper())) {
            Optional<Octets> signed = vault.sign("acme", statement);
            if (!signsRecords()) {
                assertTrue(signed.isEmpty());
                return;
            }
            byte[] cms = signed.orElseThrow().array();
            RecordSignature signature = vault.checkSignature(Octets.of(cms));
            assertArrayEquals(statement, signature.content().array());
            assertEquals(
                    "CN=worker-1", signature.signer().getSubjectX500Principal().getName());
            for (int at = 0; at < cms.length; at++) {
                byte[] altered = cms.clone();
                altered[at] ^= 1;
                try {
                    RecordSignature believed = vault.checkSignature(Octets.of(altered));
                    assertArrayEquals(statement, believed.content().array(), "byte " + at);
                    assertEquals(signature.at(), believed.at(), "byte " + at);
                } catch (hansard.runtime.HansardException e) {
                    assertTrue(e.code() == ErrorCode.NOT_AUTHENTIC || e.code() == ErrorCode.MALFORMED, "byte " + at);
                }
            }
        }
    }

    /** Whether the keeper of the keys signs with the identity. */
    boolean signsRecords() {
        return true;
    }
}

package hansard.keys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.ErrorCode;
import hansard.testkit.FakeTransit;
import hansard.wire.Octets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against a fake of the service that speaks its HTTP and does the cryptography; no real one could be run here. */
class TransitVaultContractTest extends VaultContract {
    private FakeTransit service;

    @Override
    KeyKeeperConfig keeper() throws Exception {
        service = FakeTransit.start("hansard-worker", "hansard-wrapping", "s.test-token");
        Path token = Files.writeString(directory.resolve("token"), "s.test-token\n");
        Path certificate = directory.resolve("worker.pem");
        Files.write(certificate, Pem.of(certify(service.identity())));
        return new KeyKeeperConfig.Transit(
                service.address(),
                "transit",
                token,
                "hansard-worker",
                certificate,
                "hansard-wrapping",
                Duration.ofSeconds(5));
    }

    @Test
    void aSealedServiceIsUnavailableAndGoesOnAfterwards() throws Exception {
        try (Vault vault = open(config(keeper(), Map.of()))) {
            KeyRef ref = new KeyRef("acme", "call-1", "mic");
            DataKey key = vault.newDataKey(ref);
            Octets cms = KeySealer.seal(MASTER, vault.recipients());
            service.become(FakeTransit.State.SEALED);
            Refused.with(ErrorCode.VAULT_UNAVAILABLE, () -> vault.openSessionKey("acme", cms));
            Refused.with(ErrorCode.VAULT_UNAVAILABLE, () -> vault.unwrap(ref, key.wrapped()));
            Refused.with(ErrorCode.VAULT_UNAVAILABLE, () -> vault.newDataKey(new KeyRef("acme", "call-2", "mic")));
            service.become(FakeTransit.State.WORKING);
            assertArrayEquals(MASTER, vault.openSessionKey("acme", cms).reveal());
            vault.unwrap(ref, key.wrapped());
        }
    }

    @Test
    void aPageWhereAnAnswerShouldBeIsNotTakenForTheKeysFault() throws Exception {
        try (Vault vault = open(config(keeper(), Map.of()))) {
            KeyRef ref = new KeyRef("acme", "call-1", "mic");
            DataKey key = vault.newDataKey(ref);
            Octets cms = KeySealer.seal(MASTER, vault.recipients());
            service.become(FakeTransit.State.PAGE);
            Refused.with(ErrorCode.VAULT_UNAVAILABLE, () -> vault.openSessionKey("acme", cms));
            Refused.with(ErrorCode.VAULT_UNAVAILABLE, () -> vault.unwrap(ref, key.wrapped()));
        }
    }

    @Test
    void aServiceThatIsGoneOrRefusesTheTokenIsUnavailableAndTheTokenIsNotPrinted() throws Exception {
        KeyKeeperConfig keeper = keeper();
        try (Vault vault = open(config(keeper, Map.of()))) {
            Octets cms = KeySealer.seal(MASTER, vault.recipients());
            Files.writeString(directory.resolve("token"), "s.another-token");
            String message = Refused.with(ErrorCode.VAULT_UNAVAILABLE, () -> vault.openSessionKey("acme", cms));
            assertTrue(message.contains("403"), message);
            assertFalse(message.contains("another-token"), message);
            service.close();
            Refused.with(ErrorCode.VAULT_UNAVAILABLE, () -> vault.openSessionKey("acme", cms));
        }
    }

    @Test
    void aTrimThatFailedIsDoneTheNextTime() throws Exception {
        VaultConfig config = config(keeper(), Map.of());
        InstantSource clock = InstantSource.system();
        try (Vault vault = open(config)) {
            KeyRef ref = new KeyRef("acme", "call-1", "mic");
            DataKey key = vault.newDataKey(ref);
            config.rotateWrappingKey(clock);
            service.trims(false);
            Refused.with(
                    ErrorCode.VAULT_UNAVAILABLE, () -> config.retireWrappingKeys(Duration.ZERO, clock, kept -> {}));
            vault.unwrap(ref, key.wrapped());
            service.trims(true);
            assertEquals(
                    List.of("v1"),
                    config.retireWrappingKeys(Duration.ZERO, clock, kept -> {}).dropped());
            vault.unwrap(ref, key.wrapped());
        }
    }

    @AfterEach
    void stop() {
        if (service != null) {
            service.close();
        }
    }

    @Override
    boolean signsRecords() {
        return false;
    }
}

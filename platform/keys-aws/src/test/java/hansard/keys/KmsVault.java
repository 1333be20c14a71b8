package hansard.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against a fake of the service that speaks its protocol, verifies signatures and does the cryptography; no real one could be asked. */
abstract class KmsVault extends VaultContract {
    FakeKms service;
    private String wrapping = "";
    private final List<String> wrappingBefore = new ArrayList<>();

    /** Makes the identity's key. @return its ARN */
    abstract String createIdentity() throws Exception;

    /** The one action that the identity's key is for. */
    abstract String identityAction();

    @Override
    KeyKeeperConfig keeper() throws Exception {
        service = FakeKms.start();
        String identity = createIdentity();
        wrapping = service.createSymmetric();
        Path certificate = directory.resolve("worker.pem");
        Files.write(certificate, Pem.of(certify(service.publicKey(identity))));
        return new KeyKeeperConfig.AwsKms(
                FakeKms.REGION,
                service.endpoint(),
                identity,
                certificate,
                service.alias("hansard-wrapping", wrapping),
                Duration.ofSeconds(20));
    }

    @Override
    void makeWrappingKey() {
        wrappingBefore.add(wrapping);
        wrapping = service.createSymmetric();
        service.alias("hansard-wrapping", wrapping);
    }

    /** Nothing needs another key, the owner is told, so those from before are deleted. */
    @Override
    void finished(Retirement retirement) {
        assertEquals(wrapping, retirement.kept());
        assertTrue(retirement.remains().contains("aws kms schedule-key-deletion"), retirement.remains());
        wrappingBefore.forEach(service::delete);
    }

    /** KMS does not tell a key that was deleted from one that never was. */
    @Override
    ErrorCode ofARetiredKey() {
        return ErrorCode.VAULT_UNAVAILABLE;
    }

    @Test
    void everyRequestNamesItsKeyAndNoneSaysOfWhatCallItIs() throws Exception {
        VaultConfig config = config(keeper(), Map.of());
        try (Vault vault = open(config)) {
            KeyRef ref = new KeyRef("acme", "call-1", "mic");
            vault.unwrap(ref, vault.newDataKey(ref).wrapped());
            vault.openSessionKey("acme", KeySealer.seal(MASTER, vault.recipients()));
        }
        assertEquals(
                List.of("Encrypt", "Decrypt", identityAction()),
                service.asked.stream().map(FakeKms.Asked::action).toList());
        for (FakeKms.Asked asked : service.asked) {
            assertTrue(asked.keyId().startsWith("arn:aws:kms:"), asked.toString());
            if (!asked.action().equals(identityAction()) || !asked.context().isEmpty()) {
                assertEquals(Set.of("hansard"), asked.context().keySet());
                assertTrue(asked.context().get("hansard").matches("[A-Za-z0-9_-]{43}"), asked.toString());
            }
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
        return false; // a KMS key has one usage, and this one's is to open session keys
    }
}

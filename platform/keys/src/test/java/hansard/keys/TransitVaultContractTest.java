package hansard.keys;

import java.time.Duration;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;

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

    @AfterEach
    void stop() {
        if (service != null) {
            service.close();
        }
    }
}

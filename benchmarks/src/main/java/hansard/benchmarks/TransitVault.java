package hansard.benchmarks;

import hansard.keys.CertificateAuthority;
import hansard.keys.KeyGroups;
import hansard.keys.KeyKeeperConfig;
import hansard.keys.Vault;
import hansard.keys.VaultConfig;
import hansard.keys.WorkerKeys;
import hansard.testkit.FakeTransit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A vault whose keys are kept in a service behind HTTP, with an authority of the organisation's own. */
final class TransitVault implements AutoCloseable {
    private static final String IDENTITY = "hansard-worker";
    private static final String WRAPPING = "hansard-wrapping";

    private final Path directory;
    private final FakeTransit service;
    private final CertificateAuthority authority;
    private final Path token;
    private final Path certificate;

    private TransitVault(Path directory, FakeTransit service) throws IOException {
        this.directory = directory;
        this.service = service;
        this.authority =
                CertificateAuthority.openOrCreate(directory.resolve("authority"), "CN=Authority of a benchmark");
        this.token = Files.writeString(directory.resolve("token"), "s.of-a-benchmark\n");
        this.certificate = directory.resolve("worker.pem");
        WorkerKeys.write(
                certificate,
                authority.issue(
                        service.identity(),
                        VaultConfig.workerRequest("CN=worker-1", Set.of(KeyGroups.DEFAULT), Duration.ofDays(1))));
    }

    static TransitVault start(Path directory) throws IOException, GeneralSecurityException {
        return new TransitVault(directory, FakeTransit.start(IDENTITY, WRAPPING, "s.of-a-benchmark"));
    }

    FakeTransit service() {
        return service;
    }

    /** What tells the stages where it is. */
    Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("vault.kind", "transit");
        settings.put("vault.ca", authority.certificateFile().toString());
        settings.put("vault.crl", authority.crlFile().toString());
        settings.put("vault.transit.address", service.address());
        settings.put("vault.transit.token-file", token.toString());
        settings.put("vault.transit.identity-key", IDENTITY);
        settings.put("vault.transit.identity-certificate", certificate.toString());
        settings.put("vault.transit.wrapping-key", WRAPPING);
        return settings;
    }

    /** The vault of the stages, for whoever looks at what they stored. */
    Vault open() {
        return new VaultConfig(
                        directory.resolve("vault"),
                        authority.certificateFile(),
                        authority.crlFile(),
                        Duration.ofDays(7),
                        new KeyGroups(KeyGroups.DEFAULT, Map.of()),
                        new KeyKeeperConfig.Transit(
                                service.address(),
                                "transit",
                                token,
                                IDENTITY,
                                certificate,
                                WRAPPING,
                                Duration.ofSeconds(5)))
                .open("benchmark", InstantSource.system(), (tenant, actor, call, detail) -> {});
    }

    @Override
    public void close() {
        service.close();
    }
}

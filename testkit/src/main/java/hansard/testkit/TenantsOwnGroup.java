package hansard.testkit;

import hansard.keys.CertificateAuthority;
import hansard.keys.KeyGroups;
import hansard.keys.KeyKeeperConfig;
import hansard.keys.VaultConfig;
import hansard.keys.WorkerKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** An embedded vault whose worker is not in the key group of one tenant until somebody lets it in. */
public final class TenantsOwnGroup {
    private static final String GROUP = "theirs-alone";

    private final Path directory;
    private final String tenant;

    /** @param directory of the vault */
    public TenantsOwnGroup(Path directory, String tenant) {
        this.directory = directory;
        this.tenant = tenant;
    }

    public VaultConfig config() {
        return new VaultConfig(
                directory,
                null,
                null,
                Duration.ofDays(7),
                new KeyGroups(KeyGroups.DEFAULT, Map.of(tenant, GROUP)),
                new KeyKeeperConfig.Pkcs12());
    }

    /** Issues the worker a certificate of the tenant's group, as {@code hansard keys issue} does. */
    public void letTheWorkerIn() {
        VaultConfig config = config();
        WorkerKeys.issueInto(
                config,
                CertificateAuthority.open(config.embeddedAuthority()),
                VaultConfig.workerRequest("CN=hansard-worker", Set.of(KeyGroups.DEFAULT, GROUP), Duration.ofDays(1)));
    }
}

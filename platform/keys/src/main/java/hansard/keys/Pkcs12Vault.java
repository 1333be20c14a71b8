package hansard.keys;

import java.nio.file.Path;
import java.time.InstantSource;

/** The embedded vault, for a process that has no settings of its own. */
public final class Pkcs12Vault {
    private Pkcs12Vault() {}

    /**
     * Opens the vault in a directory; makes one, with owner-only permissions and an authority of its own, where there is none.
     */
    public static Vault open(Path directory) {
        return VaultConfig.embedded(directory)
                .open("hansard", InstantSource.system(), (tenant, actor, call, why) -> {});
    }
}

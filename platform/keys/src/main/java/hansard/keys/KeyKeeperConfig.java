package hansard.keys;

import hansard.runtime.Settings;
import java.io.IOException;
import java.nio.file.Path;

/** Where the lasting keys are, by {@code vault.kind}, with that kind's own settings. */
public sealed interface KeyKeeperConfig {
    /** @param directory the vault's */
    KeyKeeper open(Path directory) throws IOException;

    static KeyKeeperConfig from(Settings s) {
        String kind = s.string("vault.kind", "pkcs12");
        if (!kind.equals("pkcs12")) {
            s.problem("vault.kind", "is '" + kind + "': must be pkcs12");
        }
        return new Pkcs12();
    }

    /** A file in the vault's directory. */
    record Pkcs12() implements KeyKeeperConfig {
        @Override
        public KeyKeeper open(Path directory) throws IOException {
            return Pkcs12Keys.open(directory);
        }
    }
}

package hansard.keys;

import hansard.wire.Octets;
import java.nio.file.Path;
import java.util.Base64;

/** A process of its own that opens a vault, makes a data key, and prints its certificate's serial number and the wrapped key. */
final class VaultProcess {
    private VaultProcess() {}

    public static void main(String[] arguments) {
        try (Vault vault = Pkcs12Vault.open(Path.of(arguments[0]))) {
            DataKey key = vault.newDataKey(new KeyRef("acme", "call-1", "mic"));
            System.out.println(vault.recipients().getFirst().getSerialNumber());
            System.out.println(Base64.getEncoder().encodeToString(key.wrapped().array()));
        }
    }

    static Octets decode(String line) {
        return Octets.of(Base64.getDecoder().decode(line));
    }
}

package hansard.keys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A real vault in a folder of its own, for as long as the process lives. */
public final class FuzzVault {
    public static final Vault VAULT = open();

    private FuzzVault() {}

    private static Vault open() {
        try {
            Path folder = Files.createTempDirectory("fuzz-vault");
            Vault vault = Pkcs12Vault.open(folder);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                vault.close();
                delete(folder);
            }));
            return vault;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(p -> p.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

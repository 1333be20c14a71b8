package hansard.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Secrets of installations that tests make and throw away. They are noted in {@code target/known-secrets.txt}, one a line, so that
 * all output can be searched for them when every test has run.
 */
final class KnownSecrets {
    private KnownSecrets() {}

    /** @param file holds one secret, such as a vault's password */
    static void note(Path file) {
        try {
            Path known =
                    Files.createDirectories(Path.of("target").toAbsolutePath()).resolve("known-secrets.txt");
            Files.writeString(
                    known,
                    Files.readString(file).strip() + "\n",
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The password of an installation's vault and its owner's token. */
    static void noteOf(Path data) {
        note(data.resolve("vault").resolve("vault.password"));
        note(data.resolve("access").resolve("local.token"));
    }
}

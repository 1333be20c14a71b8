package hansard.transcribe;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * SHA-256 of a directory: over a line for each file, by name, as {@code sha256sum} prints them. So {@code (cd MODEL && find . -type f
 * -printf '%P\0' | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)} gives the same.
 */
final class ModelDigest {
    private ModelDigest() {}

    /** @throws HansardException MODEL_MISSING when the directory is another than expected, or cannot be read */
    static void check(ModelConfig model) {
        if (model.sha256().isEmpty()) {
            return;
        }
        String found;
        try {
            found = of(model.path());
        } catch (IOException e) {
            throw new HansardException(
                    ErrorCode.MODEL_MISSING, "the speech model in " + model.path() + " cannot be read: " + e, e);
        }
        if (!found.equalsIgnoreCase(model.sha256())) {
            throw new HansardException(
                    ErrorCode.MODEL_MISSING,
                    "the speech model " + model.name() + " in " + model.path()
                            + " is not the one that was configured: its SHA-256 is " + found + ", not " + model.sha256()
                            + ". Fetch it again, or correct sha256 if it was replaced on purpose.");
        }
    }

    static String of(Path directory) throws IOException {
        MessageDigest all = sha256();
        try (Stream<Path> tree = Files.walk(directory)) {
            List<Path> files = tree.filter(Files::isRegularFile)
                    .map(directory::relativize)
                    .sorted((a, b) -> java.util.Arrays.compareUnsigned(bytes(a), bytes(b)))
                    .toList();
            for (Path file : files) {
                MessageDigest one = sha256();
                try (InputStream in = Files.newInputStream(directory.resolve(file))) {
                    byte[] buffer = new byte[1 << 16];
                    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                        one.update(buffer, 0, n);
                    }
                }
                all.update(
                        (HexFormat.of().formatHex(one.digest()) + "  " + file + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        return HexFormat.of().formatHex(all.digest());
    }

    private static byte[] bytes(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}

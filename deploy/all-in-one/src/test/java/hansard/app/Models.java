package hansard.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/** The speech model for tests: a copy without dither, so that the same audio gives the same words. */
final class Models {
    private Models() {}

    static Path withoutDither() throws IOException {
        Path source = ModelPath.bundled();
        Path copy = Path.of("target", "model-without-dither").toAbsolutePath();
        Path mfcc = copy.resolve("conf/mfcc.conf");
        if (Files.exists(mfcc) && Files.readString(mfcc).contains("--dither=0")) {
            return copy;
        }
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.toList()) {
                Path target = copy.resolve(source.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else if (!Files.exists(target)) {
                    Files.copy(file, target);
                }
            }
        }
        Files.writeString(mfcc, "\n--dither=0\n", StandardOpenOption.APPEND);
        return copy;
    }
}

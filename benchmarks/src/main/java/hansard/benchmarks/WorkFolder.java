package hansard.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder for one run, empty at its beginning and gone at its end unless it is to be kept. */
record WorkFolder(Path path, boolean kept) implements AutoCloseable {
    static WorkFolder fresh(Path path, boolean kept) throws IOException {
        delete(path);
        Files.createDirectories(path);
        return new WorkFolder(path, kept);
    }

    @Override
    public void close() throws IOException {
        if (!kept) {
            delete(path);
        }
    }

    private static void delete(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}

package hansard.output;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a build's tests have written: every file below a module's {@code target}, except copies of what was there before (classes,
 * resources, jars, the program, speech models) and the list of the secrets themselves.
 */
final class BuildOutput {
    /** Straight below {@code target}. */
    private static final Set<String> COPIES =
            Set.of("classes", "test-classes", "app", "models", "model-without-dither", "known-secrets.txt");

    private static final int MODULE_DEPTH = 3;

    private BuildOutput() {}

    static List<Path> files(Path root) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path target : targets(root)) {
            Files.walkFileTree(target, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    return isCopy(target, directory) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (!isCopy(target, file) && !file.toString().endsWith(".jar")) {
                        files.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        }
        return files;
    }

    /** The lists of secrets that tests have made and noted. */
    static List<Path> known(Path root) throws IOException {
        return targets(root).stream()
                .map(target -> target.resolve("known-secrets.txt"))
                .filter(Files::exists)
                .toList();
    }

    private static boolean isCopy(Path target, Path entry) {
        return target.equals(entry.getParent()) && COPIES.contains(String.valueOf(entry.getFileName()));
    }

    private static List<Path> targets(Path root) throws IOException {
        try (var directories = Files.walk(root, MODULE_DEPTH)) {
            return directories
                    .filter(d -> d.endsWith("target") && Files.isRegularFile(d.resolveSibling("pom.xml")))
                    .toList();
        }
    }
}

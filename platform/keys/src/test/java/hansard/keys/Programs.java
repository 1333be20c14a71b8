package hansard.keys;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;

/** Programs that a test needs; this module is below the testkit. */
final class Programs {
    private Programs() {}

    static void require(String name) {
        boolean present = Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
        assertFalse(!present && Boolean.getBoolean("hansard.requireAll"), name + " is not on the PATH");
        Assumptions.assumeTrue(present, name + " is not on the PATH");
    }
}

package hansard.keys;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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

    static Path require(List<Path> places, String what) {
        Path found = places.stream().filter(Files::exists).findFirst().orElse(null);
        assertFalse(found == null && Boolean.getBoolean("hansard.requireAll"), what + " is in none of " + places);
        Assumptions.assumeTrue(found != null, what + " is in none of " + places);
        return found;
    }
}

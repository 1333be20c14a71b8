package hansard.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import hansard.testkit.CallSecrets;
import hansard.testkit.Captures;
import hansard.testkit.SecretSearch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Everything that the tests of every module have written (reports, what they and the processes they started printed, metrics,
 * health, logs) is searched for the keys of the calls they played and the passwords of the vaults they made.
 */
class NoSecretInAnyOutputTest {
    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

    @Test
    void noOutputHoldsAKeyOrAPassword() throws IOException {
        SecretSearch search = new SecretSearch();
        for (String name : Captures.ALL) {
            Captures.Capture capture = Captures.load(name);
            search.add("", CallSecrets.given(capture)).add("", CallSecrets.derived(capture));
        }
        search.add("", CallSecrets.given(demo()));
        int passwords = 0;
        for (Path list : BuildOutput.known(ROOT)) {
            for (String secret : Files.readAllLines(list)) {
                search.addText("secret " + ++passwords + " of " + ROOT.relativize(list), secret);
            }
        }

        List<Path> files = BuildOutput.files(ROOT);
        assertFalse(files.isEmpty(), "there is output below " + ROOT);
        List<SecretSearch.Hit> hits = new ArrayList<>();
        long bytes = 0;
        for (Path file : files) {
            hits.addAll(search.in(file));
            bytes += Files.size(file);
        }
        System.out.printf("%d files, %,d bytes searched, %d passwords known%n", files.size(), bytes, passwords);
        assertEquals(List.of(), hits);
    }

    @Test
    void everyCaptureHasSecretsToLookFor() {
        for (String name : Captures.ALL) {
            boolean plaintext = name.equals("plaintext-misconfigured");
            assertTrue(plaintext || CallSecrets.given(Captures.load(name)).size() >= 2, name);
        }
    }

    /** The call that the demo plays, which is the program's own. */
    private static Captures.Capture demo() throws IOException {
        try (InputStream json =
                NoSecretInAnyOutputTest.class.getResourceAsStream("/hansard/app/demo/trade-order.json")) {
            return new Captures.Capture("demo", new ObjectMapper().readTree(Objects.requireNonNull(json)), List.of());
        }
    }
}

package hansard.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tokens of SoftHSM2, a PKCS#11 module in software. The module reads its configuration once a process, so all tokens of a test run
 * are in one place that is named before the JVM starts (see the build).
 */
final class SoftHsm {
    private static final String PIN = "27182818";
    private static final Pattern SLOT = Pattern.compile("reassigned to slot (\\d+)");

    private static long slot = -1;

    private SoftHsm() {}

    /** Keys of their own on the one token, with its PIN in a file: the module sees no token that is made after it was loaded. */
    static synchronized KeyKeeperConfig.Pkcs11 token(Path directory) throws Exception {
        Path library = library();
        if (slot < 0) {
            slot = makeToken();
        }
        Path pin = Files.writeString(directory.resolve("pin"), PIN);
        String own = Long.toString(System.nanoTime(), 36);
        return new KeyKeeperConfig.Pkcs11(library, slot, pin, "worker" + own, "wrapping" + own);
    }

    private static long makeToken() throws Exception {
        Path configuration = Path.of(System.getenv("SOFTHSM2_CONF"));
        Path tokens = configuration.resolveSibling("tokens");
        Files.createDirectories(tokens);
        Files.writeString(configuration, "directories.tokendir = " + tokens + "\nlog.level = ERROR\n");
        Process process = new ProcessBuilder(
                        "softhsm2-util",
                        "--init-token",
                        "--free",
                        "--label",
                        "hansard-" + System.nanoTime(),
                        "--pin",
                        PIN,
                        "--so-pin",
                        "31415926")
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        Matcher made = SLOT.matcher(output);
        assertTrue(made.find(), output);
        return Long.parseLong(made.group(1));
    }

    /** OpenSC's driver that passes everything on to another and writes it down. */
    static Path spy() {
        List<Path> places =
                List.of(Path.of("/usr/lib/x86_64-linux-gnu/pkcs11-spy.so"), Path.of("/usr/lib64/pkcs11-spy.so"));
        return Programs.require(places, "OpenSC's pkcs11-spy.so");
    }

    private static Path library() {
        List<Path> places = List.of(
                Path.of("/usr/lib/softhsm/libsofthsm2.so"),
                Path.of("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"),
                Path.of("/usr/lib64/pkcs11/libsofthsm2.so"));
        Programs.require("softhsm2-util");
        Path found = places.stream().filter(Files::exists).findFirst().orElse(null);
        assertTrue(found != null, "softhsm2-util is here, its library is in none of " + places);
        return found;
    }
}

package hansard.fuzz;

import com.code_intelligence.jazzer.api.BugDetectors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * What Jazzer calls. One process fuzzes one target, or several at once: then the first byte of an input says which, so that a
 * short run starts once and not once for each. The targets are named by the property {@code hansard.fuzz.targets}, separated by
 * commas; without it, all.
 *
 * <p>An input that broke a promise is kept, without that first byte, as {@code found/TARGET/HASH} below the working directory.
 */
public final class FuzzDriver {
    private static final List<FuzzTarget> TARGETS = FuzzTargets.named(System.getProperty("hansard.fuzz.targets", ""));
    private static final boolean SEVERAL = TARGETS.size() > 1;

    private FuzzDriver() {}

    /** Writes the seeds into a folder for libFuzzer to begin with. */
    public static void main(String[] args) throws IOException {
        Path folder = Files.createDirectories(Path.of(args[0]));
        for (int i = 0; i < TARGETS.size(); i++) {
            FuzzTarget target = TARGETS.get(i);
            for (byte[] seed : FuzzTargets.known(target)) {
                byte[] input = SEVERAL ? Pieces.behind(i, seed) : seed;
                Files.write(folder.resolve(target.name() + "-" + hash(input)), input);
            }
        }
    }

    /** Loads and rewrites what the targets need, and opens their vaults, before the time that one input takes is looked at. */
    public static void fuzzerInitialize() {
        // a target may be a service that is asked over HTTP; a connection to anywhere else is still a finding
        var unused = BugDetectors.allowNetworkConnections((host, port) ->
                InetAddress.getLoopbackAddress().getHostAddress().equals(host)
                        || InetAddress.getLoopbackAddress().getHostName().equals(host));
        TARGETS.forEach(target -> target.run(target.seeds().getFirst()));
    }

    public static void fuzzerTestOneInput(byte[] input) {
        if (!SEVERAL) {
            run(TARGETS.getFirst(), input);
        } else if (input.length > 0) {
            run(TARGETS.get((input[0] & 0xff) % TARGETS.size()), Arrays.copyOfRange(input, 1, input.length));
        }
    }

    private static void run(FuzzTarget target, byte[] input) {
        try {
            Promises.withinMemory(target, input);
        } catch (Throwable broken) {
            keep(target, input);
            throw broken;
        }
    }

    private static void keep(FuzzTarget target, byte[] input) {
        try {
            Path folder = Files.createDirectories(Path.of("found", target.name()));
            Files.write(folder.resolve(hash(input)), input);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(byte[] input) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(input);
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}

package hansard.runtime;

import static hansard.fuzz.Promises.hold;
import static hansard.fuzz.Promises.readOrRefused;

import hansard.fuzz.FuzzTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A settings file is read, or refused as a configuration, whatever is in it. */
public final class SettingsFuzz implements FuzzTarget {
    private static final Path FILE = file();

    @Override
    public List<byte[]> seeds() {
        return List.of(
                "ingest:\n  http.port: 7081\n  bundle: {max-age: 100ms, max-bytes: 64_000}\n"
                        .getBytes(StandardCharsets.UTF_8),
                "retention.policies:\n  trading: {keep: 7y, labels: [a, b]}\n".getBytes(StandardCharsets.UTF_8),
                "a: &x [1, 2]\nb: *x\nc: !!str yes\nd: >\n  text\n".getBytes(StandardCharsets.UTF_8),
                "# nothing\n".getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void run(byte[] input) {
        write(input);
        Settings settings = readOrRefused(() -> Settings.load(FILE, Map.of("ingest.http.port", "7081"), Map.of()));
        if (settings == null) {
            return;
        }
        int port = settings.integer("ingest.http.port", 7, 0, 65_535);
        hold(port >= 0 && port <= 65_535, "a port within its range");
        Duration age = settings.duration("ingest.bundle.max-age", Duration.ofMillis(100));
        hold(!age.isNegative(), "a duration is not negative");
        settings.flag("ingest.replay", false);
        settings.path("store.directory", Path.of("store"));
        settings.below("retention.policies");
        try {
            settings.check();
        } catch (HansardException e) {
            hold(e.code() == ErrorCode.BAD_CONFIGURATION, "a problem of the configuration");
        }
    }

    private static void write(byte[] input) {
        try {
            Files.write(FILE, input);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path file() {
        try {
            Path file = Files.createTempFile("settings", ".yaml");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

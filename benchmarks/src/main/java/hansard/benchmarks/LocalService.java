package hansard.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An all-in-one with data of its own, as {@code hansard up} starts it. */
record LocalService(MeasuredProcess process, URI api, String token) implements AutoCloseable {

    /** @param root of the project @param folder for its data, its settings and what it says @param settings that differ from the defaults */
    static LocalService start(Path root, Path folder, Map<String, String> settings) throws IOException {
        Path data = folder.resolve("data");
        Map<String, String> all = new HashMap<>(settings);
        all.putIfAbsent("ingest.http.port", Integer.toString(Stages.freePort()));
        Path config = folder.resolve("hansard.yaml");
        Files.write(
                config,
                all.entrySet().stream()
                        .map(e -> e.getKey() + ": " + e.getValue())
                        .toList());
        MeasuredProcess process = MeasuredProcess.start(
                "hansard",
                folder,
                Map.of(),
                List.of(
                        root.resolve("hansard").toString(),
                        "up",
                        "--config",
                        config.toString(),
                        "--data",
                        data.toString()));
        try {
            process.awaitLine("ready in", 120);
            return new LocalService(
                    process,
                    address(folder.resolve("hansard.log")),
                    Files.readString(data.resolve("access").resolve("local.token"))
                            .strip());
        } catch (IOException | RuntimeException e) {
            process.close();
            throw e;
        }
    }

    private static URI address(Path log) throws IOException {
        String line = Files.readAllLines(log).stream()
                .filter(l -> l.contains("ready in"))
                .findFirst()
                .orElseThrow();
        return URI.create(line.replaceAll(".*(http://[^ ]+).*", "$1"));
    }

    @Override
    public void close() {
        process.close();
    }
}

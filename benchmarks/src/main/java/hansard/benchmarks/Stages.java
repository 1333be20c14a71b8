package hansard.benchmarks;

import hansard.runtime.KafkaSettings;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Broker, ingest, decrypt-worker and transcode, each started by the tree's launcher as an operator starts it. */
final class Stages implements AutoCloseable {
    private static final int START_SECONDS = 90;
    private static final int FIRST_UDP_PORT = 20_000;
    private static final int LAST_UDP_PORT = 29_999;
    private static final List<String> RECORDERS = List.of("decrypt-worker", "ingest", "transcode");

    private final Path directory;
    private final URI ingest;
    private final KafkaSettings kafka;
    private final List<MeasuredProcess> processes = new ArrayList<>();

    private Stages(Path directory, URI ingest, KafkaSettings kafka) {
        this.directory = directory;
        this.ingest = ingest;
        this.kafka = kafka;
    }

    /** @param settings of the stages, beyond those that place them here */
    static Stages start(Path launcher, Path directory, Map<String, String> settings) throws IOException {
        int kafkaPort = freePort();
        int ingestPort = freePort();
        String bootstrap = "127.0.0.1:" + kafkaPort;
        Map<String, String> all = new LinkedHashMap<>();
        all.put("kafka.bootstrap", bootstrap);
        all.put("vault.directory", directory.resolve("vault").toString());
        all.put("store.directory", directory.resolve("store").toString());
        all.put("access.directory", directory.resolve("access").toString());
        all.put("data.directory", directory.resolve("work").toString());
        String recipients = directory.resolve("recipients.pem").toString();
        all.put("ingest.recipients", recipients);
        all.put("decrypt-worker.recipients", recipients);
        all.put("ingest.udp.ports", FIRST_UDP_PORT + "-" + LAST_UDP_PORT);
        all.put("ingest.http.port", Integer.toString(ingestPort));
        all.put("decrypt-worker.http.port", "0");
        all.put("transcode.http.port", "0");
        all.put("transcode.mix.enabled", "false");
        all.put("transcode.speech.enabled", "false");
        all.putAll(settings);
        Path config = directory.resolve("hansard.yaml");
        Files.writeString(
                config,
                String.join(
                                "\n",
                                all.entrySet().stream()
                                        .map(e -> e.getKey() + ": " + e.getValue())
                                        .toList()) + "\n");
        Stages stages = new Stages(
                directory,
                URI.create("http://127.0.0.1:" + ingestPort),
                new KafkaSettings(bootstrap, "", 4, 1, Map.of()));
        try {
            stages.start(
                    "broker",
                    List.of(
                            launcher.toString(),
                            "broker",
                            "--data",
                            directory.resolve("kafka").toString(),
                            "--port",
                            Integer.toString(kafkaPort)));
            for (String stage : RECORDERS) {
                stages.start(stage, List.of(launcher.toString(), stage, "--config", config.toString()));
            }
            return stages;
        } catch (IOException | RuntimeException e) {
            stages.close();
            throw e;
        }
    }

    private void start(String name, List<String> command) throws IOException {
        MeasuredProcess process = MeasuredProcess.start(name, directory, Map.of(), command);
        processes.add(process);
        MeasuredProcess ready = process.awaitLine(name + " is ready", START_SECONDS);
        if (!ready.isAlive()) {
            throw new IllegalStateException(name + " has ended");
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    URI ingest() {
        return ingest;
    }

    KafkaSettings kafka() {
        return kafka;
    }

    Path store() {
        return directory.resolve("store");
    }

    /** What the owner of the service presents to the API. */
    String token() throws IOException {
        return Files.readString(directory.resolve("access").resolve("local.token"))
                .strip();
    }

    /** CPU seconds of each process so far. */
    Map<String, Double> cpuSeconds() throws IOException {
        Map<String, Double> seconds = new LinkedHashMap<>();
        for (MeasuredProcess process : processes) {
            seconds.put(process.name(), process.cpuSeconds());
        }
        return seconds;
    }

    MeasuredProcess process(String name) {
        return processes.stream()
                .filter(process -> process.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Memory of each process now. */
    Map<String, Integer> residentMebibytes() throws IOException {
        Map<String, Integer> resident = new LinkedHashMap<>();
        for (MeasuredProcess process : processes) {
            resident.put(process.name(), process.residentMebibytes());
        }
        return resident;
    }

    Map<String, Integer> peakMebibytes() throws IOException {
        Map<String, Integer> peaks = new LinkedHashMap<>();
        for (MeasuredProcess process : processes) {
            peaks.put(process.name(), process.peakMebibytes());
        }
        return peaks;
    }

    /** The last started stops first, so that nobody misses the broker. */
    @Override
    public void close() {
        for (MeasuredProcess process : processes.reversed()) {
            process.close();
        }
    }
}

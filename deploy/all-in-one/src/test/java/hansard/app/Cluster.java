package hansard.app;

import hansard.access.Access;
import hansard.broker.EmbeddedBroker;
import hansard.keys.Pkcs12Vault;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Each stage in a process of its own, as docker-compose.yml and a cluster arrange them. Closed before its broker. */
final class Cluster implements AutoCloseable {
    private final Map<Stage, Integer> ports = new EnumMap<>(Stage.class);
    private final Map<Stage, Long> pids = new EnumMap<>(Stage.class);
    private final Deque<Launched> running = new ArrayDeque<>();
    private final Path data;
    private final Access access;

    private Cluster(Path data) {
        this.data = data;
        for (Stage stage : Stage.values()) {
            ports.put(stage, EmbeddedBroker.freePort());
        }
        Pkcs12Vault.open(data.resolve("vault")).close();
        access = Access.open(data.resolve("access"));
        KnownSecrets.noteOf(data);
    }

    /** Starts every stage on a data directory below {@code directory}; returns when all are ready. */
    static Cluster start(Path directory, String bootstrap) throws IOException {
        return start(directory, bootstrap, Map.of());
    }

    /** On a broker of {@link TestKafka#startSecured}: each stage with the certificate of its role. */
    static Cluster startSecured(Path directory, String bootstrap) throws IOException {
        return start(
                directory,
                bootstrap,
                Map.of("kafka.tls.directory", TestKafka.certificates(directory).toString()));
    }

    private static Cluster start(Path directory, String bootstrap, Map<String, String> more) throws IOException {
        Path data = directory.resolve("apart");
        Cluster cluster = new Cluster(data);
        StringBuilder yaml = new StringBuilder(cluster.configuration(bootstrap, data));
        more.forEach((key, value) -> yaml.append(key).append(": ").append(value).append('\n'));
        Path config = Files.writeString(directory.resolve("cluster.yaml"), yaml);
        try {
            for (Stage stage : Stage.values()) {
                Launched launched = Launched.start(directory, Map.of(), stage.label(), "--config", config.toString());
                cluster.running.push(launched);
                cluster.pids.put(stage, launched.pid());
                launched.awaitText(stage.label() + " is ready");
            }
            return cluster;
        } catch (IOException | RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
    }

    private String configuration(String bootstrap, Path data) throws IOException {
        StringBuilder yaml = new StringBuilder();
        yaml.append("kafka.bootstrap: ").append(bootstrap).append('\n');
        yaml.append("kafka.partitions: 2\n");
        ports.forEach((stage, port) ->
                yaml.append(stage.portKey()).append(": ").append(port).append('\n'));
        for (String name : new String[] {"vault", "store", "index", "access"}) {
            yaml.append(name).append(".directory: ").append(data.resolve(name)).append('\n');
        }
        yaml.append("data.directory: ").append(data.resolve("work")).append('\n');
        yaml.append("ingest.replay: true\n");
        yaml.append("ingest.recipients: ")
                .append(data.resolve("vault/recipients.pem"))
                .append('\n');
        yaml.append("transcribe.model.path: ").append(Models.withoutDither()).append('\n');
        for (Stage stage : new Stage[] {Stage.INGEST, Stage.INDEX, Stage.RETENTION}) {
            yaml.append("console.")
                    .append(stage.label())
                    .append("-url: ")
                    .append(urlOf(stage))
                    .append('\n');
        }
        return yaml.toString();
    }

    private String urlOf(Stage stage) {
        return "http://127.0.0.1:" + ports.get(stage);
    }

    Path data() {
        return data;
    }

    /** The front door, as the owner of the installation. */
    ApiClient api() {
        return new ApiClient(urlOf(Stage.CONSOLE), access.localToken(), "");
    }

    /** The process of a stage. */
    long pid(Stage stage) {
        return Objects.requireNonNull(pids.get(stage));
    }

    /** Keeps what each stage says of itself with what it printed. */
    void keepMetricsAndHealth() throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (Stage stage : Stage.values()) {
                for (String page : List.of("metrics", "health")) {
                    HttpRequest request = HttpRequest.newBuilder(URI.create(urlOf(stage) + "/" + page))
                            .build();
                    String said = http.send(request, BodyHandlers.ofString()).body();
                    Files.writeString(Files.createTempFile(Launched.outputs(), stage.label() + "-", "." + page), said);
                    if (said.isBlank()) {
                        throw new AssertionError(stage.label() + " says nothing at /" + page);
                    }
                }
            }
        }
    }

    /** SIGTERM to all at once; each has to end by itself. */
    void stopAll() {
        running.forEach(Launched::terminate);
        close();
    }

    /** SIGTERM to one after the other, the last of the data's way first. */
    @Override
    public void close() {
        while (!running.isEmpty()) {
            running.pop().close();
        }
    }
}

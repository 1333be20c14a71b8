package hansard.app;

import hansard.access.Access;
import hansard.broker.EmbeddedBroker;
import hansard.keys.Pkcs12Vault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;

/** Each stage in a process of its own, as docker-compose.yml and a cluster arrange them. Closed before its broker. */
final class Cluster implements AutoCloseable {
    private final Map<Stage, Integer> ports = new EnumMap<>(Stage.class);
    private final Deque<Launched> running = new ArrayDeque<>();
    private final Access access;

    private Cluster(Path data) {
        for (Stage stage : Stage.values()) {
            ports.put(stage, EmbeddedBroker.freePort());
        }
        Pkcs12Vault.open(data.resolve("vault")).close();
        access = Access.open(data.resolve("access"));
    }

    /** Starts every stage on a data directory below {@code directory}; returns when all are ready. */
    static Cluster start(Path directory, String bootstrap) throws IOException {
        Path data = directory.resolve("apart");
        Cluster cluster = new Cluster(data);
        Path config = Files.writeString(directory.resolve("cluster.yaml"), cluster.configuration(bootstrap, data));
        try {
            for (Stage stage : Stage.values()) {
                cluster.running.push(Launched.start(directory, Map.of(), stage.label(), "--config", config.toString())
                        .awaitText(stage.label() + " is ready"));
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

    /** The front door, as the owner of the installation. */
    ApiClient api() {
        return new ApiClient(urlOf(Stage.CONSOLE), access.localToken(), "");
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

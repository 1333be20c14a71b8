package hansard.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.access.Access;
import hansard.broker.EmbeddedBroker;
import hansard.keys.Pkcs12Vault;
import hansard.runtime.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One process per stage and a broker of their own, as docker-compose.yml and a cluster arrange them: the same record. */
class SeparateProcessesTest {
    private static final String CALL = "opus-vp8-80";

    @TempDir
    Path directory;

    @Test
    void separateProcessesGiveTheSameRecord() throws Exception {
        JsonNode together;
        try (AllInOne all = Calls.start(directory.resolve("together"), Map.of());
                ApiClient api = Calls.owner(all)) {
            together = Calls.play(api, CALL);
        }
        Deque<AutoCloseable> running = new ArrayDeque<>();
        try (TestKafka kafka = TestKafka.start(directory)) {
            Map<Stage, Integer> ports = new EnumMap<>(Stage.class);
            for (Stage stage : Stage.values()) {
                ports.put(stage, EmbeddedBroker.freePort());
            }
            Path data = directory.resolve("apart");
            Pkcs12Vault.open(data.resolve("vault")).close();
            Access access = Access.open(data.resolve("access"));
            Path config = configuration(kafka.bootstrap(), ports, data);
            for (Stage stage : Stage.values()) {
                running.push(Launched.start(directory, Map.of(), stage.label(), "--config", config.toString())
                        .awaitText(stage.label() + " is ready"));
            }
            Secret<String> token = access.localToken();
            try (ApiClient api = new ApiClient("http://127.0.0.1:" + ports.get(Stage.CONSOLE), token, "")) {
                JsonNode apart = Calls.play(api, CALL);
                assertEquals(Records.comparable(together), Records.comparable(apart));
            }
        } finally {
            while (!running.isEmpty()) {
                running.pop().close();
            }
        }
    }

    private Path configuration(String bootstrap, Map<Stage, Integer> ports, Path data) throws IOException {
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
        yaml.append("console.ingest-url: http://127.0.0.1:")
                .append(ports.get(Stage.INGEST))
                .append('\n');
        yaml.append("console.index-url: http://127.0.0.1:")
                .append(ports.get(Stage.INDEX))
                .append('\n');
        yaml.append("console.retention-url: http://127.0.0.1:")
                .append(ports.get(Stage.RETENTION))
                .append('\n');
        return Files.writeString(directory.resolve("cluster.yaml"), yaml);
    }
}

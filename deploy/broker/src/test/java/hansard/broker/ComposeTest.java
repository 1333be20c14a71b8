package hansard.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The broker that docker-compose.yml describes is secured like the one that is tested. */
class ComposeTest {
    /** In a container a broker listens on every address. */
    private static final Set<String> OF_THE_CONTAINER = Set.of("listeners");

    @Test
    void composeSecuresItsBrokerAsTheEmbeddedOne() throws IOException {
        JsonNode compose = new YAMLMapper().readTree(Files.readString(Path.of("../../docker-compose.yml")));
        JsonNode environment = compose.path("services").path("kafka").path("environment");
        Map<String, String> wanted = new TreeMap<>();
        Map<String, String> found = new TreeMap<>();
        new Listener("0.0.0.0", "kafka", Path.of("/kafka-tls"))
                .settings(9092, 9093)
                .forEach((key, value) -> {
                    if (!OF_THE_CONTAINER.contains(key)) {
                        wanted.put(key, value);
                        found.put(
                                key,
                                environment
                                        .path("KAFKA_" + key.replace('.', '_').toUpperCase(Locale.ROOT))
                                        .asText());
                    }
                });
        assertEquals(wanted, found);
    }
}

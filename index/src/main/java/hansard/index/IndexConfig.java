package hansard.index;

import hansard.keys.VaultConfig;
import hansard.runtime.KafkaSettings;
import hansard.runtime.Settings;
import hansard.wire.Role;
import java.nio.file.Path;
import java.time.Duration;

/**
 * @param directory the Lucene directory; may be deleted, and is then made again from the topics
 * @param refresh how long after its arrival an utterance may stay unfindable
 * @param replica this replica's name, unique among them: receipts of purges are counted by it
 */
public record IndexConfig(
        String host,
        int port,
        Path directory,
        Duration refresh,
        Path accessDirectory,
        VaultConfig vault,
        Path storeDirectory,
        String replica,
        KafkaSettings kafka) {

    public static IndexConfig from(Settings s) {
        Path data = s.path("data.directory", Path.of("data"));
        return new IndexConfig(
                s.string("index.http.host", "127.0.0.1"),
                s.integer("index.http.port", 7071, 0, 65_535),
                s.path("index.directory", data.resolve("index")),
                s.duration("index.refresh", Duration.ofMillis(200)),
                s.path("access.directory", data.resolve("access")),
                VaultConfig.from(s),
                s.path("store.directory", data.resolve("store")),
                s.string("index.replica", "1"),
                KafkaSettings.from(s, Role.INDEX.label()));
    }
}

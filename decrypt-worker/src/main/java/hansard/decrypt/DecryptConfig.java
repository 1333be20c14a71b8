package hansard.decrypt;

import hansard.keys.VaultConfig;
import hansard.runtime.KafkaSettings;
import hansard.runtime.Settings;
import hansard.wire.Role;
import hansard.wire.Simulcast;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What the decrypt-worker is told.
 *
 * @param httpHost where health and metrics are served
 * @param httpPort 0 takes any free port
 * @param dataDirectory Kafka Streams keeps its own files below it
 * @param vault which one, and who may use it
 * @param storeDirectory where the frames are kept that end-to-end keys may be released for
 * @param reorderWindow how long a packet waits for an earlier one, by arrival times
 * @param commitInterval what is opened is seen by the next stages, and the streams' states are written, this often
 * @param parkedBytes of one stream that may wait on disk for a key that opens it; what is beyond is counted and gone
 * @param simulcastLayer which simulcast layer is kept where a stream's announcement does not say: {@code highest}, {@code lowest}, or one by
 *     its rid
 * @param threads stream threads of this process
 * @param recipients where to put a copy of the certificates to seal to, for an ingest that must not see the vault
 */
public record DecryptConfig(
        String httpHost,
        int httpPort,
        Path dataDirectory,
        VaultConfig vault,
        Path storeDirectory,
        KafkaSettings kafka,
        Duration reorderWindow,
        Duration commitInterval,
        long parkedBytes,
        String simulcastLayer,
        int threads,
        Optional<Path> recipients) {

    public static DecryptConfig from(Settings s) {
        Duration reorderWindow = s.duration("decrypt-worker.reorder-window", Duration.ofMillis(250));
        if (reorderWindow.compareTo(Duration.ofSeconds(5)) > 0) {
            s.problem("decrypt-worker.reorder-window", "must be at most 5s: what waits is held in memory");
        }
        Duration commitInterval = s.duration("decrypt-worker.commit-interval", Duration.ofMillis(100));
        if (commitInterval.compareTo(Duration.ofMillis(20)) < 0
                || commitInterval.compareTo(Duration.ofSeconds(5)) > 0) {
            s.problem("decrypt-worker.commit-interval", "must be 20ms to 5s: nothing is heard or read before it");
        }
        return new DecryptConfig(
                s.string("decrypt-worker.http.host", "127.0.0.1"),
                s.integer("decrypt-worker.http.port", 7073, 0, 65_535),
                s.path("data.directory", Path.of("data")),
                VaultConfig.from(s),
                s.path("store.directory", Path.of("data", "store")),
                KafkaSettings.from(s, Role.DECRYPT_WORKER.label()),
                reorderWindow,
                commitInterval,
                (long) s.integer("decrypt-worker.parked-mebibytes", 256, 1, 65_536) << 20,
                s.string("decrypt-worker.simulcast-layer", Simulcast.HIGHEST),
                s.integer("decrypt-worker.threads", 1, 1, 256),
                Optional.ofNullable(s.optional("decrypt-worker.recipients")).map(Path::of));
    }
}

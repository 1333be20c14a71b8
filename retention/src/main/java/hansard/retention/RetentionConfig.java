package hansard.retention;

import hansard.keys.VaultConfig;
import hansard.runtime.KafkaSettings;
import hansard.runtime.Settings;
import hansard.wire.Role;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The settings of the retention stage.
 *
 * @param policies which calls are kept how long
 * @param checkInterval how often calls past their date are looked for
 * @param sealWait how long after its end a closed call that was never sealed is waited for before its date counts
 * @param abandonedAfter how long nothing is heard of a call that was never closed, and has no open stream, before it counts
 *     as over
 * @param discardAfter how long nothing is heard of a sealed call before the sound as it came goes where transcode's policy is not to keep
 *     it: until then a stage that was killed may need it once more
 * @param expectedIndexReplicas how many index replicas must have given a receipt before a call counts as purged
 * @param dataDirectory the ledger and the Streams application's own files go below it
 */
public record RetentionConfig(
        String httpHost,
        int httpPort,
        Policies policies,
        Duration checkInterval,
        Duration sealWait,
        Duration abandonedAfter,
        Duration discardAfter,
        int expectedIndexReplicas,
        Path storeDirectory,
        VaultConfig vault,
        Path accessDirectory,
        Path dataDirectory,
        KafkaSettings kafka) {

    /** Reads them; what is wrong is noted in the settings, for {@link Settings#check()} to report together. */
    public static RetentionConfig from(Settings s) {
        return new RetentionConfig(
                s.string("retention.http.host", "127.0.0.1"),
                s.integer("retention.http.port", 7072, 0, 65_535),
                Policies.from(s),
                positive(s, "retention.check-interval", Duration.ofMinutes(1)),
                s.duration("retention.seal-wait", Duration.ofDays(1)),
                s.duration("retention.abandoned-after", Duration.ofDays(30)),
                s.duration("retention.discard-after", Duration.ofHours(1)),
                s.integer("retention.expected-index-replicas", 1, 0, 1_000),
                s.path("store.directory", Path.of("data/store")),
                VaultConfig.from(s),
                s.path("access.directory", Path.of("data/access")),
                s.path("data.directory", Path.of("data")),
                KafkaSettings.from(s, Role.RETENTION.label()));
    }

    private static Duration positive(Settings s, String key, Duration fallback) {
        Duration value = s.duration(key, fallback);
        if (value.isZero()) {
            s.problem(key, "must be longer than nothing");
            return fallback;
        }
        return value;
    }

    Path streamsDirectory() {
        return dataDirectory.resolve("retention").resolve("streams");
    }

    Path ledgerFile() {
        return dataDirectory.resolve("ledger").resolve("audit.jsonl");
    }
}

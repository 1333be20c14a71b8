package hansard.transcribe;

import hansard.keys.VaultConfig;
import hansard.runtime.KafkaSettings;
import hansard.runtime.Settings;
import hansard.wire.Role;
import java.nio.file.Path;

/**
 * Settings of the transcribe stage.
 *
 * @param httpHost where health and metrics are served, {@code transcribe.http.host}
 * @param httpPort {@code transcribe.http.port}; 0 takes a free one
 * @param models {@code transcribe.model.*}, {@code transcribe.models.NAME.*} and {@code transcribe.tenants.TENANT.*}
 * @param redaction {@code transcribe.redaction} and {@code transcribe.tenants.TENANT.redaction}
 * @param threads how many cores recognising may keep busy, {@code transcribe.threads}; all there are when not set
 * @param recognisers how many may speak at once, {@code transcribe.recognisers}: 1 MB each once used, 50 when the model is not prepared; eight for each of the threads
 *     when not set. Whoever speaks besides waits, on Kafka
 * @param vault {@code vault.*}: which one, and who may use it
 * @param storeDirectory {@code store.directory}
 */
public record TranscribeConfig(
        String httpHost,
        int httpPort,
        ModelChoice models,
        RedactionPolicy redaction,
        int threads,
        int recognisers,
        VaultConfig vault,
        Path storeDirectory,
        KafkaSettings kafka) {

    /** The model that the build unpacks. */
    static final String DEFAULT_MODEL = "vosk-en-us-0.3.45";

    public static TranscribeConfig from(Settings s) {
        int threads = s.integer("transcribe.threads", Runtime.getRuntime().availableProcessors(), 1, 1_024);
        return new TranscribeConfig(
                s.string("transcribe.http.host", "127.0.0.1"),
                s.integer("transcribe.http.port", 7075, 0, 65_535),
                ModelChoice.from(s),
                RedactionPolicy.from(s),
                threads,
                s.integer("transcribe.recognisers", 8 * threads, 1, 8_192),
                VaultConfig.from(s),
                s.path("store.directory", Path.of("data", "store")),
                KafkaSettings.from(s, Role.TRANSCRIBE.label()));
    }
}

package hansard.transcode;

import hansard.keys.VaultConfig;
import hansard.runtime.KafkaSettings;
import hansard.runtime.Settings;
import hansard.wire.Role;
import java.nio.file.Path;

/**
 * @param httpHost where {@code /health} and {@code /metrics} listen
 * @param httpPort 0 takes a free port
 * @param vault {@code vault.*}: which one, and who may use it
 * @param storeDirectory the object store's
 * @param dataDirectory Kafka Streams' state; may be lost, it is rebuilt from Kafka
 * @param speech whether the voices are decoded and handed on for recognition; without it recordings are sealed without transcripts
 * @param redaction {@code transcode.redaction}, {@code transcode.unheard} and {@code transcode.tenants.TENANT.*}
 * @param mix whether a mix is made of a call's tracks
 * @param mixBitrate of the mix, bits a second
 * @param mixComplexity of the mix's Opus encoder, 0 (fast) to 10 (best)
 * @param compositeHeight of a composite's picture, in pixels; it is 16:9
 * @param compositeFramesASecond at most; where nothing moves there are fewer
 * @param compositeBitrate of its picture, bits a second
 */
public record TranscodeConfig(
        String httpHost,
        int httpPort,
        VaultConfig vault,
        Path storeDirectory,
        Path dataDirectory,
        KafkaSettings kafka,
        boolean speech,
        SoundPolicy redaction,
        boolean mix,
        int mixBitrate,
        int mixComplexity,
        int compositeHeight,
        int compositeFramesASecond,
        int compositeBitrate) {
    /** Decision 49 has the figures. */
    static final int MIX_COMPLEXITY = 3;

    public static TranscodeConfig from(Settings s) {
        Path data = s.path("data.directory", Path.of("data"));
        boolean speech = s.flag("transcode.speech.enabled", true);
        return new TranscodeConfig(
                s.string("transcode.http.host", "127.0.0.1"),
                s.integer("transcode.http.port", 7074, 0, 65_535),
                VaultConfig.from(s),
                s.path("store.directory", data.resolve("store")),
                data,
                KafkaSettings.from(s, Role.TRANSCODE.label()),
                speech,
                SoundPolicy.from(s, speech),
                s.flag("transcode.mix.enabled", true),
                s.integer("transcode.mix.bitrate", 32_000, 6_000, 256_000),
                s.integer("transcode.mix.complexity", MIX_COMPLEXITY, 0, 10),
                s.integer("transcode.composite.height", 720, 180, 2_160),
                s.integer("transcode.composite.frames-a-second", 15, 1, 60),
                s.integer("transcode.composite.bitrate", 1_200_000, 100_000, 20_000_000));
    }
}

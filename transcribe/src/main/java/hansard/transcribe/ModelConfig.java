package hansard.transcribe;

import hansard.runtime.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A speech model that there is.
 *
 * @param name what transcripts say they were made with
 * @param path directory of a Vosk model for 16 kHz speech
 * @param language BCP 47 tag of what it understands, such as {@code en} or {@code de-CH}
 * @param sha256 what {@link ModelDigest} of the directory must be, lower-case hex; empty when nobody checks
 */
record ModelConfig(String name, Path path, String language, String sha256) {
    private static final String FURTHER = "transcribe.models";

    /** The one of {@code transcribe.model.*}, which must be there, and those below {@code transcribe.models}. */
    static List<ModelConfig> from(Settings s) {
        List<ModelConfig> models = new ArrayList<>();
        models.add(new ModelConfig(
                s.string("transcribe.model.name", TranscribeConfig.DEFAULT_MODEL),
                s.path("transcribe.model.path", Path.of("models", TranscribeConfig.DEFAULT_MODEL)),
                s.string("transcribe.model.language", "en"),
                s.string("transcribe.model.sha256", "")));
        Map<String, Map<String, String>> further = new TreeMap<>();
        s.below(FURTHER).forEach((key, value) -> {
            int dot = key.lastIndexOf('.');
            if (dot <= 0 || !List.of("path", "language", "sha256").contains(key.substring(dot + 1))) {
                s.problem(FURTHER + "." + key, "is not known: a model has path, language and sha256");
            } else {
                further.computeIfAbsent(key.substring(0, dot), n -> new TreeMap<>())
                        .put(key.substring(dot + 1), value);
            }
        });
        further.forEach((name, fields) -> {
            if (!fields.containsKey("path") || !fields.containsKey("language")) {
                s.problem(FURTHER + "." + name, "must say its path and its language");
            } else {
                models.add(new ModelConfig(
                        name, Path.of(fields.get("path")), fields.get("language"), fields.getOrDefault("sha256", "")));
            }
        });
        return List.copyOf(models);
    }
}

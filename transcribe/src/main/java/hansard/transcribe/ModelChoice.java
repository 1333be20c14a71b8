package hansard.transcribe;

import hansard.runtime.Settings;
import hansard.wire.Hearing;
import hansard.wire.StreamDescription;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Which model hears whom: that of the language that the stream was announced with; else the one that its tenant wants; else that of the
 * tenant's language; else the first. A language nobody has a model for is no other language's.
 *
 * @param models the first is the default
 * @param tenants below {@code transcribe.tenants}: {@code TENANT.language} and {@code TENANT.model}
 */
record ModelChoice(List<ModelConfig> models, Map<String, String> tenants) {
    static final String TENANTS = "transcribe.tenants";

    ModelChoice {
        models = List.copyOf(models);
        tenants = Map.copyOf(tenants);
    }

    static ModelChoice from(Settings s) {
        List<ModelConfig> models = ModelConfig.from(s);
        Map<String, String> tenants = s.below(TENANTS);
        tenants.forEach((key, value) -> {
            if (key.endsWith(".model")) {
                if (models.stream().noneMatch(m -> m.name().equals(value))) {
                    s.problem(
                            TENANTS + "." + key,
                            "is '" + value + "': there are "
                                    + String.join(
                                            ", ",
                                            models.stream()
                                                    .map(ModelConfig::name)
                                                    .toList()));
                }
            } else if (!key.endsWith(".language") && !key.endsWith(RedactionPolicy.KEY)) {
                s.problem(TENANTS + "." + key, "is not known: a tenant has language, model and redaction");
            }
        });
        return new ModelChoice(models, tenants);
    }

    /** One model for everybody. */
    static ModelChoice only(ModelConfig model) {
        return new ModelChoice(List.of(model), Map.of());
    }

    /** @param language of the stream; empty when nobody says. @return empty when there is no model for what is spoken */
    Optional<ModelConfig> of(String tenant, String language) {
        if (!language.isEmpty()) {
            return forLanguage(language);
        }
        String wanted = tenants.get(tenant + ".model");
        if (wanted != null) {
            return models.stream().filter(m -> m.name().equals(wanted)).findFirst();
        }
        String spoken = tenants.get(tenant + ".language");
        return spoken == null ? Optional.of(models.getFirst()) : forLanguage(spoken);
    }

    /** The same for a hearing: of one that was ordered, the model that was asked for and no other. */
    Optional<ModelConfig> of(StreamDescription stream, Hearing hearing) {
        return hearing.isFirst()
                ? of(stream.tenant(), stream.language())
                : models.stream().filter(m -> m.name().equals(hearing.model())).findFirst();
    }

    /** What to tell people when there is none. */
    String lacking(StreamDescription stream, Hearing hearing) {
        return hearing.isFirst()
                ? "no model for " + language(stream.tenant(), stream.language()) + "; audio kept"
                : "no model '" + hearing.model() + "'; there are "
                        + String.join(
                                ", ", models.stream().map(ModelConfig::name).toList());
    }

    /** What a stream is taken to be spoken in. */
    String language(String tenant, String language) {
        return language.isEmpty() ? tenants.getOrDefault(tenant + ".language", "") : language;
    }

    /** The same tag, else the same language in another form (RFC 4647 section 3.4 looks up so, by leaving out subtags). */
    private Optional<ModelConfig> forLanguage(String tag) {
        for (String range = lower(tag); !range.isEmpty(); range = shorter(range)) {
            String wanted = range;
            Optional<ModelConfig> exact = models.stream()
                    .filter(m -> lower(m.language()).equals(wanted))
                    .findFirst();
            if (exact.isPresent()) {
                return exact;
            }
        }
        String primary = lower(tag).split("-", 2)[0];
        return models.stream()
                .filter(m -> lower(m.language()).split("-", 2)[0].equals(primary))
                .findFirst();
    }

    private static String shorter(String range) {
        int dash = range.lastIndexOf('-');
        return dash < 0 ? "" : range.substring(0, dash);
    }

    private static String lower(String tag) {
        return tag.toLowerCase(Locale.ROOT);
    }
}

package hansard.transcribe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.HansardException;
import hansard.runtime.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelChoiceTest {
    private static ModelChoice choice(Map<String, String> values) {
        Settings settings = Settings.of(values);
        ModelChoice choice = ModelChoice.from(settings);
        settings.check();
        return choice;
    }

    private static final ModelChoice THREE = choice(Map.of(
            "transcribe.models.german.path", "/models/de",
            "transcribe.models.german.language", "de",
            "transcribe.models.swiss.path", "/models/de-ch",
            "transcribe.models.swiss.language", "de-CH",
            "transcribe.tenants.bank.language", "de",
            "transcribe.tenants.clinic.model", "swiss",
            "transcribe.tenants.embassy.language", "fr"));

    private static String chosen(String tenant, String language) {
        return THREE.of(tenant, language).map(ModelConfig::name).orElse("none");
    }

    @Test
    void whatTheStreamSaysGoesBeforeWhatTheTenantWants() {
        assertEquals("vosk-en-us-0.3.45", chosen("anybody", ""));
        assertEquals("german", chosen("bank", ""));
        assertEquals("vosk-en-us-0.3.45", chosen("bank", "en-GB"));
        assertEquals("swiss", chosen("clinic", ""));
        assertEquals("german", chosen("clinic", "de-AT"));
        assertEquals("swiss", chosen("bank", "DE-ch"));
    }

    @Test
    void aLanguageWithoutAModelIsNoOtherLanguages() {
        assertEquals("none", chosen("anybody", "fr"));
        assertEquals("none", chosen("embassy", ""));
        assertEquals("fr", THREE.language("embassy", ""));
    }

    @Test
    void settingsThatCannotBeMeantAreNamed() {
        String said = String.valueOf(assertThrows(
                        HansardException.class,
                        () -> choice(Map.of(
                                "transcribe.models.german.path", "/models/de",
                                "transcribe.models.french.langage", "fr",
                                "transcribe.tenants.bank.model", "gemran",
                                "transcribe.tenants.bank.modl", "german")))
                .getMessage());
        for (String named : new String[] {
            "transcribe.models.german must say its path and its language",
            "transcribe.models.french.langage",
            "transcribe.tenants.bank.model is 'gemran'",
            "transcribe.tenants.bank.modl"
        }) {
            assertTrue(said.contains(named), said);
        }
    }

    @Test
    void aModelIsKnownByTheDigestThatTheShellGives(@TempDir Path model) throws IOException {
        Files.createDirectories(model.resolve("a"));
        Files.writeString(model.resolve("a/b"), "1\n");
        Files.writeString(model.resolve("a.txt"), "2\n");
        // printf '1\n' > a/b; printf '2\n' > a.txt; and the command of ModelDigest
        String digest = "721d7dbbffa11d16e4307b43e8cd14b8fc855bb4361baabe4108ea2816e2de0b";
        assertEquals(digest, ModelDigest.of(model));
        ModelDigest.check(new ModelConfig("m", model, "en", digest));
        Files.writeString(model.resolve("a.txt"), "3\n");
        String said = String.valueOf(
                assertThrows(HansardException.class, () -> ModelDigest.check(new ModelConfig("m", model, "en", digest)))
                        .getMessage());
        assertTrue(said.contains(model.toString()) && said.contains(digest), said);
    }
}

package hansard.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    @TempDir
    Path directory;

    private static String problems(Settings settings) {
        HansardException refusal = assertThrows(HansardException.class, settings::check);
        assertEquals(ErrorCode.BAD_CONFIGURATION, refusal.code());
        return String.valueOf(refusal.getMessage());
    }

    private Settings load(String yaml, Map<String, String> environment) throws IOException {
        Path file = directory.resolve("hansard.yaml");
        Files.writeString(file, yaml);
        return Settings.load(file, Map.of(), environment);
    }

    @Test
    void anUnknownKeyIsAnErrorThatNamesTheNearest() {
        Settings settings = Settings.of(Map.of("ingest.http.prot", "7070"));
        assertEquals(7071, settings.integer("ingest.http.port", 7071, 0, 65535));
        String message = problems(settings);
        assertTrue(message.contains("unknown key ingest.http.prot; did you mean ingest.http.port?"), message);
    }

    @Test
    void nothingNearIsNotGuessedAt() {
        Settings settings = Settings.of(Map.of("zzz", "1"));
        settings.string("ingest.http.host", "127.0.0.1");
        assertTrue(problems(settings).endsWith("unknown key zzz"));
    }

    @Test
    void allProblemsAreToldTogether() {
        Settings settings = Settings.of(
                Map.of("a.number", "many", "a.range", "70000", "a.flag", "perhaps", "a.wait", "soon", "a.typo", "1"));
        assertEquals(5, settings.integer("a.number", 5, 0, 10));
        assertEquals(6, settings.integer("a.range", 6, 0, 65535));
        assertTrue(settings.flag("a.flag", true));
        assertEquals(Duration.ofSeconds(1), settings.duration("a.wait", Duration.ofSeconds(1)));
        assertEquals("", settings.required("a.must"));
        settings.problem("a.other", "cannot be with a.flag");
        String message = problems(settings);
        for (String part : List.of(
                "7 problems",
                "a.number is 'many': must be a whole number",
                "a.range is '70000': must be 0 to 65535",
                "a.flag is 'perhaps': must be true or false",
                "a.wait is 'soon': must be a duration",
                "a.must is not set",
                "a.other cannot be with a.flag",
                "unknown key a.typo")) {
            assertTrue(message.contains(part), part + " in " + message);
        }
    }

    @Test
    void theEnvironmentIsOverTheFileAndTheFileOverTheDefaults() throws IOException {
        Settings settings = load(
                "ingest:\n  http:\n    port: 1\n    host: file\ndata.directory: /data\n",
                Map.of("HANSARD_INGEST_HTTP_PORT", "2", "HANSARD_DECRYPT_WORKER_HTTP_PORT", "3", "OTHER", "x"));
        settings.putDefault("ingest.http.host", "default");
        settings.putDefault("vault.directory", "/vault");
        assertEquals(2, settings.integer("ingest.http.port", 9, 0, 10));
        assertEquals(3, settings.integer("decrypt-worker.http.port", 9, 0, 10));
        assertEquals("file", settings.string("ingest.http.host", "fallback"));
        assertEquals("/vault", settings.string("vault.directory", "fallback"));
        assertEquals(Path.of("/data"), settings.path("data.directory", Path.of("x")));
        settings.check();
    }

    @Test
    void theEnvironmentMayHoldNamesOfTheLauncher() throws IOException {
        Settings settings = load("", Map.of("HANSARD_JAVA_HOME", "/x", "HANSARD_", "y"));
        settings.check();
    }

    @Test
    void whatIsBelowAPrefixIsKnown() throws IOException {
        Settings settings =
                load("retention:\n  policies:\n    trading: {keep: 7y}\n    other:\n      keep: 90d\n", Map.of());
        assertEquals(Map.of("trading.keep", "7y", "other.keep", "90d"), settings.below("retention.policies"));
        settings.check();
    }

    @Test
    void theEnvironmentReachesBelowAPrefix() throws IOException {
        Settings settings = load(
                "retention:\n  policies:\n    trading:\n      keep: 7y\n",
                Map.of(
                        "HANSARD_RETENTION_POLICIES_TRADING_KEEP",
                        "1y",
                        "HANSARD_KAFKA_CLIENT_SECURITY_PROTOCOL",
                        "SSL"));
        assertEquals(Map.of("trading.keep", "1y"), settings.below("retention.policies"));
        assertEquals(Map.of("security.protocol", "SSL"), settings.below("kafka.client"));
    }

    @Test
    void whatIsNotYamlSaysWhere() throws IOException {
        HansardException notYaml = assertThrows(HansardException.class, () -> load("a: [", Map.of()));
        assertEquals(ErrorCode.BAD_CONFIGURATION, notYaml.code());
        assertTrue(String.valueOf(notYaml.getMessage()).contains("hansard.yaml"));
        assertThrows(HansardException.class, () -> load("- a\n", Map.of()));
        Path none = directory.resolve("none.yaml");
        assertThrows(HansardException.class, () -> Settings.load(none, Map.of(), Map.of()));
    }

    @Test
    void aPathThatIsNoneIsAProblemLikeOthers() {
        Settings settings = Settings.of(Map.of("data.directory", "a\0b"));
        assertEquals(Path.of("x"), settings.path("data.directory", Path.of("x")));
        assertTrue(problems(settings).contains("data.directory"));
    }

    @Test
    void durationsHaveUnits() {
        assertEquals(Duration.ofMillis(250), Settings.parseDuration("250ms"));
        assertEquals(Duration.ofSeconds(30), Settings.parseDuration(" 30 s "));
        assertEquals(Duration.ofMinutes(15), Settings.parseDuration("15m"));
        assertEquals(Duration.ofHours(12), Settings.parseDuration("12H"));
        assertEquals(Duration.ofDays(90), Settings.parseDuration("90d"));
        assertEquals(Duration.ofDays(7 * 365), Settings.parseDuration("7y"));
        for (String bad :
                List.of("", "s", "1", "1w", "-1s", "99999999999999999999s", "9999999999999999y", "9999999999999999d")) {
            assertThrows(IllegalArgumentException.class, () -> Settings.parseDuration(bad), bad);
        }
    }

    @Test
    void aSecretDoesNotPrintItself() {
        Secret<String> secret = Secret.of("swordfish");
        assertEquals("swordfish", secret.reveal());
        assertFalse(List.of(secret).toString().contains("swordfish"));
    }
}

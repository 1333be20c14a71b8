package hansard.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.HansardException;
import hansard.runtime.Settings;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsoleConfigTest {
    @Test
    void defaultsFitTheAllInOne() {
        Settings settings = Settings.of(Map.of());
        ConsoleConfig config = ConsoleConfig.from(settings);
        settings.check();
        assertEquals(7080, config.port());
        assertEquals(URI.create("http://127.0.0.1:7070"), config.ingest());
        assertEquals(URI.create("http://127.0.0.1:7071"), config.index());
        assertEquals(URI.create("http://127.0.0.1:7072"), config.retention());
        assertEquals(List.of(), config.demoLogins());
    }

    @Test
    void demoLoginsMayHaveColonsInTheirDescription() {
        Settings settings =
                Settings.of(Map.of("console.demo-logins", "olga:pw1:Officer: hears all; ben:pw2:His own calls"));
        assertEquals(
                List.of(
                        new ConsoleConfig.DemoLogin("olga", "pw1", "Officer: hears all"),
                        new ConsoleConfig.DemoLogin("ben", "pw2", "His own calls")),
                ConsoleConfig.from(settings).demoLogins());
        settings.check();
    }

    @Test
    void everyWrongSettingIsReportedTogether() {
        Settings settings = Settings.of(Map.of(
                "console.index-url", "127.0.0.1:7071", "console.demo-logins", "olga", "console.http.port", "99999"));
        ConsoleConfig.from(settings);
        String message = String.valueOf(
                assertThrows(HansardException.class, settings::check).getMessage());
        assertTrue(message.contains("console.index-url") && message.contains("console.demo-logins"), message);
        assertTrue(message.contains("console.http.port"), message);
    }
}

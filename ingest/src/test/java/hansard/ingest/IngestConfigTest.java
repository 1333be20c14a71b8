package hansard.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.HansardException;
import hansard.runtime.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IngestConfigTest {
    @Test
    void defaultsAreThoseOfTheDocumentation() {
        Settings s = Settings.of(Map.of());
        IngestConfig config = IngestConfig.from(s);
        s.check();
        assertEquals(7_070, config.httpPort());
        assertEquals("127.0.0.1", config.udpHost());
        assertEquals("127.0.0.1", config.advertisedHost());
        assertEquals(20_000, config.udpFirstPort());
        assertEquals(20_999, config.udpLastPort());
        assertEquals(0, config.sharedPort());
        assertEquals(4_194_304, config.receiveBufferBytes());
        assertEquals(100, config.bundleMaxAge().toMillis());
        assertEquals(65_536, config.bundleMaxBytes());
        assertEquals(67_108_864, config.bufferMaxBytes());
        assertTrue(config.abandonedAfter().isZero());
    }

    @Test
    void everyWrongSettingIsNamed() {
        Settings s = Settings.of(Map.of(
                "ingest.udp.ports", "20999-20000",
                "ingest.bundle.max-age", "0ms",
                "ingest.udp.host", "0.0.0.0"));
        IngestConfig ignored = IngestConfig.from(s);
        String said =
                String.valueOf(assertThrows(HansardException.class, s::check).getMessage());
        assertTrue(said.contains("ingest.udp.ports is '20999-20000'"), said);
        assertTrue(said.contains("ingest.bundle.max-age is 0ms"), said);
        assertTrue(said.contains("ingest.advertised-host is not set"), said);
    }
}

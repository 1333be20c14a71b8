package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EarlierAssemblyTest {
    @Test
    void whatAnEarlierReleaseKeptOfACallIsRead() {
        String kept = new String(Json.bytes(Assembly.NEW), StandardCharsets.UTF_8);
        String earlier = kept.replace(",\"due\":{},\"redactions\":{}", "");
        assertTrue(earlier.length() < kept.length(), kept);
        assertEquals(Assembly.NEW, Json.read(earlier.getBytes(StandardCharsets.UTF_8), Assembly.class));
    }
}

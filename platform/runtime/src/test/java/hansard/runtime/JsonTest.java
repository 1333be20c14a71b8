package hansard.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonTest {
    record Leg(String name, long micros) {}

    record Journey(String id, @Nullable String note, List<Leg> legs, Map<String, String> labels) {}

    private static final String WHOLE =
            "{\"id\":\"j\",\"legs\":[{\"name\":\"a\",\"micros\":1}],\"labels\":{\"k\":\"v\"}}";

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private static String refusal(String json) {
        HansardException refused =
                assertThrows(HansardException.class, () -> Json.read(bytes(json), Journey.class), json);
        assertEquals(ErrorCode.MALFORMED, refused.code());
        assertNull(refused.getCause(), "the parser's own message quotes what it read");
        return String.valueOf(refused.getMessage());
    }

    @Test
    void aMissingComponentIsRefusedByName() {
        assertEquals("j", Json.read(bytes(WHOLE), Journey.class).id());
        assertNull(Json.read(bytes(WHOLE), Journey.class).note());
        assertTrue(refusal(WHOLE.replace("\"id\":\"j\",", "")).contains("id is missing"));
        assertTrue(refusal(WHOLE.replace("\"name\":\"a\",", "")).contains("legs.name is missing"));
        assertTrue(
                refusal(WHOLE.replace("{\"name\":\"a\",\"micros\":1}", "null")).contains("legs.an entry is missing"));
        assertTrue(refusal(WHOLE.replace("1}", "null}")).contains("micros"));
        assertTrue(refusal("null").contains("empty JSON"));
    }

    @Test
    void whatWasReadIsNeverRepeated() {
        for (String json : List.of(
                "{\"id\":SPOKEN}",
                "SPOKEN",
                "{\"id\":\"j\",\"legs\":\"SPOKEN\"}",
                "{\"id\":\"j\",\"legs\":[{\"name\":\"a\",\"micros\":\"SPOKEN\"}]}",
                "{\"id\":\"SPOKEN",
                "{\"id\":\"SPOKEN\u0001\"}",
                WHOLE + "SPOKEN")) {
            assertFalse(refusal(json).contains("SPOKEN"), json);
        }
    }

    @Test
    void anUnknownFieldOfARequestIsNamedOnOneLine() {
        HansardException refused =
                assertThrows(HansardException.class, () -> Json.request(bytes("{\"a\\nb\":1}"), Journey.class));
        assertEquals(ErrorCode.BAD_REQUEST, refused.code());
        assertTrue(String.valueOf(refused.getMessage()).contains("a?b is not a field"), refused.getMessage());
    }

    @Test
    void nestingWithoutEndIsRefusedAndOverflowsNoStack() {
        for (String opening : List.of("[", "{\"a\":")) {
            byte[] deep = bytes(opening.repeat(200_000));
            assertEquals(
                    ErrorCode.MALFORMED,
                    assertThrows(HansardException.class, () -> Json.read(deep, Journey.class))
                            .code());
            assertEquals(
                    ErrorCode.BAD_REQUEST,
                    assertThrows(HansardException.class, () -> Json.request(deep, ObjectNode.class))
                            .code());
        }
        byte[] inAnUnknownField = bytes("{\"newer\":" + "[".repeat(200_000));
        assertThrows(HansardException.class, () -> Json.read(inAnUnknownField, Journey.class));
    }

    @Test
    void aNumberOfAMillionDigitsIsRefused() {
        assertTrue(refusal("{\"legs\":[{\"micros\":" + "9".repeat(1_000_000) + "}]}")
                        .length()
                < 300);
    }

    @Test
    void nothingMayStandBehindTheValue() {
        assertTrue(refusal(WHOLE + WHOLE).contains("not JSON")
                || refusal(WHOLE + WHOLE).contains("not of its kind"));
        assertEquals("j", Json.read(bytes(WHOLE + "\n "), Journey.class).id());
    }

    @Test
    void aRecordWithoutAValueIsMalformed() {
        assertEquals(
                ErrorCode.MALFORMED,
                assertThrows(HansardException.class, () -> Json.read(null, Journey.class))
                        .code());
    }
}

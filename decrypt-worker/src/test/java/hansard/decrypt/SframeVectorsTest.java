package hansard.decrypt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** RFC 9605 appendix C, word for word. */
class SframeVectorsTest {
    private static final JsonNode VECTORS = vectors();

    private static JsonNode vectors() {
        try (InputStream in = SframeVectorsTest.class.getResourceAsStream("sframe-rfc9605.json")) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Stream<JsonNode> of(String part) {
        return StreamSupport.stream(VECTORS.path(part).spliterator(), false);
    }

    static Stream<JsonNode> aeads() {
        return Stream.concat(of("aes_ctr_hmac"), of("aes_256_ctr_hmac"));
    }

    static Stream<JsonNode> frames() {
        return of("sframe");
    }

    private static byte[] hex(JsonNode vector, String field) {
        return HexFormat.of().parseHex(vector.path(field).asText());
    }

    @Test
    void headersOfEveryLengthAreRead() {
        assertEquals(289, of("header").count());
        of("header").forEach(vector -> {
            byte[] encoded = hex(vector, "encoded");
            SframeHeader header = SframeHeader.parse(encoded);
            assertEquals(
                    new SframeHeader(
                            vector.path("kid").bigIntegerValue().longValue(),
                            vector.path("ctr").bigIntegerValue().longValue(),
                            encoded.length),
                    header);
            for (int length = 0; length < encoded.length; length++) {
                assertNull(SframeHeader.parse(Arrays.copyOf(encoded, length)), "cut to " + length);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("aeads")
    void ctrWithHmacOpensAndVerifies(JsonNode vector) {
        byte[] sealed = hex(vector, "ct");
        int encryptionKey = hex(vector, "enc_key").length;
        SframeCipher cipher = SframeCipher.ofCtrHmac(
                hex(vector, "key"),
                encryptionKey,
                encryptionKey == 16 ? "SHA256" : "SHA512",
                sealed.length - hex(vector, "pt").length,
                new byte[12]);
        assertArrayEquals(hex(vector, "pt"), cipher.open(hex(vector, "nonce"), hex(vector, "aad"), sealed, 0));
    }

    @ParameterizedTest
    @MethodSource("frames")
    void framesOfEverySuiteOpen(JsonNode vector) {
        SframeSuite suite = suite(vector);
        byte[] base = hex(vector, "base_key");
        long kid = vector.path("kid").asLong();
        assertArrayEquals(hex(vector, "sframe_key"), SframeKeySchedule.key(suite, kid, base));
        assertArrayEquals(hex(vector, "sframe_salt"), SframeKeySchedule.salt(suite, kid, base));
        byte[] frame = hex(vector, "ct");
        SframeHeader header = SframeHeader.parse(frame);
        assertNotNull(header);
        assertEquals(kid, header.kid());
        assertEquals(vector.path("ctr").asLong(), header.ctr());
        SframeCipher cipher = SframeCipher.of(suite, kid, base);
        assertArrayEquals(hex(vector, "pt"), cipher.open(frame, header, hex(vector, "metadata")));
    }

    @ParameterizedTest
    @MethodSource("frames")
    void oneBitTurnedAnywhereOrAByteCutOpensNothing(JsonNode vector) {
        SframeSuite suite = suite(vector);
        SframeCipher cipher = SframeCipher.of(suite, vector.path("kid").asLong(), hex(vector, "base_key"));
        byte[] metadata = hex(vector, "metadata");
        byte[] frame = hex(vector, "ct");
        for (int bit = 0; bit < 8 * frame.length; bit++) {
            byte[] altered = frame.clone();
            altered[bit / 8] ^= (byte) (1 << bit % 8);
            SframeHeader header = SframeHeader.parse(altered);
            assertNull(header == null ? null : cipher.open(altered, header, metadata), suite + " bit " + bit);
        }
        SframeHeader header = SframeHeader.parse(frame);
        assertNotNull(header);
        for (int length = header.length(); length < frame.length; length++) {
            assertNull(cipher.open(Arrays.copyOf(frame, length), header, metadata), suite + " cut to " + length);
        }
        assertNull(cipher.open(frame, header, new byte[0]), suite + " without its metadata");
    }

    private static SframeSuite suite(JsonNode vector) {
        return Arrays.stream(SframeSuite.values())
                .filter(s -> s.id() == vector.path("cipher_suite").asInt())
                .findFirst()
                .orElseThrow();
    }
}

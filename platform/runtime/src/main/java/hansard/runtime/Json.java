package hansard.runtime;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The one way Hansard reads and writes JSON: no unknown fields dropped silently in requests, nulls left out, and nothing behind the
 * value. A record comes whole: a component that is not {@code @Nullable} is there. Nesting is bounded (Jackson's 1,000).
 */
public final class Json {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            // a topic may hold records of a newer release; requests are read with strict()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final ObjectMapper STRICT = MAPPER.copy().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private Json() {}

    public static ObjectMapper mapper() {
        return MAPPER;
    }

    public static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new HansardException(
                    ErrorCode.INTERNAL, "cannot write " + value.getClass().getSimpleName() + " as JSON", e);
        }
    }

    /**
     * Reads a record of a topic; unknown fields are a newer release's and are passed over.
     *
     * @param json null for a record without a value, which is MALFORMED like any other that is not JSON
     */
    public static <T> T read(byte @Nullable [] json, Class<T> type) {
        return read(MAPPER, json, type, ErrorCode.MALFORMED);
    }

    /** Reads a request: an unknown field is an error that names it. */
    public static <T> T request(byte[] json, Class<T> type) {
        return read(STRICT, json, type, ErrorCode.BAD_REQUEST);
    }

    private static <T> T read(ObjectMapper mapper, byte @Nullable [] json, Class<T> type, ErrorCode code) {
        if (json == null) {
            throw new HansardException(code, "no bytes where a " + type.getSimpleName() + " was expected");
        }
        T value;
        try {
            value = mapper.readValue(json, type);
        } catch (IOException e) {
            // without the cause: its message quotes what was read, which may be spoken words or a sealed key
            throw new HansardException(code, "not a valid " + type.getSimpleName() + ": " + JsonFault.describe(e));
        }
        if (value == null) {
            throw new HansardException(code, "empty JSON where a " + type.getSimpleName() + " was expected");
        }
        String missing = RecordFields.firstMissing(value);
        if (missing != null) {
            throw new HansardException(code, "not a valid " + type.getSimpleName() + ": " + missing + " is missing");
        }
        return value;
    }
}

package hansard.runtime;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/** The one way Hansard reads and writes JSON: no unknown fields dropped silently in requests, nulls left out. */
public final class Json {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            // a topic may hold records of a newer release; requests are read with strict()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
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

    /** Reads a record of a topic; unknown fields are a newer release's and are passed over. */
    public static <T> T read(byte[] json, Class<T> type) {
        return read(MAPPER, json, type, ErrorCode.MALFORMED);
    }

    /** Reads a request: an unknown field is an error that names it. */
    public static <T> T request(byte[] json, Class<T> type) {
        return read(STRICT, json, type, ErrorCode.BAD_REQUEST);
    }

    private static <T> T read(ObjectMapper mapper, byte[] json, Class<T> type, ErrorCode code) {
        try {
            T value = mapper.readValue(json, type);
            if (value == null) {
                throw new HansardException(code, "empty JSON where a " + type.getSimpleName() + " was expected");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new HansardException(code, "not a valid " + type.getSimpleName() + ": " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new HansardException(code, "not a valid " + type.getSimpleName() + ": " + e.getMessage(), e);
        }
    }
}

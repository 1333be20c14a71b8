package hansard.runtime;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import java.io.IOException;
import java.util.stream.Collectors;

/** Says what is wrong with JSON, and where, without repeating any value of it. */
final class JsonFault {
    private static final int SHOWN = 80;
    private static final int DEEPEST = 8;

    private JsonFault() {}

    static String describe(IOException e) {
        return switch (e) {
            case StreamConstraintsException tooMuch ->
                "it is nested too deep, or a text or number in it is too long" + at(tooMuch);
            case UnrecognizedPropertyException unknown ->
                shown(unknown.getPropertyName()) + " is not a field of it; those are "
                        + (unknown.getKnownPropertyIds() == null
                                ? "none"
                                : unknown.getKnownPropertyIds().stream()
                                        .map(String::valueOf)
                                        .sorted()
                                        .collect(Collectors.joining(", ")));
            case InvalidTypeIdException type -> "its type is missing or not known" + at(type);
            case JsonMappingException mapping -> field(mapping) + " is missing or not of its kind" + at(mapping);
            case JsonProcessingException syntax -> "it is not JSON" + at(syntax);
            default -> "it cannot be read";
        };
    }

    private static String field(JsonMappingException e) {
        if (e.getPath().isEmpty()) {
            return "the value or a field of it";
        }
        return e.getPath().stream()
                .limit(DEEPEST)
                .map(r -> r.getFieldName() == null ? String.valueOf(r.getIndex()) : shown(r.getFieldName()))
                .collect(Collectors.joining("."));
    }

    private static String at(JsonProcessingException e) {
        JsonLocation where = e.getLocation();
        return where == null ? "" : ", at line " + where.getLineNr() + ", column " + where.getColumnNr();
    }

    private static String shown(String name) {
        return name.length() <= SHOWN ? name : name.substring(0, SHOWN) + "…";
    }
}

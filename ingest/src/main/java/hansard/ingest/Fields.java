package hansard.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of a request and collects what is wrong with them, each with its name, its value and what is allowed, so
 * that one answer tells it all. A value that may be secret is never repeated.
 */
final class Fields {
    /** Ids become object keys and file names: none begins with a dot. */
    private static final Pattern ID = Pattern.compile("(?!\\.)[A-Za-z0-9._-]{1,64}");

    private static final int SHOWN = 80;
    private static final int MAX_ENTRIES = 128;

    private final ObjectNode body;
    /** Where in the request the body is; empty for the whole of it. */
    private final String place;

    private final Set<String> known = new TreeSet<>();
    private final List<String> problems;
    private final List<Fields> parts = new ArrayList<>();

    Fields(ObjectNode body) {
        this(body, "", new ArrayList<>());
    }

    private Fields(ObjectNode body, String place, List<String> problems) {
        this.body = body;
        this.place = place;
        this.problems = problems;
    }

    void problem(String field, String what) {
        problems.add(place + field + " " + what);
    }

    /** A list of 1 to so many objects, whose problems are told with this request's. */
    List<Fields> each(String field, int most) {
        JsonNode node = node(field);
        List<Fields> list = new ArrayList<>();
        if (node != null && node.isArray() && node.size() <= most) {
            for (JsonNode element : node) {
                if (element instanceof ObjectNode object) {
                    list.add(new Fields(object, field + "[" + list.size() + "].", problems));
                }
            }
        }
        if (list.isEmpty() || node == null || list.size() != node.size()) {
            problem(field, "must be a list of 1 to " + most + " objects");
            return List.of();
        }
        parts.addAll(list);
        return list;
    }

    /** An id, or null when it is not given. */
    @Nullable
    String optionalId(String field) {
        String text = string(field);
        if (text != null && !ID.matcher(text).matches()) {
            problem(
                    field,
                    "is '" + shown(text)
                            + "': must be 1 to 64 letters, digits, '.', '_' or '-', not beginning with '.'");
            return null;
        }
        return text;
    }

    String id(String field) {
        String id = optionalId(field);
        if (id == null && !given(field)) {
            problem(field, "is missing: must be 1 to 64 letters, digits, '.', '_' or '-', not beginning with '.'");
        }
        return id == null ? "" : id;
    }

    /** A list of ids; empty when it is not given. */
    List<String> ids(String field) {
        JsonNode node = node(field);
        if (node == null) {
            return List.of();
        }
        List<String> ids = new ArrayList<>();
        if (node.isArray() && !node.isEmpty() && node.size() <= MAX_ENTRIES) {
            node.forEach(
                    id -> ids.add(id.isTextual() && ID.matcher(id.textValue()).matches() ? id.textValue() : ""));
        }
        if (ids.isEmpty() || ids.contains("")) {
            problem(field, "must be a list of 1 to " + MAX_ENTRIES + " ids, or left out");
        }
        return ids;
    }

    /** Free text on one line; empty when it is not given. */
    String text(String field, int maxLength) {
        String text = string(field);
        if (text == null) {
            return "";
        }
        if (text.length() > maxLength || text.chars().anyMatch(Character::isISOControl)) {
            problem(
                    field,
                    "is '" + shown(text) + "': must be at most " + maxLength
                            + " characters without control characters");
            return "";
        }
        return text;
    }

    String requiredText(String field, int maxLength) {
        String text = text(field, maxLength);
        if (text.isBlank() && problems.stream().noneMatch(p -> p.startsWith(place + field + " "))) {
            problem(field, "is missing: must be 1 to " + maxLength + " characters");
        }
        return text;
    }

    @Nullable
    Long optionalNumber(String field, long min, long max) {
        JsonNode node = node(field);
        if (node == null) {
            return null;
        }
        if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < min || node.longValue() > max) {
            problem(field, "is " + shown(node.toString()) + ": must be a whole number from " + min + " to " + max);
            return null;
        }
        return node.longValue();
    }

    long number(String field, long min, long max) {
        Long number = optionalNumber(field, min, max);
        if (number == null && !given(field)) {
            problem(field, "is missing: must be a whole number from " + min + " to " + max);
        }
        return number == null ? min : number;
    }

    boolean flag(String field) {
        JsonNode node = node(field);
        if (node != null && !node.isBoolean()) {
            problem(field, "is " + shown(node.toString()) + ": must be true or false");
        }
        return node != null && node.asBoolean();
    }

    /** One of a few words, in lower case. */
    String choice(String field, Set<String> allowed) {
        String text = string(field);
        String lower = text == null ? "" : text.toLowerCase(Locale.ROOT);
        if (!allowed.contains(lower)) {
            problem(
                    field,
                    (text == null ? "is missing" : "is '" + shown(text) + "'") + ": must be one of "
                            + String.join(", ", new TreeSet<>(allowed)));
        }
        return lower;
    }

    /** An object of names and texts. */
    Map<String, String> texts(String field, int maxLength) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> e : entries(field, "names and texts")) {
            if (!ID.matcher(e.getKey()).matches()) {
                problem(
                        field,
                        "has the name '" + shown(e.getKey())
                                + "': must be 1 to 64 letters, digits, '.', '_' or '-', not beginning with '.'");
            } else if (!e.getValue().isTextual() || e.getValue().textValue().length() > maxLength) {
                problem(
                        field,
                        "has a value for '" + e.getKey() + "' that is not a text of at most " + maxLength
                                + " characters");
            } else {
                texts.put(e.getKey(), e.getValue().textValue());
            }
        }
        return texts;
    }

    /** An object whose names are numbers. */
    Map<Integer, String> numbered(String field, int min, int max, int maxLength) {
        Map<Integer, String> texts = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> e : entries(field, "numbers and texts")) {
            String name = e.getKey();
            int number = name.matches("\\d{1,5}") ? Integer.parseInt(name) : -1;
            if (number < min || number > max) {
                problem(field, "has the number '" + shown(name) + "': must be " + min + " to " + max);
            } else if (!e.getValue().isTextual()
                    || e.getValue().textValue().isBlank()
                    || e.getValue().textValue().length() > maxLength) {
                problem(field, "has for " + number + " no text of 1 to " + maxLength + " characters");
            } else {
                texts.put(number, e.getValue().textValue());
            }
        }
        return texts;
    }

    private Set<Map.Entry<String, JsonNode>> entries(String field, String what) {
        JsonNode node = node(field);
        if (node == null) {
            return Set.of();
        }
        if (!node.isObject() || node.size() > MAX_ENTRIES) {
            problem(field, "must be an object of " + what + " with at most " + MAX_ENTRIES + " entries");
            return Set.of();
        }
        return node.properties();
    }

    /** Base64 of a message that is not shown in any error. */
    byte[] opaque(String field, int minBytes, int maxBytes) {
        JsonNode node = node(field);
        if (node == null) {
            problem(field, "is missing: must be base64 of " + minBytes + " to " + maxBytes + " bytes");
            return new byte[0];
        }
        return opaque(field, "", node, minBytes, maxBytes);
    }

    /** An object whose names are unsigned 64-bit numbers and whose values are base64 of messages not shown in any error. */
    Map<Long, byte[]> opaques(String field, int minBytes, int maxBytes) {
        Map<Long, byte[]> messages = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> e : entries(field, "numbers and base64 texts")) {
            try {
                long number = Long.parseUnsignedLong(e.getKey());
                messages.put(number, opaque(field, " for " + e.getKey(), e.getValue(), minBytes, maxBytes));
            } catch (NumberFormatException notOne) {
                problem(field, "has the name '" + shown(e.getKey()) + "': must be a whole number from 0 to 2^64-1");
            }
        }
        return messages;
    }

    private byte[] opaque(String field, String of, JsonNode node, int minBytes, int maxBytes) {
        String allowed = "must be base64 of " + minBytes + " to " + maxBytes + " bytes";
        byte[] bytes = new byte[0];
        try {
            bytes = node.isTextual() ? Base64.getDecoder().decode(node.textValue()) : bytes;
        } catch (IllegalArgumentException e) {
            problem(field, "is not base64" + of + ": " + allowed); // without the cause, which quotes the value
            return bytes;
        }
        if (bytes.length < minBytes || bytes.length > maxBytes) {
            problem(field, "has " + bytes.length + " bytes" + of + ": " + allowed);
        }
        return bytes;
    }

    boolean given(String field) {
        JsonNode node = body.get(field);
        return node != null && !node.isNull();
    }

    private @Nullable String string(String field) {
        JsonNode node = node(field);
        if (node != null && !node.isTextual()) {
            problem(field, "is " + shown(node.toString()) + ": must be a text");
            return null;
        }
        return node == null ? null : node.textValue();
    }

    private @Nullable JsonNode node(String field) {
        known.add(field);
        return given(field) ? body.get(field) : null;
    }

    private static String shown(String value) {
        String printable = value.replaceAll("\\p{Cntrl}", "?");
        return printable.length() <= SHOWN ? printable : printable.substring(0, SHOWN) + "…";
    }

    /** @throws HansardException BAD_REQUEST with every problem, unknown fields included */
    void check() {
        List<String> all = new ArrayList<>(problems);
        parts.forEach(part -> part.unknown(all));
        unknown(all);
        if (!all.isEmpty()) {
            throw new HansardException(ErrorCode.BAD_REQUEST, String.join("; ", all));
        }
    }

    private void unknown(List<String> all) {
        body.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                all.add(place + shown(name) + " is not a field of this request"
                        + (known.isEmpty() ? "" : ": those are " + String.join(", ", known)));
            }
        });
    }
}

package hansard.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Json;
import hansard.runtime.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is known about a capture: its participants, and each stream's port, codec and session key. */
record Sidecar(String name, String description, List<Party> parties, List<ForkedStream> streams) {
    /** @param id {@code p0}, {@code p1}, … */
    record Party(String id, String display) {}

    /** @param keyAndSalt SRTP master key followed by master salt */
    record ForkedStream(
            String participantId,
            String kind,
            int port,
            String codec,
            String suite,
            Secret<byte[]> keyAndSalt,
            long initialRoc,
            int payloadType,
            String encodingName,
            int clockRate,
            int channels,
            Map<String, String> headerExtensions,
            @Nullable Long ssrc,
            String mid,
            @Nullable EndToEnd endToEnd) {}

    /**
     * How a stream's frames are sealed end to end (RFC 9605).
     *
     * @param cipher the SFrame cipher suite
     */
    record EndToEnd(String cipher, long kid, Secret<byte[]> baseKey) {}

    static Sidecar read(InputStream in, String where) {
        JsonNode root;
        try {
            root = Json.mapper().readTree(in);
        } catch (JsonProcessingException e) {
            throw bad(where, "is not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw bad(where, "cannot be read: " + e.getMessage());
        }
        List<Party> parties = new ArrayList<>();
        for (JsonNode p : array(root, "participants", where)) {
            String id = "p" + p.path("index").asInt();
            parties.add(new Party(id, p.path("display").asText(id)));
        }
        List<ForkedStream> streams = new ArrayList<>();
        for (JsonNode s : array(root, "streams", where)) {
            streams.add(stream(root, s, where));
        }
        return new Sidecar(
                root.path("name").asText("call"), root.path("description").asText(""), parties, streams);
    }

    private static final Pattern FRAME_CIPHER = Pattern.compile("AES_\\d+_\\w+");

    private static ForkedStream stream(JsonNode root, JsonNode s, String where) {
        String key = s.path("srtp_key_salt_base64").asText("");
        if (key.isEmpty() || !s.path("port").canConvertToInt()) {
            throw bad(where, "has a stream without port or srtp_key_salt_base64");
        }
        byte[] keyAndSalt;
        try {
            keyAndSalt = Base64.getDecoder().decode(key);
        } catch (IllegalArgumentException e) {
            throw bad(
                    where,
                    "has a srtp_key_salt_base64 that is not base64, port "
                            + s.path("port").asInt());
        }
        Map<String, String> extensions = new LinkedHashMap<>();
        s.path("extmap")
                .properties()
                .forEach(e -> extensions.put(e.getKey(), e.getValue().asText()));
        String kind = s.path("kind").asText("audio");
        String codec = s.path("codec").asText("opus").toLowerCase(Locale.ROOT);
        return new ForkedStream(
                "p" + s.path("participant").asInt(),
                kind,
                s.path("port").asInt(),
                codec,
                s.path("srtp_suite").asText("AES_CM_128_HMAC_SHA1_80"),
                Secret.of(keyAndSalt),
                s.path("initial_roc").asLong(0),
                s.path("payload_type").asInt(-1),
                s.path("encoding_name").asText(codec),
                s.path("clock_rate").asInt(kind.equals("audio") ? 48_000 : 90_000),
                s.path("channels").asInt(kind.equals("audio") ? 2 : 0),
                extensions,
                s.hasNonNull("ssrc") ? (Long) s.get("ssrc").asLong() : null,
                s.path("mid").asText(""),
                endToEnd(root, s, kind, where));
    }

    /** From {@code participants[].e2ee}, whose scheme names the suite and whose keys are by kind. */
    private static @Nullable EndToEnd endToEnd(JsonNode root, JsonNode s, String kind, String where) {
        for (JsonNode party : root.path("participants")) {
            JsonNode key = party.path("e2ee").path(kind);
            if (party.path("index").asInt() == s.path("participant").asInt() && !key.isMissingNode()) {
                Matcher cipher =
                        FRAME_CIPHER.matcher(party.path("e2ee").path("scheme").asText());
                if (!cipher.find()) {
                    throw bad(where, "has end-to-end keys and no cipher suite in their scheme");
                }
                try {
                    byte[] base = Base64.getDecoder()
                            .decode(key.path("base_key_base64").asText());
                    return new EndToEnd(cipher.group(), key.path("kid").asLong(), Secret.of(base));
                } catch (IllegalArgumentException e) {
                    throw bad(where, "has a base_key_base64 that is not base64");
                }
            }
        }
        return null;
    }

    private static JsonNode array(JsonNode root, String field, String where) {
        JsonNode array = root.path(field);
        if (!array.isArray() || array.isEmpty()) {
            throw bad(where, "has no \"" + field + "\": it does not describe a capture");
        }
        return array;
    }

    private static HansardException bad(String where, String what) {
        return new HansardException(ErrorCode.BAD_REQUEST, where + " " + what);
    }
}

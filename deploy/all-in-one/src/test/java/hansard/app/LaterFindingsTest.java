package hansard.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.access.Access;
import hansard.access.Caller;
import hansard.access.Role;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A call in which card numbers are spoken is heard once more: by a tenant whose first words had them, and by one whose had not. */
class LaterFindingsTest {
    private static final String CAPTURE = "ffmpeg-a3-card-number";
    private static final String MODEL = "english-too";

    @TempDir
    Path directory;

    @Test
    void whatOnlyTheLaterWordsFindIsNotHeardEither() throws IOException, InterruptedException {
        Map<String, String> settings = Map.of(
                "transcribe.models." + MODEL + ".path",
                Models.withoutDither().toString(),
                "transcribe.models." + MODEL + ".language",
                "en-US",
                "transcribe.tenants.paris.language",
                "fr",
                "transcode.tenants.paris.unheard",
                "released");
        try (AllInOne all = Calls.start(directory, settings)) {
            for (String tenant : List.of("london", "paris")) {
                Access.open(directory.resolve("access"))
                        .putUser(
                                new Caller(
                                        tenant,
                                        tenant,
                                        tenant,
                                        Set.of(Role.CONNECTOR, Role.COMPLIANCE_OFFICER, Role.ORIGINAL_LISTENER),
                                        List.of()),
                                tenant);
            }
            try (ApiClient london = Calls.owner(all).actingAs("london");
                    ApiClient paris = Calls.owner(all).actingAs("paris")) {
                String before = heardTwice(london);
                JsonNode same = london.get(before);
                assertEquals(1, withSound(same, "redacted"), same::toString);
                assertEquals(0, withSound(same, "withheld"), same::toString);
                assertTrue(london.bytes(before + "/media/mix").length > 0);

                String recording = heardTwice(paris);
                JsonNode call = paris.get(recording);
                assertTrue(call.path("mix").path("media").isNull(), call::toString);
                JsonNode track = call.path("tracks")
                        .valueStream()
                        .filter(t -> t.path("sound").asText().equals("withheld"))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError(call));
                assertTrue(track.path("reason").asText().contains("version 1 of its words"), track::toString);
                String media = recording + "/media/" + track.path("trackId").asText();
                for (String path : List.of(media, recording + "/media/mix")) {
                    HansardException withheld = assertThrows(HansardException.class, () -> paris.bytes(path));
                    assertEquals(ErrorCode.CONFLICT, withheld.code());
                    assertTrue(withheld.getMessage().contains("card number"), withheld.getMessage());
                }
                assertTrue(paris.bytes(media + "?original=1").length > 0);
                assertTrue(paris.get(recording + "/verification").path("holds").asBoolean());
            }
        }
    }

    /** @return where it is */
    private static String heardTwice(ApiClient api) throws IOException, InterruptedException {
        String callId = Calls.play(api, CAPTURE).path("callId").asText();
        String recording = "/v1/recordings/" + callId;
        JsonNode first = api.get(recording);
        assertFalse(first.path("mix").path("media").isNull(), first::toString);
        TranscriptVersions versions = new TranscriptVersions(api, callId, new Terminal(System.err));
        versions.await(versions.order(MODEL, "another model"));
        return recording;
    }

    private static long withSound(JsonNode call, String sound) {
        return call.path("tracks")
                .valueStream()
                .filter(t -> t.path("sound").asText().equals(sound))
                .count();
    }
}

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A call in which card numbers are spoken, under a policy that does not keep its sound as it came. */
class DiscardedOriginalTest {
    private static final String CAPTURE = "ffmpeg-a3-card-number";
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void theOriginalGoesAndTheRecordStillStands() throws IOException, InterruptedException {
        Map<String, String> settings = Map.of(
                "transcode.redaction", "discard-original",
                "retention.discard-after", "1s",
                "retention.check-interval", "1s");
        try (AllInOne all = Calls.start(directory, settings);
                ApiClient owner = Calls.owner(all)) {
            Access.open(directory.resolve("access"))
                    .putUser(
                            new Caller(
                                    "default",
                                    "listener",
                                    "Listener",
                                    Set.of(Role.COMPLIANCE_OFFICER, Role.ORIGINAL_LISTENER),
                                    List.of()),
                            "listener");
            ApiClient listener = owner.actingAs("listener");
            String callId = Calls.play(owner, CAPTURE).path("callId").asText();
            String recording = "/v1/recordings/" + callId;
            JsonNode track = discarded(owner, recording);
            String media = recording + "/media/" + track.path("trackId").asText();
            awaitEvent(owner, callId, "original.discarded");

            HansardException gone = assertThrows(HansardException.class, () -> listener.bytes(media + "?original=1"));
            assertEquals(ErrorCode.KEY_GONE, gone.code(), gone.getMessage());
            assertTrue(gone.getMessage().contains("was not kept"), gone.getMessage());
            assertEquals("redacted", track.path("sound").asText());
            assertTrue(owner.bytes(media).length > 10_000);
            assertFalse(owner.get(recording + "/transcript?format=json")
                    .path("utterances")
                    .isEmpty());
            assertTrue(owner.get(recording + "/completeness").path("tracks").size() >= 2);

            JsonNode verified = owner.get(recording + "/verification");
            assertTrue(verified.path("holds").asBoolean(), verified::toString);
            assertTrue(
                    verified.path("checked")
                            .toString()
                            .contains("were originals and are gone, by policy discard-original"),
                    verified::toString);
            HansardException again = assertThrows(
                    HansardException.class,
                    () -> owner.post(recording + "/transcripts", Map.of("model", "any", "reason", "why")));
            assertEquals(ErrorCode.CONFLICT, again.code());
            assertTrue(again.getMessage().contains("was not kept as it came"), again.getMessage());

            String name = track.path("trackId").asText();
            assertEquals(
                    Set.of(name + ".destroyed", name + ".redacted.key", name + ".told.key"),
                    keysOf(directory.resolve("vault"), name));
        }
    }

    private static JsonNode discarded(ApiClient owner, String recording) throws InterruptedException {
        return await(() -> owner.get(recording)
                .path("tracks")
                .valueStream()
                .filter(track -> track.has("discarded"))
                .findFirst());
    }

    private static void awaitEvent(ApiClient owner, String callId, String action) throws InterruptedException {
        await(() -> owner.get("/v1/audit?callId=" + callId + "&limit=500")
                .path("events")
                .valueStream()
                .filter(event -> event.path("action").asText().equals(action))
                .findFirst());
    }

    private static JsonNode await(Supplier<Optional<JsonNode>> wanted) throws InterruptedException {
        long deadline = System.nanoTime() + SOON.toNanos();
        Optional<JsonNode> found = wanted.get();
        while (found.isEmpty()) {
            assertTrue(System.nanoTime() < deadline, "not there within " + SOON);
            Thread.sleep(250);
            found = wanted.get();
        }
        return found.get();
    }

    private static Set<String> keysOf(Path vault, String track) throws IOException {
        try (Stream<Path> files = Files.walk(vault)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.startsWith(track + "."))
                    .collect(java.util.stream.Collectors.toSet());
        }
    }
}

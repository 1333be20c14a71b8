package hansard.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.rtp.Pcap;
import hansard.testkit.Captures;
import hansard.testkit.SecretSearch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Real calls, and what their records say of their own wholeness, against what is known of the calls. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CompletenessTest {
    private Path data;
    private AllInOne all;
    private ApiClient api;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        data = directory.resolve("data");
        all = Calls.start(data, Map.of());
        api = Calls.owner(all);
    }

    @AfterAll
    void stop() {
        api.close();
        all.close();
    }

    private static JsonNode completeness(JsonNode report) {
        JsonNode completeness = report.path("completeness");
        assertTrue(completeness.isObject(), "the report has the completeness");
        for (JsonNode track : completeness.path("tracks")) {
            long at = completeness.path("startMs").asLong();
            for (JsonNode span : track.path("spans")) {
                assertEquals(at, span.path("startMs").asLong(), "spans follow one another");
                at = span.path("endMs").asLong();
            }
            assertEquals(completeness.path("endMs").asLong(), at, "spans end with the call");
        }
        return completeness;
    }

    private static List<JsonNode> spans(JsonNode completeness, String participant, String kind, String reason) {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode track : completeness.path("tracks")) {
            if (track.path("participant").asText().equals(participant)
                    && track.path("kind").asText().equals(kind)) {
                track.path("spans").forEach(s -> {
                    if (s.path("reason").asText().equals(reason)) {
                        found.add(s);
                    }
                });
            }
        }
        return found;
    }

    private static long ms(JsonNode span) {
        return span.path("endMs").asLong() - span.path("startMs").asLong();
    }

    @Test
    void whatALossyNetworkTookIsInTheRecordByNumber() throws IOException {
        JsonNode report = Calls.play(api, "opus-vp8-80-impaired");
        JsonNode completeness = completeness(report);
        int at = 0;
        for (JsonNode stream : Captures.load("opus-vp8-80-impaired").sidecar().path("streams")) {
            JsonNode track = completeness.path("tracks").get(at(completeness, report, at++));
            long missing = 0;
            for (JsonNode observed : stream.path("observed")) {
                missing += observed.path("seq_missing").asLong();
            }
            long told = 0;
            for (JsonNode span : track.path("spans")) {
                told += span.path("lost").asLong();
            }
            assertEquals(missing, told, track.path("trackId").asText());
        }
        assertTrue(
                completeness.path("verdict").path("verdict").asText().startsWith("complete but for "),
                completeness.path("verdict").toString());
    }

    /** Where the completeness has the report's n-th track. */
    private static int at(JsonNode completeness, JsonNode report, int n) {
        String wanted = report.path("tracks").get(n).path("trackId").asText();
        for (int i = 0; i < completeness.path("tracks").size(); i++) {
            if (completeness.path("tracks").get(i).path("trackId").asText().equals(wanted)) {
                return i;
            }
        }
        throw new AssertionError("no completeness of track " + wanted);
    }

    @Test
    void speechAndSilenceAreWhereTheyWereSpoken() throws IOException {
        JsonNode report = Calls.play(api, "opus-dtx-silence-80");
        JsonNode completeness = completeness(report);
        JsonNode sidecar = Captures.load("opus-dtx-silence-80").sidecar();
        long zero = Captures.load("opus-dtx-silence-80").datagrams().getFirst().timeMicros() / 1_000;
        for (JsonNode party : sidecar.path("participants")) {
            List<JsonNode> speech = spans(completeness, party.path("display").asText(), "audio", "speech");
            for (JsonNode utterance : party.path("utterances")) {
                long start = utterance.path("start_wall_ms_approx").asLong() - zero;
                long lasts = Math.round(1_000
                        * (utterance.path("end").asDouble()
                                - utterance.path("start").asDouble()));
                assertTrue(
                        speech.stream()
                                .anyMatch(s -> s.path("startMs").asLong() < start + lasts / 2
                                        && s.path("endMs").asLong() > start + lasts / 2),
                        utterance + " in " + speech);
            }
            long spoken = speech.stream().mapToLong(CompletenessTest::ms).sum();
            assertTrue(spoken < 20_000, "most of the call is silence: " + spoken + " ms of speech");
        }
        assertEquals("complete", completeness.path("verdict").path("verdict").asText(), completeness.toString());
    }

    @Test
    void mutesAndMicrophonesTakenAwayAreNoLoss() throws IOException {
        JsonNode report = Calls.play(api, "behaviours-opus-vp8-80");
        JsonNode completeness = completeness(report);
        List<JsonNode> muted = spans(completeness, "participant-0", "audio", "muted");
        long zero =
                Captures.load("behaviours-opus-vp8-80").datagrams().getFirst().timeMicros() / 1_000;
        long mutedMs = muted.stream().mapToLong(CompletenessTest::ms).sum();
        System.out.println("behaviours: " + completeness.path("verdict") + " muted " + muted + " zero " + zero);
        assertTrue(mutedMs >= 5_000, "a mute by the media server, and a track replaced by nothing: " + muted);
        assertTrue(
                spans(completeness, "participant-0", "audio", "lost").stream().allMatch(s -> ms(s) < 1_000),
                completeness.toString());
    }

    @Test
    void theRecordProvesItselfUntilSomethingIsAltered() throws IOException {
        JsonNode report = Calls.play(api, "opus-only-32");
        String callId = report.path("callId").asText();
        JsonNode good = api.get("/v1/recordings/" + callId + "/verification");
        assertTrue(good.path("holds").asBoolean(), good.toString());
        assertTrue(good.path("signedBy").asText().startsWith("CN="), good.toString());
        assertEquals(0, Hansard.commandLine().execute("verify", callId, "--data", data.toString()));
        List<Path> objects;
        try (Stream<Path> files = Files.walk(data.resolve("store"))) {
            objects = files.filter(Files::isRegularFile)
                    .filter(f -> f.toString().contains(callId))
                    .sorted()
                    .toList();
        }
        assertTrue(objects.stream().anyMatch(f -> f.toString().endsWith("completeness.json")), objects.toString());
        assertTrue(objects.size() >= 7, "two tracks with coverage and transcripts, mix, completeness: " + objects);
        for (Path object : objects) {
            byte[] before = Files.readAllBytes(object);
            byte[] altered = before.clone();
            altered[altered.length / 2] ^= 1;
            Files.write(object, altered);
            JsonNode finding = api.get("/v1/recordings/" + callId + "/verification");
            assertFalse(finding.path("holds").asBoolean(), "altered " + object);
            assertTrue(
                    finding.path("problems")
                            .toString()
                            .contains(object.getFileName().toString()),
                    finding.path("problems").toString());
            if (object.toString().endsWith("completeness.json")) {
                assertEquals(1, Hansard.commandLine().execute("verify", callId, "--data", data.toString()));
            }
            Files.write(object, before);
        }
        assertTrue(api.get("/v1/recordings/" + callId + "/verification")
                .path("holds")
                .asBoolean());
    }

    @Test
    void whatIsSaidDuringAPauseIsOnNoDiskInAnyForm() throws IOException {
        String name = "opus-only-32";
        Captures.Capture capture = Captures.load(name);
        Sidecar sidecar;
        try (InputStream json = Captures.open(name + ".json")) {
            sidecar = Sidecar.read(json, name);
        }
        List<Pcap.Datagram> media = capture.datagrams().stream()
                .filter(d -> sidecar.streams().stream().anyMatch(s -> s.port() == d.destinationPort()))
                .toList();
        List<Pcap.Datagram> before = media.subList(0, media.size() / 3);
        List<Pcap.Datagram> during = media.subList(media.size() / 3, media.size() / 2);
        List<Pcap.Datagram> after = media.subList(media.size() / 2, media.size());

        Replay replay = part(sidecar, before);
        Replay.Announced call = replay.announce(Calls.QUIET);
        String path = "/v1/calls/" + call.callId();
        sent(replay, call, before.size());
        api.post(path + "/pause", Map.of("reason", "card number", "by", "anna"));
        sent(part(sidecar, during), call, before.size() + during.size());
        api.post(path + "/resume", Map.of());
        sent(part(sidecar, after), call, media.size());
        replay.end(call.callId(), media.size(), Calls.QUIET);

        JsonNode report = api.get("/v1/recordings/" + call.callId() + "/report");
        assertEquals(media.size(), report.path("received").asLong());
        assertTrue(
                report.path("paused").asLong() >= during.size(),
                report.path("paused").toString());
        assertEquals(
                media.size(),
                report.path("framed").asLong() + report.path("paused").asLong(),
                "received = framed + paused, for nothing was rejected");
        assertEquals(0, report.path("lost").asLong(), "a pause is no loss");
        JsonNode completeness = completeness(report);
        for (JsonNode track : completeness.path("tracks")) {
            List<JsonNode> paused =
                    spans(completeness, track.path("participant").asText(), "audio", "paused");
            assertEquals(1, paused.size(), track.toString());
            assertTrue(paused.getFirst().path("detail").asText().startsWith("card number, by anna"), paused.toString());
        }
        assertTrue(api.get("/v1/recordings/" + call.callId() + "/verification")
                .path("holds")
                .asBoolean());

        assertTrue(
                found("kept", before.subList(0, 200)) >= 150,
                "the search finds what was kept, as ciphertext in the journal");
        assertEquals(0, found("paused", during), "of what was let go nothing is anywhere");
    }

    private Replay part(Sidecar sidecar, List<Pcap.Datagram> datagrams) {
        return new Replay(api, sidecar, datagrams, Map.of("title", "paused", "department", "research"), Map.of(), true);
    }

    private void sent(Replay replay, Replay.Announced call, long inAll) {
        replay.send(call, Replay.Speed.MAX, Calls.QUIET);
        replay.settle(call.callId(), inAll);
    }

    /** How many of the datagrams' payloads are in any file of the service: topics, objects, states, logs. */
    private long found(String what, List<Pcap.Datagram> datagrams) throws IOException {
        SecretSearch search = new SecretSearch();
        for (int i = 0; i < datagrams.size(); i++) {
            byte[] packet = datagrams.get(i).payload();
            if (packet.length >= 44) { // behind the header and its extension: ciphertext that nothing else has
                search.add(what + " " + i, Arrays.copyOfRange(packet, 24, 44));
            }
        }
        Set<String> found = new HashSet<>();
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                try (InputStream in = Files.newInputStream(file)) {
                    search.in(file.toString(), in).forEach(hit -> found.add(hit.name()));
                } catch (NoSuchFileException e) {
                    // deleted while the others were searched: a snapshot of Kafka's
                }
            }
        }
        return found.size();
    }

    @Test
    void aCallOfWhichNothingEverCameIsARecordThatSaysSo() throws IOException {
        Replay replay = Calls.replay(api, "opus-only-32", false);
        Replay.Announced call = replay.announce(Calls.QUIET);
        replay.end(call.callId(), 0, Calls.QUIET);
        JsonNode report = api.get("/v1/recordings/" + call.callId() + "/report");
        assertEquals(
                "nothing captured: no packet ever arrived for 2 of 2 streams",
                completeness(report).path("verdict").path("verdict").asText());
        assertTrue(api.get("/v1/recordings/" + call.callId() + "/verification")
                .path("holds")
                .asBoolean());
        JsonNode listed = api.get("/v1/recordings?limit=100").path("recordings");
        boolean there = false;
        for (JsonNode recording : listed) {
            there |= recording.path("callId").asText().equals(call.callId())
                    && recording.path("completeness").path("state").asText().equals("nothing");
        }
        assertTrue(there, "it is listed like any other, with its verdict");
    }
}

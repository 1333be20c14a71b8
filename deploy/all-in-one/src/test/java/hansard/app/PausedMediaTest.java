package hansard.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pause by policy, on a service of its own: no other call has put the same bytes there. */
class PausedMediaTest {
    private final Set<String> where = new TreeSet<>();
    private Path data;
    private AllInOne all;
    private ApiClient api;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        data = directory.resolve("data");
        all = Calls.start(data, Map.of());
        api = Calls.owner(all);
    }

    @AfterEach
    void stop() {
        api.close();
        all.close();
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
        JsonNode completeness = CompletenessTest.completeness(report);
        for (JsonNode track : completeness.path("tracks")) {
            List<JsonNode> paused = CompletenessTest.spans(
                    completeness, track.path("participant").asText(), "audio", "paused");
            assertEquals(1, paused.size(), track.toString());
            assertTrue(paused.getFirst().path("detail").asText().startsWith("card number, by anna"), paused.toString());
        }
        assertTrue(api.get("/v1/recordings/" + call.callId() + "/verification")
                .path("holds")
                .asBoolean());

        assertTrue(
                found("kept", before.subList(0, 200)) >= 150,
                "the search finds what was kept, as ciphertext in the journal");
        assertEquals(0, found("paused", during), "of what was let go nothing is anywhere: " + where);
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
        where.clear();
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
                    search.in(file.toString(), in).forEach(hit -> {
                        found.add(hit.name());
                        where.add(data.relativize(file).toString());
                    });
                } catch (NoSuchFileException e) {
                    // deleted while the others were searched: a snapshot of Kafka's
                }
            }
        }
        return found.size();
    }
}

package hansard.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.rtp.Pcap;
import hansard.runtime.Secret;
import hansard.testkit.Captures;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The all-in-one is killed in the middle of a call and comes back with all of it. */
class KillTest {
    private static final String CALL = "opus-vp8-80";

    @TempDir
    Path directory;

    @Test
    void killedInMidCallTheRecordEqualsAnUndisturbedOne() throws Exception {
        Path config = directory.resolve("hansard.yaml");
        Files.writeString(
                config,
                "ingest:\n  replay: true\n" + "transcribe:\n  model:\n    path: " + Models.withoutDither() + "\n"
                        + Ports.yaml());
        JsonNode undisturbed;
        try (Launched all = up(config, "undisturbed")) {
            undisturbed = Calls.play(api("undisturbed"), CALL);
        }
        Captures.Capture capture = Captures.load(CALL);
        String callId;
        Launched first = up(config, "killed");
        try (InputStream json = Captures.open(CALL + ".json")) {
            Sidecar sidecar = Sidecar.read(json, CALL);
            List<Pcap.Datagram> datagrams = capture.datagrams();
            int half = datagrams.size() / 2;
            ApiClient api = api("killed");
            Replay before = new Replay(api, sidecar, datagrams.subList(0, half), Map.of("title", CALL), Map.of(), true);
            Replay.Announced call = before.announce(Calls.QUIET);
            long sent = before.send(call, Replay.Speed.MAX, Calls.QUIET);
            awaitDurable(api, call.callId(), sent);
            callId = call.callId();
            first.kill();
            try (Launched second = up(config, "killed")) {
                ApiClient again = api("killed");
                Replay after =
                        new Replay(again, sidecar, datagrams.subList(half, datagrams.size()), Map.of(), Map.of(), true);
                after.send(call, Replay.Speed.MAX, Calls.QUIET);
                after.end(callId, capture.datagrams().size(), Calls.QUIET);
                JsonNode disturbed = again.get("/v1/recordings/" + callId + "/report");
                assertEquals(Records.comparable(undisturbed), Records.comparable(disturbed));
            }
        } finally {
            first.kill();
        }
    }

    @Test
    void killedDuringAPauseItIsStillPaused() throws Exception {
        Path config = directory.resolve("pause.yaml");
        Files.writeString(
                config,
                "ingest:\n  replay: true\n" + "transcribe:\n  model:\n    path: " + Models.withoutDither() + "\n"
                        + Ports.yaml());
        Launched first = up(config, "paused");
        try (InputStream json = Captures.open(CALL + ".json")) {
            Sidecar sidecar = Sidecar.read(json, CALL);
            List<Pcap.Datagram> datagrams = Captures.load(CALL).datagrams();
            List<Pcap.Datagram> during = datagrams.subList(datagrams.size() / 3, datagrams.size() / 2);
            ApiClient api = api("paused");
            Replay before = new Replay(
                    api, sidecar, datagrams.subList(0, datagrams.size() / 3), Map.of("title", CALL), Map.of(), true);
            Replay.Announced call = before.announce(Calls.QUIET);
            long sent = before.send(call, Replay.Speed.MAX, Calls.QUIET);
            awaitDurable(api, call.callId(), sent);
            api.post("/v1/calls/" + call.callId() + "/pause", Map.of("reason", "card number"));
            first.kill();
            try (Launched second = up(config, "paused")) {
                ApiClient again = api("paused");
                assertEquals(
                        "paused",
                        again.get("/v1/calls/" + call.callId()).path("state").asText());
                Replay paused = new Replay(again, sidecar, during, Map.of(), Map.of(), true);
                sent += paused.send(call, Replay.Speed.MAX, Calls.QUIET);
                paused.settle(call.callId(), sent);
                again.post("/v1/calls/" + call.callId() + "/resume", Map.of());
                Replay after = new Replay(
                        again,
                        sidecar,
                        datagrams.subList(datagrams.size() / 2, datagrams.size()),
                        Map.of(),
                        Map.of(),
                        true);
                sent += after.send(call, Replay.Speed.MAX, Calls.QUIET);
                after.end(call.callId(), sent, Calls.QUIET);
                JsonNode report = again.get("/v1/recordings/" + call.callId() + "/report");
                assertEquals(sent, report.path("received").asLong());
                assertTrue(
                        report.path("paused").asLong() >= during.size(),
                        report.path("paused").toString());
                assertEquals(
                        sent,
                        report.path("framed").asLong() + report.path("paused").asLong());
                assertEquals(0, report.path("lost").asLong());
            }
        } finally {
            first.kill();
        }
    }

    private Launched up(Path config, String data) throws IOException {
        Launched launched = Launched.start(
                        directory,
                        Map.of(),
                        "up",
                        "--config",
                        config.toString(),
                        "--data",
                        directory.resolve(data).toString())
                .awaitText("ready in");
        KnownSecrets.noteOf(directory.resolve(data));
        return launched;
    }

    private ApiClient api(String data) {
        RunningInstance instance = RunningInstance.on(directory.resolve(data)).orElseThrow();
        return new ApiClient(instance.api(), Secret.of(instance.readToken()), "");
    }

    private static void awaitDurable(ApiClient api, String callId, long sent) {
        long durable = -1;
        for (int i = 0; i < 600 && durable < sent; i++) {
            durable = 0;
            for (JsonNode stream : api.get("/v1/calls/" + callId).path("streams")) {
                durable += stream.path("durable").asLong();
            }
            LockSupport.parkNanos(50_000_000);
        }
        assertEquals(sent, durable, "every datagram sent was acknowledged by Kafka before the kill");
    }
}

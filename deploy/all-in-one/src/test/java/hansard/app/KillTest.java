package hansard.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.rtp.Pcap;
import hansard.runtime.Secret;
import hansard.testkit.Captures;
import hansard.testkit.Ffmpeg;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
        Path config = config();
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
        Path config = config();
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

    /** Killed when a track is to be made once more without card numbers, and again as soon as it is made, when nobody was told or just was. */
    @Test
    void killedWhileCardNumbersAreTakenOutTheSameIsHeardAsWithout() throws Exception {
        String card = "ffmpeg-a3-card-number";
        Path config = config();
        Sound undisturbed;
        try (Launched all = up(config, "cards-undisturbed")) {
            ApiClient api = api("cards-undisturbed");
            undisturbed = sound(api, Calls.play(api, card).path("callId").asText());
        }
        String callId;
        Launched first = up(config, "cards-killed");
        try (InputStream json = Captures.open(card + ".json")) {
            ApiClient api = api("cards-killed");
            Replay replay = new Replay(
                    api,
                    Sidecar.read(json, card),
                    Captures.load(card).datagrams(),
                    Map.of("title", card),
                    Map.of(),
                    true);
            Replay.Announced call = replay.announce(Calls.QUIET);
            callId = call.callId();
            long sent = replay.send(call, Replay.Speed.MAX, Calls.QUIET);
            replay.settle(callId, sent);
            api.post("/v1/calls/" + callId + "/end", Map.of("reason", "the capture ended"));
            first.awaitText("call " + callId + ": RedactionDue");
        } finally {
            first.kill();
        }
        Launched second = up(config, "cards-killed");
        try {
            second.awaitText("stored without");
        } finally {
            second.kill();
        }
        try (Launched third = up(config, "cards-killed")) {
            ApiClient api = api("cards-killed");
            awaitSealed(api, callId);
            assertEquals(undisturbed, sound(api, callId));
            JsonNode verification = api.get("/v1/recordings/" + callId + "/verification");
            assertTrue(verification.path("holds").asBoolean(), verification.toString());
        }
    }

    /**
     * What of a call is said and heard.
     *
     * @param heard of each participant and the mix, its level in every 20 ms, in thousandths of full scale
     */
    private record Sound(String record, Map<String, List<Long>> heard) {}

    private Sound sound(ApiClient api, String callId) throws IOException {
        JsonNode report = api.get("/v1/recordings/" + callId + "/report");
        Map<String, List<Long>> heard = new TreeMap<>();
        int redacted = 0;
        for (JsonNode track : report.path("tracks")) {
            redacted += track.path("sound").asText().equals("redacted") ? 1 : 0;
            heard.put(
                    track.path("participant").asText(),
                    levels(api, callId, track.path("trackId").asText()));
        }
        heard.put("mix", levels(api, callId, "mix"));
        assertEquals(1, redacted);
        return new Sound(Records.comparable(report), heard);
    }

    private List<Long> levels(ApiClient api, String callId, String track) throws IOException {
        short[] samples = Ffmpeg.samples(
                Files.write(directory.resolve("heard"), api.bytes("/v1/recordings/" + callId + "/media/" + track)),
                16_000);
        List<Long> levels = new ArrayList<>();
        for (int at = 0; at + 320 <= samples.length; at += 320) {
            double sum = 0;
            for (int i = at; i < at + 320; i++) {
                sum += (double) samples[i] * samples[i];
            }
            levels.add(Math.round(Math.sqrt(sum / 320) / 32.768));
        }
        return levels;
    }

    private static void awaitSealed(ApiClient api, String callId) {
        JsonNode recording = api.get("/v1/recordings/" + callId);
        for (int i = 0;
                i < 1_800
                        && !(recording.path("state").asText().equals("sealed")
                                && recording.path("searchable").asBoolean());
                i++) {
            LockSupport.parkNanos(50_000_000);
            recording = api.get("/v1/recordings/" + callId);
        }
        assertEquals("sealed", recording.path("state").asText());
    }

    /** Replays allowed, recognition exactly repeatable. */
    private Path config() throws IOException {
        return Files.writeString(
                directory.resolve("hansard.yaml"),
                "ingest:\n  replay: true\ntranscribe:\n  model:\n    path: " + Models.withoutDither() + "\n"
                        + Ports.yaml());
    }

    private Launched up(Path config, String data) throws IOException {
        Launched launched = Launched.start(
                        directory,
                        Map.of("HANSARD_LOG", "INFO"), // what is awaited is there
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

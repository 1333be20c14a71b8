package hansard.app;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.runtime.Secret;
import hansard.runtime.Settings;
import hansard.testkit.Captures;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Calls played by tests. */
final class Calls {
    /** A watcher for nobody. */
    static final Replay.Watcher QUIET = new Replay.Watcher() {
        @Override
        public void announced(String callId, List<String> warnings) {}

        @Override
        public void sent(long datagrams, long of, long callMicros) {}

        @Override
        public void waiting(String state) {}
    };

    private Calls() {}

    /** Settings of an all-in-one for tests: replays allowed, recognition exactly repeatable. */
    static Settings settings(Map<String, String> more) throws IOException {
        Map<String, String> values = new TreeMap<>(more);
        values.put("ingest.replay", "true");
        values.put("transcribe.model.path", Models.withoutDither().toString());
        return Settings.of(values);
    }

    static AllInOne start(Path data, Map<String, String> more) throws IOException {
        AllInOne all = AllInOne.start(
                settings(more),
                data,
                false,
                (where, cause) -> {
                    throw new AssertionError(where + " could not go on", cause);
                },
                stage -> {});
        Connection.awaitReady(all);
        KnownSecrets.noteOf(data);
        return all;
    }

    static ApiClient owner(AllInOne all) {
        return new ApiClient(all.instance().api(), Secret.of(all.instance().readToken()), "");
    }

    static Replay replay(ApiClient api, String name, boolean captureTimes) throws IOException {
        try (InputStream json = Captures.open(name + ".json")) {
            return new Replay(
                    api,
                    Sidecar.read(json, name),
                    Captures.load(name).datagrams(),
                    Map.of("title", name, "department", "research", "client", "Austen"),
                    Map.of(),
                    captureTimes);
        }
    }

    /** The wall clock's time of the call's beginning, which is its first packet; in milliseconds. */
    static double startWallMs(Captures.Capture capture) {
        List<Integer> ports = capture.sidecar().path("streams").findValues("port").stream()
                .map(JsonNode::asInt)
                .toList();
        return capture.datagrams().stream()
                        .filter(datagram -> ports.contains(datagram.destinationPort()))
                        .findFirst()
                        .orElseThrow()
                        .timeMicros()
                / 1000.0;
    }

    /** Plays a capture as fast as it goes; gives the report. */
    static JsonNode play(ApiClient api, String name) throws IOException {
        String callId = replay(api, name, true).run(Replay.Speed.MAX, QUIET);
        return api.get("/v1/recordings/" + callId + "/report");
    }
}

package hansard.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.rtp.Pcap;
import hansard.testkit.Captures;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One process per stage and a broker of their own, as docker-compose.yml and a cluster arrange them. */
class SeparateProcessesTest {
    private static final String CALL = "opus-vp8-80";

    @TempDir
    Path directory;

    @Test
    void separateProcessesGiveTheSameRecord() throws Exception {
        JsonNode together;
        try (AllInOne all = Calls.start(directory.resolve("together"), Map.of());
                ApiClient api = Calls.owner(all)) {
            together = Calls.play(api, CALL);
        }
        // the container's broker knows no certificates; a child process does, and then each stage has its own and its
        // rights
        try (TestKafka kafka = TestKafka.start(directory);
                Cluster cluster = kafka.secured()
                        ? Cluster.startSecured(directory, kafka.bootstrap())
                        : Cluster.start(directory, kafka.bootstrap());
                ApiClient api = cluster.api()) {
            JsonNode apart = Calls.play(api, CALL);
            assertEquals(Records.comparable(together), Records.comparable(apart));
        }
    }

    @Test
    void everyStageStopsThoughTheBrokerDiedInMidCall() throws Exception {
        try (TestKafka kafka = TestKafka.startSecured(directory);
                Cluster cluster = Cluster.startSecured(directory, kafka.bootstrap());
                ApiClient api = cluster.api();
                InputStream json = Captures.open(CALL + ".json")) {
            List<Pcap.Datagram> datagrams = Captures.load(CALL).datagrams();
            Replay replay = new Replay(
                    api,
                    Sidecar.read(json, CALL),
                    datagrams.subList(0, datagrams.size() / 2),
                    Map.of("title", CALL),
                    Map.of(),
                    true);
            replay.send(replay.announce(Calls.QUIET), Replay.Speed.MAX, Calls.QUIET);
            kafka.kill();
            cluster.stopAll();
        }
    }
}

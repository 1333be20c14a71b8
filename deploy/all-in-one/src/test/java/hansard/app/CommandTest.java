package hansard.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import hansard.broker.EmbeddedBroker;
import hansard.testkit.Captures;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands as a person or a script types them. */
class CommandTest {
    @TempDir
    Path directory;

    private Launched run(String... arguments) throws IOException {
        return Launched.start(directory, Map.of(), arguments);
    }

    private Path capture(String file) throws IOException {
        Path copy = directory.resolve(file);
        try (InputStream in = Captures.open(file)) {
            Files.copy(in, copy);
        }
        return copy;
    }

    @Test
    void replayWritesTheReportAndSearchFindsTheWordsAfterwards() throws Exception {
        Path data = directory.resolve("data");
        Path report = directory.resolve("report.json");
        Launched replay = run(
                "replay",
                "--capture",
                capture("opus-only-32.pcap").toString(),
                "--sidecar",
                capture("opus-only-32.json").toString(),
                "--speed",
                "max",
                "--data",
                data.toString(),
                "--report",
                report.toString());
        assertEquals(0, replay.awaitEnd(180), replay.output());
        var json = new ObjectMapper().readTree(report.toFile());
        assertEquals(3373, json.path("received").asLong());
        assertEquals(3373, json.path("framed").asLong());
        assertEquals(2, json.path("tracks").size());

        Launched search = run("search", "ill disposed", "--json", "--data", data.toString());
        assertEquals(0, search.awaitEnd(90), search.output());
        assertTrue(search.output().contains("\"hits\""), search.output());
        assertTrue(search.output().contains("disposed"), search.output());

        Launched stranger = run("search", "disposed", "--as", "nobody", "--data", data.toString());
        assertEquals(1, stranger.awaitEnd(90), stranger.output());
        assertTrue(stranger.output().contains("nobody"), "says who is not known: " + stranger.output());
    }

    /** How it is made is PreparedModelTest's. */
    @Test
    void aModelThatIsPreparedAlreadyIsSaidToBe() throws Exception {
        Path model = Path.of("target", "app", "models", "vosk-en-us-0.3.45").toAbsolutePath();
        Launched again =
                run("prepare-model", model.toString(), directory.resolve("to").toString());
        assertEquals(2, again.awaitEnd(30), again.output());
        assertTrue(again.output().contains("use the model as it is"), again.output());
        Launched unnamed = run("prepare-model");
        assertEquals(2, unnamed.awaitEnd(30), unnamed.output());
        assertTrue(unnamed.output().contains("FROM"), unnamed.output());
    }

    @Test
    void aPlaceThatCannotBeWrittenToIsSaidBeforeAnythingIsPlayed() throws Exception {
        Path nowhere = directory.resolve("nowhere");
        Launched warmUp =
                run("warm-up", "--output", nowhere.resolve("hansard.aot").toString());
        assertEquals(2, warmUp.awaitEnd(30), warmUp.output());
        assertTrue(warmUp.output().contains(nowhere + " cannot be written to"), warmUp.output());
        Launched unnamed = run("warm-up");
        assertEquals(2, unnamed.awaitEnd(30), unnamed.output());
        assertTrue(unnamed.output().contains("--output FILE"), unnamed.output());
    }

    @Test
    void unknownSettingStopsTheStartAndSaysWhichWasMeant() throws Exception {
        Path config = Files.writeString(directory.resolve("c.yaml"), "ingest:\n  udp:\n    prots: 1-2\n");
        Launched up = run(
                "up",
                "--config",
                config.toString(),
                "--data",
                directory.resolve("d").toString());
        assertEquals(2, up.awaitEnd(30), up.output());
        assertTrue(up.output().contains("ingest.udp.prots"), up.output());
        assertTrue(up.output().contains("did you mean ingest.udp.ports"), up.output());
    }

    @Test
    void missingModelSaysWhereItLookedAndHowToGetIt() throws Exception {
        Path config = Files.writeString(
                directory.resolve("c.yaml"), "transcribe.model.path: /nowhere/model\n" + Ports.yaml());
        Launched up = run(
                "up",
                "--config",
                config.toString(),
                "--data",
                directory.resolve("d").toString());
        assertEquals(1, up.awaitEnd(60), up.output());
        assertTrue(up.output().contains("/nowhere/model"), up.output());
    }

    @Test
    void portInUseNamesThePortAndTheSetting() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Path config = Files.writeString(
                    directory.resolve("c.yaml"),
                    Ports.yaml().replaceFirst("ingest.http.port: \\d+", "ingest.http.port: " + taken.getLocalPort()));
            Launched up = run(
                    "up",
                    "--config",
                    config.toString(),
                    "--data",
                    directory.resolve("d").toString());
            assertEquals(1, up.awaitEnd(60), up.output());
            assertTrue(up.output().contains(Integer.toString(taken.getLocalPort())), up.output());
            assertTrue(up.output().contains("ingest.http.port"), up.output());
        }
    }

    @Test
    void aDataDirectoryHasOneUser() throws Exception {
        Path data = directory.resolve("d");
        try (DataDirectory mine = DataDirectory.lock(data)) {
            Launched up = run("up", "--data", mine.path().toString());
            assertEquals(1, up.awaitEnd(30), up.output());
            assertTrue(up.output().contains("another Hansard process"), up.output());
        }
    }

    @Test
    void captureThatIsNotOneIsRefusedByName() throws Exception {
        Path noise = Files.writeString(directory.resolve("noise.pcap"), "this is not a capture");
        Launched replay = run(
                "replay",
                "--capture",
                noise.toString(),
                "--sidecar",
                capture("opus-only-32.json").toString());
        assertEquals(1, replay.awaitEnd(30), replay.output());
        assertTrue(replay.output().contains("noise.pcap"), replay.output());
    }

    @Test
    void searchWhereNothingIsSaysHowToRecord() throws Exception {
        Launched search =
                run("search", "x", "--data", directory.resolve("empty").toString());
        assertEquals(1, search.awaitEnd(30), search.output());
        assertTrue(search.output().contains("hansard demo"), search.output());
    }

    @Test
    void launcherSaysWhichJdksItLookedAtWhenNoneIsNewEnough() throws Exception {
        Path root = Path.of("..", "..").toAbsolutePath().normalize();
        String script = Files.readString(root.resolve("hansard")).replaceFirst("need=25", "need=99");
        Path copy = Files.writeString(directory.resolve("hansard"), script);
        Process process = new ProcessBuilder("bash", copy.toString(), "demo")
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        assertEquals(2, process.exitValue(), said);
        assertTrue(said.contains("needs a JDK 99 or newer"), said);
        assertTrue(said.contains("(Java "), "lists what it found: " + said);
    }

    @Test
    void upStopsCleanlyOnASignalAndStartsAgain() throws Exception {
        Path config = Files.writeString(directory.resolve("c.yaml"), Ports.yaml());
        for (int i = 0; i < 2; i++) {
            Launched up = run(
                    "up",
                    "--config",
                    config.toString(),
                    "--data",
                    directory.resolve("d").toString());
            try (up) {
                up.awaitText("ready in");
            }
            assertTrue(up.output().contains("stopped"), up.output());
        }
        assertTrue(EmbeddedBroker.freePort() > 0);
    }
}

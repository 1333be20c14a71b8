package hansard.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.keys.KeySealer;
import hansard.keys.Pkcs12Vault;
import hansard.keys.Vault;
import hansard.rtp.Pcap;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.testkit.Captures;
import hansard.testkit.Require;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong costs nobody else anything, and the record says what it was. */
class BadInputTest {
    private static final String CALL = "opus-only-32";

    @TempDir
    Path directory;

    @Test
    void wrongKeyUnknownCodecAndNoiseCostTheirNeighbourNothing() throws Exception {
        try (AllInOne all = Calls.start(directory.resolve("data"), Map.of());
                ApiClient api = Calls.owner(all)) {
            JsonNode undisturbed = Calls.play(api, CALL);
            Sidecar sidecar = sidecar();
            List<Pcap.Datagram> good = sent(sidecar.streams().getFirst().port());
            List<Pcap.Datagram> other = sent(sidecar.streams().getLast().port());

            Replay replay = Calls.replay(api, CALL, true);
            Replay.Announced call = replay.announce(Calls.QUIET);
            JsonNode wrongKey = announce(api, call.callId(), body(sidecar, "opus", sealedForAnother()));
            JsonNode unknown = announce(api, call.callId(), body(sidecar, "g729", sealed(api, sidecar)));
            assertTrue(unknown.path("warnings").toString().contains("g729"), unknown.toString());

            long before = replay.send(call, Replay.Speed.MAX, Calls.QUIET);
            send(other, port(wrongKey));
            send(other, port(unknown));
            int noise =
                    noise(call.targets().get(good.getFirst().destinationPort()).getPort());
            replay.end(call.callId(), before + 2L * other.size() + noise, Calls.QUIET);

            JsonNode report = api.get("/v1/recordings/" + call.callId() + "/report");
            assertEquals(
                    before + 2L * other.size() + noise, report.path("received").asLong());
            assertEquals(
                    undisturbed.path("framed").asLong(), report.path("framed").asLong());
            assertEquals(
                    other.size(),
                    report.path("rejected").path("NO_KEY").asLong(),
                    report.path("rejected").toString());
            assertEquals(
                    other.size(), report.path("rejected").path("UNSUPPORTED").asLong());
            assertEquals(Records.transcript(undisturbed), Records.transcript(report));
            List<String> ours = Records.tracks(report);
            assertTrue(ours.containsAll(Records.tracks(undisturbed)), ours.toString());
            assertTrue(report.path("alarms").size() >= 2, report.path("alarms").toString());
        }
    }

    @Test
    void aStreamAnnouncedTwiceIsRefusedByName() throws Exception {
        try (AllInOne all = Calls.start(directory.resolve("data"), Map.of());
                ApiClient api = Calls.owner(all)) {
            Replay.Announced call = Calls.replay(api, CALL, true).announce(Calls.QUIET);
            Map<String, Object> body = body(sidecar(), "opus", sealed(api, sidecar()));
            body.put("streamId", "twice");
            announce(api, call.callId(), body);
            body.put("clockRate", 90_000);
            try {
                announce(api, call.callId(), body);
                throw new AssertionError("a second stream took the name of the first");
            } catch (HansardException e) {
                assertEquals(ErrorCode.CONFLICT, e.code());
                assertTrue(String.valueOf(e.getMessage()).contains("twice"), e.getMessage());
            }
        }
    }

    @Test
    void aFullDiskIsSaidAndLosesNothing() throws Exception {
        Path store = Files.createDirectories(directory.resolve("store"));
        Require.present(
                Files.isExecutable(Path.of("/usr/bin/mount"))
                        && run("mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", store.toString()) == 0,
                "the right to mount a small file system");
        try (AllInOne all = Calls.start(directory.resolve("data"), Map.of("store.directory", store.toString()));
                ApiClient api = Calls.owner(all)) {
            Replay replay = Calls.replay(api, "opus-vp8-80", true);
            Replay.Announced call = replay.announce(Calls.QUIET);
            long sent = replay.send(call, Replay.Speed.MAX, Calls.QUIET);
            replay.settle(call.callId(), sent);
            api.post("/v1/calls/" + call.callId() + "/end", Map.of());
            for (int i = 0; i < 600 && all.problems().stream().noneMatch(p -> p.startsWith("transcode")); i++) {
                LockSupport.parkNanos(50_000_000);
            }
            assertTrue(
                    all.problems().stream().anyMatch(p -> p.startsWith("transcode") && p.contains(store.toString())),
                    "the stage says which disk: " + all.problems());
            assertEquals(0, run("mount", "-o", "remount,size=64m", store.toString()));
            replay.end(call.callId(), sent, Calls.QUIET);
            JsonNode report = api.get("/v1/recordings/" + call.callId() + "/report");
            assertEquals(sent, report.path("framed").asLong());
            for (JsonNode track : report.path("tracks")) {
                assertTrue(track.path("durationMs").asLong() > 33_000, track.toString());
            }
        } finally {
            run("umount", store.toString());
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getInputStream().readAllBytes();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            throw new AssertionError(String.join(" ", command) + " hangs");
        }
        return process.exitValue();
    }

    private static Sidecar sidecar() throws IOException {
        try (InputStream json = Captures.open(CALL + ".json")) {
            return Sidecar.read(json, CALL);
        }
    }

    private static List<Pcap.Datagram> sent(int port) {
        return Captures.load(CALL).datagrams().stream()
                .filter(d -> d.destinationPort() == port)
                .toList();
    }

    private static Map<String, Object> body(Sidecar sidecar, String codec, Object sealedKey) {
        Map<String, Object> body = new HashMap<>();
        body.put("participantId", "p0");
        body.put("kind", "audio");
        body.put("codec", codec);
        body.put("clockRate", 48_000);
        body.put("channels", 2);
        body.put("payloadTypes", Map.of("111", codec));
        body.put("suite", sidecar.streams().getLast().suite());
        body.put("sealedKey", sealedKey);
        body.put("captureTimes", true);
        return body;
    }

    private static Object sealed(ApiClient api, Sidecar sidecar) {
        return KeySealer.seal(
                sidecar.streams().getLast().keyAndSalt().reveal(), Replay.certificates(api.text("/v1/recipients")));
    }

    /** The right key, sealed for the workers of somebody else. */
    private Object sealedForAnother() throws IOException {
        try (Vault another = Pkcs12Vault.open(directory.resolve("another"))) {
            return KeySealer.seal(sidecar().streams().getLast().keyAndSalt().reveal(), another.recipients());
        }
    }

    private static JsonNode announce(ApiClient api, String callId, Map<String, Object> body) {
        return api.post("/v1/calls/" + callId + "/streams", body);
    }

    private static int port(JsonNode stream) {
        return stream.path("port").asInt();
    }

    private static void send(List<Pcap.Datagram> datagrams, int port) throws IOException {
        try (DatagramChannel socket = DatagramChannel.open()) {
            for (Pcap.Datagram d : datagrams) {
                ByteBuffer bytes = ByteBuffer.allocate(8 + d.payload().length);
                bytes.putLong(d.timeMicros()).put(d.payload()).flip();
                socket.send(bytes, new InetSocketAddress("127.0.0.1", port));
                LockSupport.parkNanos(20_000); // no faster than a socket buffer of the default size empties
            }
        }
    }

    /** Random bytes of every length from 1 to 300 to a good stream. @return how many */
    private static int noise(int port) throws IOException {
        Random random = new Random(42);
        try (DatagramChannel socket = DatagramChannel.open()) {
            for (int length = 1; length <= 300; length++) {
                byte[] bytes = new byte[length];
                random.nextBytes(bytes);
                ByteBuffer buffer = ByteBuffer.allocate(8 + length);
                buffer.putLong(1_795_387_790_000_000L + length).put(bytes).flip();
                socket.send(buffer, new InetSocketAddress("127.0.0.1", port));
                LockSupport.parkNanos(20_000);
            }
        }
        return 300;
    }
}

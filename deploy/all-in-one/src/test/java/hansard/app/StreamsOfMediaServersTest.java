package hansard.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.keys.KeySealer;
import hansard.rtp.Pcap;
import hansard.testkit.Captures;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Simulcast of a screen, and a codec that is not known, in a call of two speakers: from the API to the signed record. */
class StreamsOfMediaServersTest {
    private static final String CALL = "opus-only-32";

    @TempDir
    Path directory;

    @Test
    void aScreenInThreeSizesIsOneTrackAndWhatNobodyCanReadIsKept() throws Exception {
        Captures.Capture screen = Captures.load(Captures.SIMULCAST);
        List<Pcap.Datagram> speech = Captures.load(CALL).datagrams();
        try (AllInOne all = Calls.start(directory.resolve("data"), Map.of());
                ApiClient api = Calls.owner(all)) {
            Replay replay = Calls.replay(api, CALL, true);
            Replay.Announced call = replay.announce(Calls.QUIET);
            String streams = "/v1/calls/" + call.callId() + "/streams";
            JsonNode shared = api.post(streams, simulcast(screen, api));
            JsonNode unknown = api.post(streams, unknown(screen, api));
            assertTrue(unknown.path("warnings").toString().contains("lyra"), unknown.toString());

            long sent = replay.send(call, Replay.Speed.MAX, Calls.QUIET);
            long began = speech.getFirst().timeMicros();
            send(screen.datagrams(), began, shared.path("port").asInt());
            List<Pcap.Datagram> some = screen.datagrams().subList(0, 100);
            send(some, began, unknown.path("port").asInt());
            replay.end(call.callId(), sent + screen.datagrams().size() + some.size(), Calls.QUIET);

            String recording = "/v1/recordings/" + call.callId();
            JsonNode report = api.get(recording + "/report");
            assertEquals(
                    sent + screen.datagrams().size() + some.size(),
                    report.path("received").asLong());
            assertEquals(0, report.path("lost").asLong());
            assertTrue(
                    report.path("rejected").path("LAYER_LEFT_OUT").asLong() > 100,
                    report.path("rejected").toString());
            JsonNode track = track(report, "screen-of-p0");
            assertEquals("screen", track.path("content").asText());
            assertEquals("video/webm", track.path("contentType").asText());
            assertTrue(track.path("durationMs").asLong() > 12_000, track.toString());
            JsonNode kept = track(report, "unknown-of-p0");
            assertTrue(kept.path("media").isNull(), kept.toString());
            assertEquals(
                    "codec lyra is not known to this version; 100 packets kept sealed",
                    kept.path("kept").asText());
            assertTrue(kept.path("reason").asText().contains("codec lyra is not known"), kept.toString());
            assertTrue(api.text(recording + "/media/unknown-of-p0?as=packets").startsWith("#!rtpplay1.0 "));
            JsonNode verified = api.get(recording + "/verification");
            assertTrue(verified.path("holds").asBoolean(), verified.toString());
        }
    }

    private static JsonNode track(JsonNode report, String trackId) {
        for (JsonNode track : report.path("tracks")) {
            if (track.path("trackId").asText().equals(trackId)) {
                return track;
            }
        }
        throw new AssertionError("no track " + trackId + " in " + report.path("tracks"));
    }

    private static Map<String, Object> simulcast(Captures.Capture capture, ApiClient api) {
        List<Map<String, Object>> layers = new ArrayList<>();
        for (JsonNode s : capture.sidecar().path("streams")) { // Janus counts them from the lowest
            layers.addFirst(Map.of(
                    "rid",
                    "layer-" + s.path("simulcast_layer").asInt(),
                    "ssrc",
                    s.path("ssrc").asLong()));
        }
        Map<String, Object> body = body("screen-of-p0", capture, api);
        body.put("kind", "video");
        body.put("content", "screen");
        body.put("codecs", List.of(Map.of("payloadType", 96, "name", "vp8")));
        body.put("layers", layers);
        return body;
    }

    /** The same packets, said to be of a codec that nobody knows. */
    private static Map<String, Object> unknown(Captures.Capture capture, ApiClient api) {
        Map<String, Object> body = body("unknown-of-p0", capture, api);
        body.put("kind", "audio");
        body.put("codecs", List.of(Map.of("payloadType", 96, "name", "lyra", "clockRate", 16_000)));
        return body;
    }

    private static Map<String, Object> body(String streamId, Captures.Capture capture, ApiClient api) {
        JsonNode first = capture.sidecar().path("streams").path(0);
        Map<String, Object> body = new HashMap<>();
        body.put("streamId", streamId);
        body.put("participantId", "p0");
        body.put("suite", first.path("srtp_suite").asText());
        body.put(
                "sealedKey",
                KeySealer.seal(
                        Base64.getDecoder()
                                .decode(first.path("srtp_key_salt_base64").asText()),
                        Replay.certificates(api.text("/v1/recipients"))));
        body.put("captureTimes", true);
        return body;
    }

    /** As if the first had been captured at that time. */
    private static void send(List<Pcap.Datagram> datagrams, long beganMicros, int port) throws IOException {
        try (DatagramChannel socket = DatagramChannel.open()) {
            for (Pcap.Datagram d : datagrams) {
                ByteBuffer bytes = ByteBuffer.allocate(8 + d.payload().length);
                bytes.putLong(beganMicros
                                + d.timeMicros()
                                - datagrams.getFirst().timeMicros())
                        .put(d.payload())
                        .flip();
                socket.send(bytes, new InetSocketAddress("127.0.0.1", port));
                LockSupport.parkNanos(20_000); // no faster than a socket buffer of the default size empties
            }
        }
    }
}

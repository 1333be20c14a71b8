package hansard.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.rtp.Pcap;
import hansard.testkit.Captures;
import hansard.testkit.WordErrorRate;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every capture through every stage: the record against what was on the wire and what was said. */
@ExtendWith(RecordedCaptures.Shared.class)
class EveryCaptureTest {
    /** Where Chromium kept up with real time, so that words and durations can be held against the script. */
    private static final List<String> QUIET = List.of("opus-vp8-80", "opus-only-32", "opus-h264-80");

    static Stream<String> captures() {
        return Captures.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("captures")
    void everyDatagramIsAccountedFor(String name, RecordedCaptures recorded) throws IOException {
        JsonNode report = recorded.report(name);
        Captures.Capture capture = Captures.load(name);
        long rejected = 0;
        for (JsonNode count : report.path("rejected")) {
            rejected += count.asLong();
        }
        assertEquals(
                report.path("received").asLong(),
                report.path("framed").asLong()
                        + rejected
                        + report.path("paused").asLong()
                        + report.path("inFlight").asLong(),
                "received = framed + rejected + paused + in flight");
        Map<Integer, Long> onWire = new HashMap<>();
        capture.datagrams().forEach(d -> onWire.merge(d.destinationPort(), 1L, Long::sum));
        long wire = 0;
        long decryptable = 0;
        long missing = 0;
        boolean observed = true;
        for (JsonNode stream : capture.sidecar().path("streams")) {
            wire += onWire.getOrDefault(stream.path("port").asInt(), 0L);
            observed &= stream.has("observed");
            for (JsonNode o : stream.path("observed")) {
                decryptable += o.path("decrypted").asLong();
                missing += o.path("seq_missing").asLong();
            }
        }
        assertEquals(wire, report.path("received").asLong(), "received what was on the wire");
        if (observed) {
            assertEquals(
                    decryptable, report.path("framed").asLong(), "framed what a second implementation authenticates");
            assertEquals(missing, report.path("lost").asLong(), "lost what is missing from the sequence");
        }
        assertEquals(0, report.path("inFlight").asLong());
        if (name.equals("plaintext-misconfigured")) {
            plaintextIsAnAlarm(report, recorded.api());
            return;
        }
        int at = 0;
        for (JsonNode track : report.path("tracks")) {
            checkTrack(
                    recorded, capture, track, capture.sidecar().path("streams").get(at++));
        }
    }

    /** Tracks are in the order in which the replay announced the sidecar's streams. */
    private static void checkTrack(RecordedCaptures recorded, Captures.Capture capture, JsonNode track, JsonNode stream)
            throws IOException {
        String name = capture.name();
        String what = name + " " + track.path("participant").asText() + " "
                + track.path("kind").asText();
        assertEquals(stream.path("kind").asText(), track.path("kind").asText(), what);
        byte[] media = recorded.media(name, track.path("trackId").asText());
        Probe.Result probe = Probe.file(media);
        boolean lossy = name.contains("impaired") || name.startsWith("behaviours");
        boolean audio = track.path("kind").asText().equals("audio");
        if (audio || !lossy) { // a video decoder says so when a frame it refers to was lost
            assertEquals("", Probe.complaints(media), what + ": Debian's ffmpeg decodes it without a complaint");
        }
        assertTrue(probe.frames() > 0, what);
        assertEquals(track.path("durationMs").asLong(), probe.durationMs(), 100, what + ": file and report agree");
        if (stream.path("observed").size() == 1) {
            double startsMs = startMs(capture, stream);
            double lastsMs = lastFrameMs(capture, stream);
            double waitedMs = track.path("startMs").asDouble() - startsMs;
            // where the SFU asked for no key frame when the fork began, a video file cannot begin before one comes
            boolean begins = !name.startsWith("behaviours") || audio;
            assertEquals(0, begins ? waitedMs : 0, 100, what + ": begins as on the wire");
            double behindMs = Math.abs(stream.path("observed")
                    .get(0)
                    .path("media_clock_behind_arrival_ms")
                    .asDouble());
            // a media clock that falls behind the arrivals is followed slowly: the end is between the two
            double slackMs = 100 + (behindMs < STOOD_STILL_MS ? behindMs : 0);
            assertEquals(lastsMs, waitedMs + probe.lastFrameMs(), slackMs, what + ": ends as on the wire");
        }
    }

    /** When the stream's first packet came, after the first of the call. */
    private static double startMs(Captures.Capture capture, JsonNode stream) {
        long call = Long.MAX_VALUE;
        for (JsonNode other : capture.sidecar().path("streams")) {
            if (!other.path("observed").isEmpty()) {
                call = Math.min(call, packets(capture, other).getFirst().timeMicros());
            }
        }
        return (packets(capture, stream).getFirst().timeMicros() - call) / 1000.0;
    }

    /**
     * From the first packet of a stream to its last whole frame: RTP time, or time of arrival where the sender's media clock
     * stood still for longer than a second.
     */
    private static double lastFrameMs(Captures.Capture capture, JsonNode stream) {
        List<Pcap.Datagram> packets = packets(capture, stream);
        Pcap.Datagram first = packets.getFirst();
        boolean video = stream.path("kind").asText().equals("video");
        Pcap.Datagram last = packets.reversed().stream()
                .filter(p -> !video || (p.payload()[1] & 0x80) != 0) // the marker ends a video frame
                .findFirst()
                .orElseThrow();
        double rtpMs = (timestamp(last) - timestamp(first))
                * 1000.0
                / stream.path("clock_rate").asInt();
        double arrivalMs = (last.timeMicros() - first.timeMicros()) / 1000.0;
        return arrivalMs - rtpMs > 1000 ? arrivalMs : rtpMs;
    }

    private static int timestamp(Pcap.Datagram packet) {
        return ByteBuffer.wrap(packet.payload()).getInt(4);
    }

    private static List<Pcap.Datagram> packets(Captures.Capture capture, JsonNode stream) {
        int port = stream.path("port").asInt();
        return capture.datagrams().stream()
                .filter(d -> d.destinationPort() == port)
                .toList();
    }

    private static void plaintextIsAnAlarm(JsonNode report, ApiClient api) {
        assertEquals(0, report.path("framed").asLong());
        assertEquals(
                report.path("received").asLong(),
                report.path("rejected").path("PLAINTEXT").asLong(),
                "each of its packets is named plaintext");
        assertTrue(report.path("alarms").size() >= 1, "the report has the alarm");
        assertTrue(report.path("transcript").isEmpty());
        JsonNode audit = api.get("/v1/audit?callId=" + report.path("callId").asText() + "&limit=200");
        assertTrue(
                audit.path("events").findValuesAsText("action").contains("alarm.plaintext"), "the audit has the alarm");
    }

    /** A difference of the two clocks that is no drift. */
    private static final double STOOD_STILL_MS = 1_000;

    @Test
    void aTelephoneCallPlaysInABrowserIsKeptAsItCameAndProvesItself(RecordedCaptures recorded) {
        ApiClient api = recorded.api();
        JsonNode report = recorded.report("ffmpeg-telephone");
        String call = recorded.recording("ffmpeg-telephone");
        int g722 = 0;
        for (JsonNode track : report.path("tracks")) {
            String media = call + "/media/" + track.path("trackId").asText();
            String codec = track.path("codec").asText();
            String played = text(api.bytes(media));
            assertEquals(codec.equals("g722") ? "webm" : "RIFF", container(played), codec);
            if (codec.equals("g722")) {
                String kept = text(api.bytes(media + "?as=kept"));
                assertTrue(container(kept).equals("matroska") && kept.contains("A_MS/ACM"), "as it came");
                g722++;
            }
        }
        assertEquals(1, g722);
        assertEquals(0, api.get(call + "/keys").path("keys").size());
        JsonNode proof = api.get(call + "/verification");
        assertTrue(proof.path("holds").asBoolean(), proof::toString);
    }

    private static String text(byte[] media) {
        return new String(media, StandardCharsets.ISO_8859_1);
    }

    /** As the file's first bytes say it. */
    private static String container(String media) {
        String head = media.substring(0, 64);
        return head.contains("webm") ? "webm" : head.contains("matroska") ? "matroska" : head.substring(0, 4);
    }

    @Test
    void wordsAreNoWorseThanVoskCalledDirectly(RecordedCaptures recorded) throws IOException {
        try (DirectVosk vosk = new DirectVosk(Models.withoutDither())) {
            long ours = 0;
            long direct = 0;
            for (String name : QUIET) {
                JsonNode report = recorded.report(name);
                long oursBefore = ours;
                long directBefore = direct;
                int words = 0;
                for (JsonNode party : Captures.load(name).sidecar().path("participants")) {
                    String said = party.path("reference_transcript").asText();
                    String who = party.path("display").asText();
                    words += WordErrorRate.words(said).size();
                    ours += WordErrorRate.of(said, transcriptOf(report, who)).errors();
                    for (JsonNode track : report.path("tracks")) {
                        if (track.path("participant").asText().equals(who)
                                && track.path("kind").asText().equals("audio")) {
                            direct += WordErrorRate.of(
                                            said,
                                            vosk.text(Probe.speech(recorded.media(
                                                    name, track.path("trackId").asText()))))
                                    .errors();
                        }
                    }
                }
                System.out.printf(
                        "%s: WER ours %.3f, Vosk directly %.3f%n",
                        name, (ours - oursBefore) / (double) words, (direct - directBefore) / (double) words);
                assertTrue(words > 0);
            }
            // Over the calls together: in one call a word falls either way with the place where an utterance is cut.
            assertTrue(ours <= direct, "ours " + ours + " errors, directly " + direct);
        }
    }

    private static String transcriptOf(JsonNode report, String participant) {
        List<String> texts = new ArrayList<>();
        for (JsonNode utterance : report.path("transcript")) {
            if (utterance.path("participant").asText().equals(participant)) {
                texts.add(utterance.path("text").asText());
            }
        }
        return String.join(" ", texts);
    }

    @Test
    void speedChangesNothing(RecordedCaptures recorded) throws IOException {
        ApiClient api = recorded.api();
        JsonNode fast = recorded.report("opus-only-32");
        String callId = Calls.replay(api, "opus-only-32", true).run(Replay.Speed.REALTIME, Calls.QUIET);
        JsonNode slow = api.get("/v1/recordings/" + callId + "/report");
        assertEquals(Records.comparable(fast), Records.comparable(slow));
        assertFalse(fast.path("transcript").isEmpty());
    }
}

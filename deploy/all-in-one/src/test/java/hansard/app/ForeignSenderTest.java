package hansard.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.keys.KeySealer;
import hansard.testkit.Ffmpeg;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * One call of eight streams that ffmpeg encodes, packs and encrypts, one of each codec: what is kept is what it encoded, byte for byte. Debian
 * 12's ffmpeg 5.1 cannot pack AV1; the program of the FFmpeg 8.1 that comes with JavaCV can, with code that Hansard does not call.
 */
@ExtendWith(RecordedCaptures.Shared.class)
class ForeignSenderTest {
    private static final int SECONDS = 4;

    /** Of the packets' times among themselves: WebM's are whole milliseconds, on both sides. */
    private static final double TIMES_MS = 2;

    /** @param name of the codec, as the API says it */
    private record Stream(
            String name, String kind, int payloadType, int clockRate, String suite, String file, String encoding) {}

    private static final String PICTURES = "-f lavfi -i testsrc2=size=320x240:rate=15:duration=" + SECONDS;
    private static final String NOISE = "-f lavfi -i anoisesrc=amplitude=0.2:seed=1:duration=" + SECONDS;
    /** Packets of 20 ms, which are sent when they are due: from a WAV file, ffmpeg would send half a second at once. */
    private static final String SAMPLES = " -af aresample=8000,asetnsamples=160 -ar 8000";

    private static final String LIVE =
            " -deadline realtime -cpu-used 8 -auto-alt-ref 0 -lag-in-frames 0 -g 15 -b:v 300k";
    private static final String LONG_TAG = "AES_CM_128_HMAC_SHA1_80";
    private static final String SHORT_TAG = "AES_CM_128_HMAC_SHA1_32";

    private static final List<Stream> STREAMS = List.of(
            new Stream("opus", "audio", 111, 48_000, LONG_TAG, "opus.ogg", NOISE + " -ar 48000 -c:a libopus"),
            new Stream("pcmu", "audio", 0, 8_000, SHORT_TAG, "pcmu.mka", NOISE + SAMPLES + " -c:a pcm_mulaw"),
            new Stream("pcma", "audio", 8, 8_000, LONG_TAG, "pcma.mka", NOISE + SAMPLES + " -c:a pcm_alaw"),
            new Stream("g722", "audio", 9, 8_000, SHORT_TAG, "g722.mka", NOISE + " -ar 16000 -c:a g722"),
            new Stream("vp8", "video", 96, 90_000, LONG_TAG, "vp8.webm", PICTURES + " -c:v libvpx" + LIVE),
            new Stream("vp9", "video", 98, 90_000, SHORT_TAG, "vp9.webm", PICTURES + " -c:v libvpx-vp9" + LIVE),
            new Stream(
                    "h264",
                    "video",
                    102,
                    90_000,
                    LONG_TAG,
                    "h264.mp4",
                    PICTURES + " -c:v libx264 -preset ultrafast -tune zerolatency -pix_fmt yuv420p -g 15"),
            new Stream(
                    "av1",
                    "video",
                    45,
                    90_000,
                    LONG_TAG,
                    "av1.mkv",
                    PICTURES + " -c:v libaom-av1 -usage realtime -cpu-used 8 -lag-in-frames 0 -g 15 -b:v 300k"));

    @TempDir
    Path directory;

    @Test
    void whatFfmpegEncodedIsKeptByteForByte(RecordedCaptures recorded) throws Exception {
        for (Stream stream : STREAMS) {
            Ffmpeg.output((stream.encoding + " " + sent(stream)).split(" "));
        }
        ApiClient api = recorded.api();
        String callId = api.post(
                        "/v1/calls", Map.of("title", "all codecs", "department", "research", "client", "Austen"))
                .path("callId")
                .asText();
        api.post(
                "/v1/calls/" + callId + "/participants",
                Map.of("participantId", "p0", "displayName", "ffmpeg", "user", "ffmpeg"));
        send(api, callId);
        Calls.replay(api, "opus-only-32", false).end(callId, Long.MAX_VALUE, Calls.QUIET);

        String recording = "/v1/recordings/" + callId;
        JsonNode report = api.get(recording + "/report");
        assertEquals(0, report.path("lost").asLong(), report::toString);
        report.path("rejected").fieldNames().forEachRemaining(reason -> assertEquals("RTCP", reason, report::toString));
        for (Stream stream : STREAMS) {
            Path kept = directory.resolve("kept." + stream.name);
            Files.write(kept, api.bytes(recording + "/media/" + stream.name + "?as=kept"));
            compare(stream, kept);
        }
        assertTrue(api.get(recording + "/verification").path("holds").asBoolean());
    }

    private void compare(Stream stream, Path kept) throws IOException {
        if (stream.kind.equals("audio") && !stream.name.equals("opus")) { // of which packets are any number of samples
            String format =
                    Map.of("pcmu", "mulaw", "pcma", "alaw", "g722", "g722").get(stream.name);
            assertArrayEquals(raw(sent(stream), format), raw(kept, format), stream.name);
            return;
        }
        // the parameter sets of H.264 are out of band in the one file, and in both in the other
        String[] slices = stream.name.equals("h264")
                ? new String[] {"-bsf:v", "h264_mp4toannexb,filter_units=remove_types=6-9"}
                : new String[0];
        List<Ffmpeg.Packet> theirs = Ffmpeg.packets(sent(stream), slices);
        List<Ffmpeg.Packet> ours = Ffmpeg.packets(kept, slices);
        assertEquals(
                theirs.stream().map(Ffmpeg.Packet::md5).toList(),
                ours.stream().map(Ffmpeg.Packet::md5).toList(),
                stream.name);
        assertTrue(ours.size() >= SECONDS * 15, stream.name);
        for (int i = 0; i < ours.size(); i++) {
            double theirMs = theirs.get(i).atMs() - theirs.getFirst().atMs();
            double ourMs = ours.get(i).atMs() - ours.getFirst().atMs();
            assertEquals(theirMs, ourMs, TIMES_MS, stream.name + " packet " + i);
        }
    }

    private static byte[] raw(Path file, String format) {
        return Ffmpeg.output("-i", file.toString(), "-c", "copy", "-f", format, "-");
    }

    /** Announces the streams, and has them all sent at once, as fast as they play. */
    private void send(ApiClient api, String callId) throws IOException, InterruptedException {
        List<String> debian = new ArrayList<>();
        List<String> debianOut = new ArrayList<>();
        List<String> newer = new ArrayList<>();
        List<String> newerOut = new ArrayList<>();
        for (Stream stream : STREAMS) {
            boolean packed = !stream.name.equals("av1");
            List<String> in = packed ? debian : newer;
            List<String> out = packed ? debianOut : newerOut;
            out.addAll(List.of("-map", String.valueOf(in.size() / 3), "-c", "copy"));
            if (stream.name.equals("h264")) { // as browsers do it: parameter sets in band, not only in a description
                out.addAll(List.of("-bsf:v", "h264_mp4toannexb"));
            }
            out.addAll(announced(stream, api, callId));
            in.addAll(List.of("-re", "-i", sent(stream).toString()));
        }
        debian.addAll(debianOut);
        newer.addAll(newerOut);
        Process one = started(Ffmpeg.program().toString(), debian);
        try {
            Process other = started(Loader.load(org.bytedeco.ffmpeg.ffmpeg.class), newer);
            try {
                awaitEnd(one);
                awaitEnd(other);
            } finally {
                other.destroyForcibly();
            }
        } finally {
            one.destroyForcibly();
        }
    }

    /** @return how ffmpeg is to send it */
    private static List<String> announced(Stream stream, ApiClient api, String callId) {
        byte[] keyAndSalt = new byte[30];
        new SecureRandom().nextBytes(keyAndSalt);
        Map<String, Object> body = new HashMap<>();
        body.put("streamId", stream.name);
        body.put("participantId", "p0");
        body.put("kind", stream.kind);
        body.put("codec", stream.name);
        body.put("clockRate", stream.clockRate);
        body.put("channels", stream.kind.equals("video") ? 0 : stream.name.equals("opus") ? 2 : 1);
        body.put("payloadTypes", Map.of(Integer.toString(stream.payloadType), stream.name));
        body.put("suite", stream.suite);
        body.put("sealedKey", KeySealer.seal(keyAndSalt, Replay.certificates(api.text("/v1/recipients"))));
        int port =
                api.post("/v1/calls/" + callId + "/streams", body).path("port").asInt();
        return List.of(
                "-strict",
                "experimental", // what FFmpeg calls its packing of VP9 and AV1
                "-payload_type",
                Integer.toString(stream.payloadType),
                "-f",
                "rtp",
                "-srtp_out_suite",
                // by RFC 4568's own name, ffmpeg shortens the tags of SRTCP, too, which section 6.2.2 there does not
                stream.suite.equals(SHORT_TAG) ? "SRTP_AES128_CM_HMAC_SHA1_32" : stream.suite,
                "-srtp_out_params",
                Base64.getEncoder().encodeToString(keyAndSalt),
                "srtp://127.0.0.1:" + port + "?rtcpport=" + port + "&pkt_size="
                        + (stream.kind.equals("audio") ? 300 : 1_200));
    }

    private Process started(String program, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(program, "-v", "error", "-nostdin"));
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(log(program).toFile())
                .start();
    }

    private void awaitEnd(Process sender) throws IOException, InterruptedException {
        assertTrue(sender.waitFor(60, TimeUnit.SECONDS), "ffmpeg has sent " + SECONDS + " s in 60 s");
        assertEquals(0, sender.exitValue(), () -> sender.info().toString());
    }

    private Path log(String program) {
        return directory.resolve("log-" + Integer.toHexString(program.hashCode()));
    }

    private Path sent(Stream stream) {
        return directory.resolve(stream.file);
    }
}

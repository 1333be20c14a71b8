package hansard.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.rtp.Pcap;
import hansard.testkit.Captures;
import hansard.testkit.Correlation;
import hansard.testkit.Ffmpeg;
import hansard.testkit.ReferenceSpeech;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each utterance is heard where it was spoken: the waveform of the kept sound, decoded by the distribution's ffmpeg, against that of the
 * speech which went in, or, where that is in no file here, of what another receiver decodes of the same packets.
 */
@ExtendWith(RecordedCaptures.Shared.class)
class SpokenInItsPlaceTest {
    private static final int RATE = 8_000;

    /** An utterance's first and its last one and a half seconds are looked for. */
    private static final int STRETCH_SAMPLES = RATE * 3 / 2;

    private static final int LOOKED_AT = RATE;

    /** What a browser's microphone, resampling and Opus leave of the waveform is 0.75 and more; other speech is below 0.3. */
    private static final double SAME_SPEECH = 0.65;

    private static final double SAME_PACKETS = 0.95;

    /** Of one track's utterances among themselves: the most that the call's clock follows a sender's in ten seconds. */
    private static final double TOGETHER_MS = 5;

    /** Once a packet is late by more, the least late ones are others than before, and the call's clock follows them. */
    private static final double HELD_UP_MS = 200;

    /** The most that a frame may be from where it was spoken (decision 38). */
    private static final double CALL_CLOCK_MS = 40;

    @TempDir
    Path directory;

    /**
     * @param startKnownMs how well the page knew when its microphone began; the speech of {@code sframe-…} is 85 ms late and 29 ms early in
     *     the packets of its two participants
     */
    @ParameterizedTest
    @CsvSource({
        "opus-vp8-80, 40",
        "opus-only-32, 40",
        "opus-h264-80, 40",
        "opus-vp8-80-impaired, 40",
        "opus-dtx-silence-80, 40",
        "three-party-opus-vp8-80, 40",
        "sframe-opus-vp8-80, 100"
    })
    void everyUtteranceIsHeardWhereItWasSpoken(String name, double startKnownMs, RecordedCaptures recorded)
            throws IOException {
        Captures.Capture capture = Captures.load(name);
        double callMs = Calls.startWallMs(capture);
        List<JsonNode> streams = streams(capture);
        int heard = 0;
        for (int i = 0; i < streams.size(); i++) {
            JsonNode stream = streams.get(i);
            if (stream.path("kind").asText().equals("audio")) {
                double startMs = recorded.tracks(name).get(i).path("startMs").asDouble();
                short[] kept = kept(recorded, name, i);
                List<Double> lateMs = new ArrayList<>();
                for (JsonNode utterance : utterances(capture, stream)) {
                    Optional<short[]> said =
                            ReferenceSpeech.of(utterance.path("text").asText(), RATE);
                    double atMs = utterance.path("start_wall_ms_approx").asDouble() - callMs - startMs;
                    said.ifPresent(speech -> lateMs.addAll(late(speech, kept, atMs, SAME_SPEECH, name + utterance)));
                }
                // Chromium's made-up microphone falls behind real time when the machine is busy; the capture says by
                // how much
                double behindMs =
                        stream.at("/observed/0/media_clock_behind_arrival_ms").asDouble();
                for (double late : lateMs) {
                    assertEquals(lateMs.getFirst(), late, TOGETHER_MS, name + " stream " + i + " " + lateMs);
                    assertEquals(0, late, startKnownMs + Math.max(0, behindMs), name + " stream " + i + " " + lateMs);
                }
                heard += lateMs.size() / 2;
            }
        }
        assertTrue(heard >= 3, heard + " utterances");
    }

    /**
     * What ffmpeg sent begins with the file that it read, so that an utterance's place in the file is its place in the track: also where the
     * machine that sent it was so busy that packets were held up for a second, and where the rest of a file was sent at once (decision 28).
     */
    @ParameterizedTest
    @ValueSource(strings = {"ffmpeg-a2-three-party", "ffmpeg-a3-card-number", "ffmpeg-telephone"})
    void everyUtteranceIsHeardWhereAnotherReceiverHearsIt(String name, RecordedCaptures recorded) throws Exception {
        Captures.Capture capture = Captures.load(name);
        List<JsonNode> streams = streams(capture);
        List<Callable<short[]>> receivers = streams.stream()
                .map(stream -> (Callable<short[]>) () -> anotherReceivers(capture, stream))
                .toList();
        try (ExecutorService all = Executors.newFixedThreadPool(streams.size())) { // each waits for its stream's end
            List<Future<short[]>> received = all.invokeAll(receivers);
            for (int i = 0; i < streams.size(); i++) {
                short[] theirs = received.get(i).get();
                short[] kept = kept(recorded, name, i);
                double heldUpMs = heldUpMs(capture, streams.get(i));
                int heard = 0;
                for (JsonNode utterance : utterances(capture, streams.get(i))) {
                    double fromMs = utterance.path("start").asDouble() * 1000;
                    double toMs = utterance.path("end").asDouble() * 1000;
                    short[] said = Arrays.copyOfRange(theirs, samples(fromMs), samples(toMs));
                    double mayBeOff = toMs < heldUpMs ? TOGETHER_MS : CALL_CLOCK_MS;
                    for (double late : late(said, kept, fromMs, SAME_PACKETS, name + utterance)) {
                        assertEquals(0, late, mayBeOff, name + utterance);
                    }
                    heard++;
                }
                assertTrue(heard >= 1, heard + " utterances of " + name + " stream " + i);
            }
        }
    }

    private static int samples(double ms) {
        return (int) Math.round(ms * RATE / 1000);
    }

    /** Where in a stream the first packet is that came late, in the stream's own time. */
    private static double heldUpMs(Captures.Capture capture, JsonNode stream) {
        List<Pcap.Datagram> packets = capture.datagrams().stream()
                .filter(d -> d.destinationPort() == stream.path("port").asInt())
                .toList();
        Pcap.Datagram first = packets.getFirst();
        for (Pcap.Datagram packet : packets) {
            double spokenMs = (timestamp(packet) - timestamp(first))
                    * 1000.0
                    / stream.path("clock_rate").asInt();
            if ((packet.timeMicros() - first.timeMicros()) / 1000.0 - spokenMs > HELD_UP_MS) {
                return spokenMs;
            }
        }
        return Double.MAX_VALUE;
    }

    private static int timestamp(Pcap.Datagram packet) {
        return ByteBuffer.wrap(packet.payload()).getInt(4);
    }

    /** How much later than expected its beginning and its end are. */
    private static List<Double> late(short[] said, short[] kept, double expectedMs, double alike, String what) {
        List<Double> late = new ArrayList<>();
        int count = Math.min(STRETCH_SAMPLES, said.length);
        for (int from : new int[] {0, said.length - count}) {
            int expected = samples(expectedMs) + from;
            Correlation.Found found = Correlation.find(said, from, count, kept, expected, LOOKED_AT);
            assertTrue(found.likeness() > alike, what + " from sample " + from + ": " + found);
            late.add(found.samples() * 1000.0 / RATE);
        }
        return late;
    }

    private static List<JsonNode> streams(Captures.Capture capture) {
        return capture.sidecar().path("streams").valueStream().toList();
    }

    private static List<JsonNode> utterances(Captures.Capture capture, JsonNode stream) {
        return capture.sidecar()
                .path("participants")
                .path(stream.path("participant").asInt())
                .path("utterances")
                .valueStream()
                .toList();
    }

    private short[] kept(RecordedCaptures recorded, String name, int stream) throws IOException {
        String track = recorded.tracks(name).get(stream).path("trackId").asText();
        return Ffmpeg.samples(recorded.file(name, track + "?original=1", directory), RATE);
    }

    private short[] anotherReceivers(Captures.Capture capture, JsonNode stream)
            throws IOException, InterruptedException {
        byte[] pcm = SecondReceiver.receive(Ffmpeg.program(), capture, stream, directory, Ffmpeg.sampleArguments(RATE));
        short[] samples = new short[pcm.length / 2];
        ByteBuffer.wrap(pcm).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
        return samples;
    }
}

package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.wire.Frame;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** People reading, in codecs as they come: a word that is not in a stretch is in no transcript. */
class WordEdgesTest {
    private static final long START = TestMedia.EPOCH_MICROS;
    /** Where the clip is in a track of twelve seconds. */
    private static final int AT_MILLIS = 3_000;

    private static final int TRACK_MILLIS = 12_000;
    /** What an encoder and the filters put between the sound and its packet's time, at most. */
    private static final int DELAY_MILLIS = 10;

    /** Where words begin and end, in ms of the clip. */
    private static final Map<String, int[]> WORDS = Map.of(
            "rather-selfish",
            new int[] {
                270, 600, 720, 870, 1_290, 1_350, 1_770, 2_250, 2_400, 2_790, 3_600, 3_630, 3_900, 4_020, 4_191, 4_380,
                5_100
            },
            "art-of-printing",
            new int[] {
                30, 510, 870, 900, 1_110, 1_410, 2_160, 2_370, 2_550, 2_700, 3_330, 3_510, 3_660, 3_990, 4_200, 4_620,
                5_310, 5_430, 5_670, 6_090, 6_270, 6_810, 7_470
            });

    /** 16 kHz, with white noise of -66 dB under it, or digital silence around it. */
    private static short[] track(String clip, boolean noisy) throws IOException {
        short[] track = new short[TRACK_MILLIS * 16];
        Random random = new Random(1);
        for (int i = 0; noisy && i < track.length; i++) {
            track[i] = (short) Math.round(16 * random.nextGaussian());
        }
        try (InputStream in = WordEdgesTest.class.getResourceAsStream(clip + ".wav")) {
            ByteBuffer wav = ByteBuffer.wrap(Objects.requireNonNull(in).readAllBytes())
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .position(44);
            for (int i = AT_MILLIS * 16; wav.remaining() >= 2; i++) {
                track[i] += wav.getShort();
            }
        }
        return track;
    }

    private static List<Frame> opus(short[] track, int bitrate) {
        List<Frame> frames = new ArrayList<>();
        short[] block = new short[OpusEncoder.FRAME_SAMPLES];
        try (OpusEncoder encoder = new OpusEncoder(bitrate, 5)) {
            for (int from = 0; from + 320 <= track.length; from += 320) {
                for (int i = 0; i < block.length; i++) { // on straight lines between the samples
                    int at = from + i / 3;
                    int next = track[Math.min(at + 1, track.length - 1)];
                    block[i] = (short) (track[at] + (next - track[at]) * (i % 3) / 3);
                }
                byte[] packet = encoder.encode(block);
                frames.add(TestMedia.frame(START + frames.size() * 20_000L, frames.size() * 960L, true, packet));
            }
        }
        return frames;
    }

    private static List<Frame> telephone(short[] track) {
        List<Frame> frames = new ArrayList<>();
        for (int from = 0; from + 320 <= track.length; from += 320) {
            byte[] packet = new byte[160];
            for (int i = 0; i < packet.length; i++) {
                int at = from + 2 * i;
                packet[i] = Sound.mulaw((track[at] + track[at + 1]) / 65_536.0);
            }
            frames.add(TestMedia.frame(START + frames.size() * 20_000L, frames.size() * 160L, true, packet));
        }
        return frames;
    }

    @ParameterizedTest
    @CsvSource({
        "rather-selfish, 24000, true",
        "rather-selfish, 16000, true",
        "rather-selfish, 12000, true",
        "rather-selfish, 0, true",
        "rather-selfish, 24000, false",
        "rather-selfish, 12000, false",
        "rather-selfish, 0, false",
        "art-of-printing, 24000, true",
        "art-of-printing, 16000, true",
        "art-of-printing, 12000, true",
        "art-of-printing, 0, true",
        "art-of-printing, 12000, false",
        "art-of-printing, 0, false"
    })
    void everyWordIsInAStretchWithItsSurroundings(String clip, int bitrate, boolean noisy) throws IOException {
        short[] track = track(clip, noisy);
        List<Frame> frames = bitrate == 0 ? telephone(track) : opus(track, bitrate);
        Stretches stretches = new Stretches();
        try (SpeechCutter cutter = new SpeechCutter(
                stretches,
                SoundDecoder.of(bitrate == 0 ? "pcmu" : "opus", 1, SoundDecoder.TO_RECOGNISE),
                new LostPackets())) {
            frames.forEach(f -> cutter.add(f.mediaMicros(), f.payload().array()));
            cutter.finish();
        }
        int[] words = Objects.requireNonNull(WORDS.get(clip));
        for (int i = 0; i + 1 < words.length; i++) {
            long from = START + (AT_MILLIS + words[i]) * 1_000L;
            long to = START + (AT_MILLIS + words[i + 1] + DELAY_MILLIS) * 1_000L;
            assertTrue(stretches.hold(from, to), "what is said from " + words[i] + " ms on");
        }
        assertEquals(0, START + AT_MILLIS * 1_000 - stretches.all().getLast().startMicros(), 500_000);
        assertTrue(stretches.totalMillis() < 1_300 + 8_400, () -> stretches.totalMillis() + " ms");
    }

    /** Noise 5 dB softer than the speaker, which is as much as words can be made out in. */
    @ParameterizedTest
    @CsvSource({"rather-selfish", "art-of-printing"})
    void everyWordOverLoudNoiseIsInAStretch(String clip) throws IOException {
        short[] track = track(clip, false);
        double power = 0;
        for (short sample : track) {
            power += (double) sample * sample;
        }
        int[] words = Objects.requireNonNull(WORDS.get(clip));
        int spoken = (words[words.length - 1] - words[0]) * 16;
        double noise = Math.sqrt(power / spoken) * Math.pow(10, -5 / 20.0);
        Random random = new Random(2);
        for (int i = 0; i < track.length; i++) {
            track[i] = (short) Math.clamp(Math.round(track[i] + noise * random.nextGaussian()), -32_768, 32_767);
        }
        Stretches stretches = new Stretches();
        SpeechGate gate = new SpeechGate(stretches);
        gate.begin(START);
        gate.hear(track);
        gate.end();
        for (int i = 0; i + 1 < words.length; i++) {
            long from = START + (AT_MILLIS + words[i]) * 1_000L;
            long to = START + (AT_MILLIS + words[i + 1]) * 1_000L;
            assertTrue(
                    stretches.all().stream().anyMatch(heard -> heard.holds(from, to)),
                    "what is said from " + words[i] + " ms on");
        }
        assertTrue(stretches.totalMillis() < 1_300 + 8_400, () -> stretches.totalMillis() + " ms");
    }
}

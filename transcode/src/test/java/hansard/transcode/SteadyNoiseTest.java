package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.wire.Frame;
import hansard.wire.TrackCoverage;
import hansard.wire.TrackCoverage.Noise;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is taken for the noise of a room, and that nothing else is. */
class SteadyNoiseTest {
    private static final long MILLI = 1_000;
    private static final int PACKET_MILLIS = 20;

    private static List<Noise> noise(TestVoice voice) {
        SteadyNoise noise = new SteadyNoise();
        short[] sound = voice.samples();
        int length = PACKET_MILLIS * TestVoice.MILLI;
        for (int at = 0; at + length <= sound.length; at += length) {
            short[] packet = Arrays.copyOfRange(sound, at, at + length);
            noise.add(at / TestVoice.MILLI * MILLI, PACKET_MILLIS * MILLI, SoundLevel.of(packet));
        }
        return noise.all();
    }

    private static Noise millis(long from, long to) {
        return new Noise(from * MILLI, to * MILLI);
    }

    /** Whether the gate is shut for anything of a stretch, if all noise of the track is left out. */
    private static boolean isLeftOut(List<Noise> noise, long fromMillis, long toMillis) {
        QuietGate gate = new QuietGate(noise.stream()
                .map(n -> new Job.Quiet(n.fromMicros(), n.toMicros()))
                .toList());
        for (long at = fromMillis - fromMillis % PACKET_MILLIS; at < toMillis; at += PACKET_MILLIS) {
            if (gate.isShut(at * MILLI, PACKET_MILLIS * MILLI)) {
                return true;
            }
        }
        return false;
    }

    @ParameterizedTest
    @ValueSource(ints = {42, 50, 58})
    void noiseIsKnownAfterThreeSeconds(int decibels) {
        assertEquals(List.of(millis(3_000, 60_000)), noise(new TestVoice(60_000).noise(decibels)));
    }

    /** As Chromium codes it, out of a track's coverage. Its packets differ by 3 to 5 dB. */
    @Test
    void pinkNoiseThatWasCodedIsNoise() {
        double[] low = new double[3];
        Random random = new Random(3);
        TestMedia.Signal pink = n -> {
            double white = random.nextGaussian();
            low[0] = 0.99765 * low[0] + 0.0990460 * white;
            low[1] = 0.96300 * low[1] + 0.2965164 * white;
            low[2] = 0.57000 * low[2] + 1.0526913 * white;
            return 0.0025 * (low[0] + low[1] + low[2] + 0.1848 * white);
        };
        CoverageLog log = new CoverageLog(TestMedia.stream("c", "s", "opus"));
        try (OpusDecoder decoder = new OpusDecoder(SoundDecoder.TO_PLAY)) {
            for (Frame frame : TestMedia.opusWithFec(0, 1_500, pink)) {
                log.heard(
                        frame,
                        20_000,
                        SoundLevel.of(decoder.decode(frame.payload().array())));
            }
        }
        TrackCoverage coverage = log.finish("s", 0, 30_000_000, Map.of(), TrackCoverage.Mended.NOTHING);
        assertEquals(List.of(), coverage.quiet());
        long micros = coverage.noise().stream()
                .mapToLong(n -> n.toMicros() - n.fromMicros())
                .sum();
        assertTrue(micros > 24_000_000, coverage.noise().toString());
        assertEquals(coverage, TrackCoverage.fromBytes(coverage.toBytes()));
    }

    @Test
    void louderNoiseIsHeard() {
        assertEquals(List.of(), noise(new TestVoice(20_000).noise(38)));
        assertEquals(List.of(), noise(new TestVoice(20_000).hum(36)));
    }

    @Test
    void whatIsQuietIsNotToldTwice() {
        assertEquals(List.of(), noise(new TestVoice(20_000).noise(64)));
    }

    /** Sentences of 3 s, as loud on average as 6 dB above the noise, as the noise, and far above. */
    @ParameterizedTest
    @ValueSource(ints = {20, 44, 50})
    void softSpeechIsNoNoise(int decibels) {
        TestVoice voice = new TestVoice(30_000).noise(50);
        for (int at = 5_000; at < 30_000; at += 5_000) {
            voice.say(at, 3_000, decibels);
        }
        List<Noise> noise = noise(voice);
        assertTrue(noise.size() >= 4, noise.toString());
        for (int at = 5_000; at < 30_000; at += 5_000) {
            assertFalse(isLeftOut(noise, at, at + 3_000), at + ": " + noise);
        }
    }

    /** Gets softer by 3 dB a second, from 14 dB above the noise on; what is left out is below it by 3 dB. */
    @Test
    void speechThatFadesIsHeardUntilItIsInTheNoise() {
        TestVoice voice = new TestVoice(20_000).noise(50);
        for (int i = 0; i < 12; i++) {
            voice.say(5_000 + i * 1_000, 1_000, 36 + 3 * i);
        }
        List<Noise> noise = noise(voice);
        assertFalse(isLeftOut(noise, 5_000, 10_000), noise.toString());
        assertTrue(isLeftOut(noise, 14_000, 20_000), noise.toString());
    }

    /** Softer than the noise that may be left out: for three seconds it is compared with what was before. */
    @Test
    void noteThatIsHeldIsHeardWhereItBeginsAndEnds() {
        List<Noise> noise = noise(new TestVoice(20_000).noise(58).note(8_000, 2_900, 46));
        assertFalse(isLeftOut(noise, 8_000, 10_900), noise.toString());
        assertTrue(isLeftOut(noise, 5_000, 7_000), noise.toString());
        noise = noise(new TestVoice(20_000).noise(58).note(8_000, 9_000, 46));
        assertFalse(isLeftOut(noise, 8_000, 11_000), noise.toString());
        assertFalse(isLeftOut(noise, 16_900, 17_200), noise.toString());
        assertEquals(List.of(), noise(new TestVoice(20_000).note(0, 20_000, 37)));
    }

    @Test
    void musicIsNoNoise() {
        assertEquals(List.of(), noise(new TestVoice(20_000).noise(60).music(45)));
    }

    @Test
    void noiseThatGetsLouderIsHeardForThreeSeconds() {
        List<Noise> noise = noise(new TestVoice(20_000).noise(56).noise(8_000, 12_000, 48, 5));
        assertEquals(List.of(millis(3_000, 8_000), millis(11_000, 20_000)), noise);
    }

    /** Two stretches that touch: the gate is open around the change. */
    @Test
    void noiseThatGetsSofterIsHeardWhereItDoes() {
        List<Noise> noise =
                noise(new TestVoice(20_000).noise(56).noise(0, 8_000, 46, 5).noise(8_000, 12_000, 60, 6));
        assertEquals(List.of(millis(3_000, 8_000), millis(8_000, 20_000)), noise);
        assertFalse(isLeftOut(noise, 7_900, 8_200));
    }

    /** A key every 1.5 s, 15 ms long and 6 dB above the noise. */
    @Test
    void keysAreHeard() {
        TestVoice voice = new TestVoice(30_000).noise(50);
        for (int at = 5_000; at < 30_000; at += 1_500) {
            voice.noise(at, 15, 44, at);
        }
        List<Noise> noise = noise(voice);
        for (int at = 5_000; at < 30_000; at += 1_500) {
            assertFalse(isLeftOut(noise, at, at + 20), at + ": " + noise);
        }
    }

    /** What comes after it is not compared with what was before: nobody knows what it is. */
    @Test
    void afterAHoleItIsNotKnownWhatNoiseIs() {
        SteadyNoise noise = new SteadyNoise();
        for (long at = 0; at < 20_000; at += at == 9_980 ? 1_040 : 20) {
            noise.add(at * MILLI, PACKET_MILLIS * MILLI, 50);
        }
        assertEquals(List.of(millis(3_000, 11_020), millis(14_020, 20_000)), noise.all());
    }

    /** With DTX, one packet every 400 ms says how the noise is. */
    @Test
    void holesOfDtxAreNoise() {
        SteadyNoise noise = new SteadyNoise();
        for (long at = 0; at < 20_000; at += 400) {
            noise.add(at * MILLI, PACKET_MILLIS * MILLI, 50);
        }
        assertEquals(List.of(millis(3_200, 19_620)), noise.all());
    }
}

package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.wire.Frame;
import hansard.wire.TrackCoverage;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is left out of a mix because hardly anything is heard there, beside the mix of everything. */
class QuietGateTest {
    private static final int PACKET = 960;
    private static final int PACKETS = 1_500; // 30 s
    /** Softer than this is the noise that may be left out. */
    private static final double HEARD = Math.pow(10, TrackCoverage.QUIET_DECIBELS / 20.0);

    /** Speaks for 3 s, is silent for 2, and so on; words begin softly. Noise of its own beneath. */
    private static TestMedia.Signal speaker(double noiseDecibels) {
        double[] noise = new double[PACKETS * PACKET];
        Random random = new Random(1);
        for (int i = 0; i < noise.length; i++) {
            noise[i] = random.nextGaussian() * Math.pow(10, noiseDecibels / 20);
        }
        return n -> {
            double t = n / 48_000.0;
            double inTurn = t % 5;
            double syllable = inTurn < 3 ? Math.pow(Math.sin(2 * Math.PI * 2 * inTurn), 2) : 0;
            double phase = 2 * Math.PI * (140 * t + 4 * Math.sin(2 * Math.PI * 0.7 * t));
            return noise[(int) n]
                    + 0.25 * syllable * (Math.sin(phase) + 0.6 * Math.sin(2 * phase) + 0.4 * Math.sin(5 * phase));
        };
    }

    private static List<Job.Quiet> quiet(List<Frame> frames) {
        QuietStretches quiet = new QuietStretches();
        try (OpusDecoder decoder = new OpusDecoder(SoundDecoder.TO_PLAY)) {
            for (Frame frame : frames) {
                short[] sound = decoder.decode(frame.payload().array());
                quiet.add(frame.mediaMicros(), 20_000, SoundLevel.of(sound));
            }
        }
        return quiet.all().stream()
                .map(q -> new Job.Quiet(q.fromMicros(), q.toMicros()))
                .toList();
    }

    private static final class Counting implements SoundDecoder {
        private final SoundDecoder decoder = new OpusDecoder(SoundDecoder.TO_PLAY);
        private int decoded;

        @Override
        public int sampleRate() {
            return decoder.sampleRate();
        }

        @Override
        public short[] decode(byte[] payload) {
            decoded++;
            return decoder.decode(payload);
        }

        @Override
        public void close() {
            decoder.close();
        }
    }

    private record Heard(short[] line, int decoded) {}

    private static Heard heard(List<Frame> frames, List<Job.Quiet> quiet) throws IOException {
        Counting decoder = new Counting();
        short[] line = new short[PACKETS * PACKET];
        try (MixVoice voice = new MixVoice(
                TestMedia.scratch(TestMedia.track("opus", frames)),
                decoder,
                new Job.Voice(0, "opus", 2, 0, 0, List.of(), List.of(), quiet))) {
            for (int at = 0; at < line.length; at += PACKET) {
                short[] block = voice.next(PACKET);
                System.arraycopy(block, 0, line, at, block.length);
            }
        }
        return new Heard(line, decoder.decoded);
    }

    @Test
    void whatIsHeardIsTheSameAsIfEverythingHadBeenDecoded() throws IOException {
        for (List<Frame> frames : List.of(
                TestMedia.opus(0, PACKETS, speaker(-66)), // CELT
                TestMedia.opusWithFec(0, PACKETS, speaker(-66)))) { // SILK
            Heard full = heard(frames, List.of());
            Heard gated = heard(frames, quiet(frames));
            assertEquals(PACKETS, full.decoded);
            assertTrue(gated.decoded < PACKETS * 3 / 4, gated.decoded + " packets were decoded");
            for (int at = 0; at < full.line.length; at += PACKET) {
                double level = Sound.level(full.line, at, PACKET);
                if (level >= HEARD) {
                    double error = error(full.line, gated.line, at);
                    // what a decoder that has run in for 200 ms may still be off: 40 dB below the sound, or below all
                    // that is heard
                    assertTrue(
                            error < Math.max(level / 100, HEARD / 4),
                            "at " + at / 48 + " ms: level " + level + ", off by " + error);
                }
            }
        }
    }

    private static double error(short[] one, short[] other, int from) {
        short[] difference = new short[PACKET];
        for (int i = 0; i < PACKET; i++) {
            difference[i] = (short) (one[from + i] - other[from + i]);
        }
        return Sound.level(difference, 0, PACKET);
    }

    @Test
    void nothingStepsWhereTheGateOpensAndShuts() throws IOException {
        List<Frame> frames = TestMedia.opus(0, PACKETS, speaker(-66));
        short[] full = heard(frames, List.of()).line;
        short[] gated = heard(frames, quiet(frames)).line;
        int steepest = 0;
        int mostInQuiet = 0;
        for (int i = 1; i < full.length; i++) {
            steepest = Math.max(steepest, Math.abs(full[i] - full[i - 1]));
            if (i / 48 % 5_000 > 3_200 && i / 48 % 5_000 < 4_900) {
                mostInQuiet = Math.max(mostInQuiet, Math.abs(gated[i] - gated[i - 1]));
            }
        }
        assertTrue(mostInQuiet < steepest / 8, mostInQuiet + " beside " + steepest);
    }

    @Test
    void backgroundThatIsLouderThanSixtyDecibelsBelowFullScaleIsKept() throws IOException {
        List<Frame> frames = TestMedia.opus(0, PACKETS, speaker(-57));
        assertEquals(List.of(), quiet(frames));
        assertArrayEquals(heard(frames, List.of()).line, heard(frames, quiet(frames)).line);
    }

    @Test
    void oneLoudPacketInTheQuietIsHeard() throws IOException {
        TestMedia.Signal quietNoise = speaker(-66);
        List<Frame> frames =
                TestMedia.opus(0, PACKETS, n -> n / PACKET == 210 ? 0.05 * Math.sin(n / 8.0) : quietNoise.at(n));
        short[] full = heard(frames, List.of()).line;
        short[] gated = heard(frames, quiet(frames)).line;
        assertTrue(Sound.level(full, 210 * PACKET, PACKET) > 0.02);
        assertTrue(error(full, gated, 210 * PACKET) < Sound.level(full, 210 * PACKET, PACKET) / 100);
    }

    @Test
    void packetThatReachesIntoTheSoundIsDecodedHoweverLongItIs() {
        Job.Quiet quiet = new Job.Quiet(1_000_000, 2_000_000);
        assertTrue(new QuietGate(List.of(quiet)).isShut(1_400_000, 400_000));
        assertFalse(new QuietGate(List.of(quiet)).isShut(1_400_000, 400_001));
        assertFalse(new QuietGate(List.of(quiet)).isShut(1_700_000, 0));
    }

    /** It may be heard from the packet after it. */
    @Test
    void aroundWhatIsMissingInTheQuietAllIsDecoded() {
        Job.Voice voice = new Job.Voice(
                0,
                "opus",
                2,
                0,
                0,
                List.of(new Job.Loss(4_000_000, 3), new Job.Loss(3_000_000, 1)), // as two sources may have it
                List.of(),
                List.of(new Job.Quiet(1_000_000, 2_000_000), new Job.Quiet(2_500_000, 4_000_000)));
        List<Job.Quiet> quiet = Mixer.withoutLosses(voice).quiet();
        assertEquals(
                List.of(
                        new Job.Quiet(1_000_000, 2_000_000),
                        new Job.Quiet(2_500_000, 3_000_000),
                        new Job.Quiet(3_020_000, 4_000_000)),
                quiet);
        assertTrue(new QuietGate(quiet).isShut(2_780_000, 20_000));
        assertFalse(new QuietGate(quiet).isShut(2_800_000, 20_000)); // the decoder runs in
        assertFalse(new QuietGate(quiet).isShut(3_020_000, 20_000));
        assertFalse(new QuietGate(quiet).isShut(3_200_000, 20_000));
        assertTrue(new QuietGate(quiet).isShut(3_220_000, 20_000));
    }

    @Test
    void silenceThatTheEncoderIsNotAskedForIsWhatItWouldHaveSaidAndSoundGoesOnAsWell() {
        TestMedia.Signal signal = speaker(-66);
        double[] noise = new double[2];
        try (OpusEncoder asked = new OpusEncoder(32_000, 5);
                OpusEncoder spared = new OpusEncoder(32_000, 5);
                OpusDecoder ofAsked = new OpusDecoder(SoundDecoder.TO_PLAY);
                OpusDecoder ofSpared = new OpusDecoder(SoundDecoder.TO_PLAY)) {
            short[] before = new short[PACKET];
            for (int packet = 0; packet < 500; packet++) {
                short[] block = new short[PACKET];
                boolean silent = packet >= 100 && packet < 400;
                for (int i = 0; i < PACKET && !silent; i++) {
                    block[i] = (short) Math.round(32_767 * signal.at((long) packet * PACKET + i));
                }
                byte[] expected = asked.encode(block);
                byte[] got = silent ? spared.encodeSilence() : spared.encode(block);
                if (silent) {
                    assertArrayEquals(expected, got, "packet " + packet);
                }
                noise[0] += noise(before, block, ofAsked.decode(expected), asked.preskip());
                noise[1] += noise(before, block, ofSpared.decode(got), spared.preskip());
                before = block;
            }
        }
        assertEquals(0, 10 * Math.log10(noise[1] / noise[0]), 0.5, "dB more noise");
    }

    /** What decoding is off by. @param preskip how much later it comes */
    private static double noise(short[] before, short[] block, short[] decoded, int preskip) {
        double sum = 0;
        for (int i = 0; i < PACKET; i++) {
            int sent = i < preskip ? before[PACKET - preskip + i] : block[i - preskip];
            sum += Math.pow(decoded[i] - sent, 2);
        }
        return sum;
    }
}

package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.testkit.Correlation;
import hansard.testkit.Ffmpeg;
import hansard.wire.Codec;
import hansard.wire.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made from tracks is heard when the tracks are: waveforms that the distribution's ffmpeg decodes, one against the other. */
class SoundInTimeTest {
    private static final long START = TestMedia.EPOCH_MICROS;
    private static final int RATE = OpusPacket.SAMPLE_RATE;

    /** WebM's times are whole milliseconds. */
    private static final int MILLISECOND = RATE / 1_000;

    /** What an encoder's look-ahead, an unplayed filter's delay or a packet would be is well within. */
    private static final int LOOKED_AT = RATE / 25;

    /** Two codecs one after the other leave this much of a noise's waveform. */
    private static final double ALIKE = 0.8;

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"opus, 0", "opus, 1234567", "pcmu, 700000", "pcma, 20000", "g722, 1234567"})
    void mixIsHeardWithinAMillisecondOfTheTrackItWasMadeFrom(String codec, long offsetMicros) throws IOException {
        byte[] track = track(codec);
        byte[] mix = made(
                new Job.Mix(
                        List.of(new Job.Voice(
                                0,
                                codec,
                                codec.equals("opus") ? 2 : 1,
                                offsetMicros,
                                0,
                                List.of(),
                                List.of(),
                                List.of())),
                        offsetMicros + 4_000_000,
                        64_000,
                        5),
                track);
        // who is alone is heard from the next block on: by half a block, 10 ms, away at most
        long expectedMicros = codec.equals("opus") ? (offsetMicros + 10_000) / 20_000 * 20_000 : offsetMicros;
        assertInTime(samples("track", track), samples("mix", mix), samplesIn(expectedMicros));
    }

    @Test
    void eachOfTwoSpeakersIsInTheMixAtTheirTime() throws IOException {
        byte[] one = track("opus");
        byte[] other = TestMedia.track("opus", TestMedia.opus(START, 100, noise(7)));
        byte[] mix = made(
                new Job.Mix(List.of(Job.Voice.opus(0, 0), Job.Voice.opus(1, 4_321_000)), 6_400_000, 64_000, 5),
                one,
                other);
        short[] mixed = samples("mix", mix);
        assertInTime(samples("one", one), mixed, 0);
        assertInTime(samples("other", other), mixed, samplesIn(4_321_000));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 333_000})
    void compositeIsHeardWithinAMillisecondOfTheTracks(long offsetMicros) throws IOException {
        byte[] track = track("opus");
        byte[] mix = made(new Job.Mix(List.of(Job.Voice.opus(0, 0)), 4_000_000, 64_000, 5), track);
        Job.Composite job = new Job.Composite(
                List.of(new Job.Tile("Alice", List.of())),
                Job.Voice.opus(0, offsetMicros),
                START,
                4_500_000,
                160,
                120,
                5,
                100_000);
        assertInTime(samples("track", track), samples("composite", made(job, mix)), samplesIn(offsetMicros));
    }

    @Test
    void renditionIsHeardWithinAMillisecondOfWhatCame() throws IOException {
        List<Frame> frames = telephone("g722");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Rendition rendition = new Rendition(Codec.of("g722"), START)) {
            frames.forEach(rendition::add);
            rendition.finish();
            rendition.copyTo(Channels.newChannel(out));
        }
        assertInTime(samples("kept", track("g722")), samples("rendition", out.toByteArray()), 0);
    }

    private static int samplesIn(long micros) {
        return Math.toIntExact(micros * RATE / 1_000_000);
    }

    /** In its first, a middle and its last half second with sound. */
    private static void assertInTime(short[] track, short[] made, int expected) {
        for (int from : new int[] {RATE / 10, RATE, track.length - RATE * 6 / 10}) {
            Correlation.Found found = Correlation.find(track, from, RATE / 2, made, expected + from, LOOKED_AT);
            assertTrue(found.likeness() > ALIKE, from + " samples on: " + found);
            assertEquals(0, found.samples(), MILLISECOND, from + " samples on: " + found);
        }
    }

    private short[] samples(String name, byte[] media) throws IOException {
        return Ffmpeg.samples(Files.write(directory.resolve(name), media), RATE);
    }

    private static byte[] made(Job job, byte[]... inputs) throws IOException {
        SealedScratch made = SealedScratch.create();
        new JobWork(input -> TestMedia.scratch(inputs[input]), thousandths -> {}).make(job, made);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        FastStart.copyRange(made, 0, made.size(), Channels.newChannel(bytes));
        return bytes.toByteArray();
    }

    /** Four seconds of noise. */
    private byte[] track(String codec) throws IOException {
        if (codec.equals("opus")) {
            return TestMedia.track("opus", TestMedia.opus(START, 200, noise(3)));
        }
        FrameGate gate = FrameGate.of(codec, 1).orElseThrow();
        try (TrackFile file = new TrackFile()) {
            for (Frame frame : telephone(codec)) {
                file.add(frame, (FrameGate.Usable) gate.look(frame.payload().array()));
            }
            file.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            file.copyTo(Channels.newChannel(out));
            return out.toByteArray();
        }
    }

    private List<Frame> telephone(String codec) throws IOException {
        byte[] pcm = new byte[4 * RATE * 2];
        TestMedia.Signal signal = noise(3);
        for (int i = 0; i < pcm.length / 2; i++) {
            int sample = (int) Math.round(32_767 * signal.at(i));
            pcm[2 * i] = (byte) sample;
            pcm[2 * i + 1] = (byte) (sample >> 8);
        }
        Path from = Files.write(directory.resolve("noise.s16le"), pcm);
        int rate = codec.equals("g722") ? 16_000 : 8_000;
        String format = Map.of("pcmu", "mulaw", "pcma", "alaw", "g722", "g722").get(codec);
        byte[] coded = Ffmpeg.output(Stream.of(
                        "-f s16le -ar 48000 -ac 1 -i", from.toString(), "-ar " + rate + " -f " + format + " -")
                .flatMap(some -> Arrays.stream(some.equals(from.toString()) ? new String[] {some} : some.split(" ")))
                .toArray(String[]::new));
        List<Frame> frames = new ArrayList<>();
        for (int at = 0; at + 160 <= coded.length; at += 160) {
            frames.add(TestMedia.frame(START + at * 125L, at, true, Arrays.copyOfRange(coded, at, at + 160)));
        }
        return frames;
    }

    /** Noise below the voice's upper end, which repeats itself nowhere, so that it has one place only. */
    private static TestMedia.Signal noise(int seed) {
        double[] made = new double[5 * RATE];
        java.util.Random random = new java.util.Random(seed);
        double low = 0;
        double lower = 0;
        for (int i = 0; i < made.length; i++) {
            low += (random.nextGaussian() - low) * 0.2;
            lower += (low - lower) * 0.2;
            made[i] = 0.5 * (lower - (i > 40 ? made[i - 40] * 0.1 : 0));
        }
        return n -> n < made.length ? Math.clamp(made[(int) n], -0.9, 0.9) : 0;
    }
}

package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.testkit.Require;
import hansard.wire.Codec;
import hansard.wire.Frame;
import hansard.wire.Octets;
import hansard.wire.ToneEvent;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** G.711 and G.722, encoded and decoded again by Debian's ffmpeg; and keys pressed. */
class TelephonyTest {
    private static final Path FFMPEG = Path.of("/usr/bin/ffmpeg");
    private static final long START = TestMedia.EPOCH_MICROS;

    @TempDir
    Path directory;

    private byte[] ffmpeg(byte[] in, String... arguments) throws Exception {
        Require.present(Files.isExecutable(FFMPEG), "ffmpeg");
        Path from = Files.write(directory.resolve("in"), in);
        Path to = directory.resolve("out");
        List<String> command = new ArrayList<>(List.of(FFMPEG.toString(), "-v", "error", "-nostdin", "-y"));
        for (String argument : arguments) {
            command.add(argument.equals("IN") ? from.toString() : argument);
        }
        command.add(to.toString());
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        assertEquals(0, process.waitFor(), () -> "see the log of " + command);
        return Files.readAllBytes(to);
    }

    /** Ten seconds of a tone that rises, as the codec's samples. */
    private byte[] coded(String format, int rate) throws Exception {
        ByteBuffer pcm = ByteBuffer.allocate(rate * 10 * 2).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < rate * 10; i++) {
            double t = i / (double) rate;
            pcm.putShort((short) (9_000 * Math.sin(2 * Math.PI * (300 + 40 * t) * t)));
        }
        return ffmpeg(pcm.array(), "-f", "s16le", "-ar", "" + rate, "-ac", "1", "-i", "IN", "-f", format);
    }

    private static List<Frame> frames(byte[] samples) {
        List<Frame> frames = new ArrayList<>();
        for (int at = 0; at + 160 <= samples.length; at += 160) {
            frames.add(TestMedia.frame(START + at * 125L, at, true, Arrays.copyOfRange(samples, at, at + 160)));
        }
        return frames;
    }

    private static byte[] kept(String codec, List<Frame> frames) {
        FrameGate gate = FrameGate.of(codec, 1).orElseThrow();
        try (TrackFile file = new TrackFile()) {
            frames.forEach(
                    f -> file.add(f, (FrameGate.Usable) gate.look(f.payload().array())));
            file.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            file.copyTo(Channels.newChannel(out));
            return out.toByteArray();
        }
    }

    @ParameterizedTest
    @CsvSource({"pcmu, mulaw, 8000", "pcma, alaw, 8000", "g722, g722, 16000"})
    void samplesAreKeptAsTheyCame(String codec, String format, int rate) throws Exception {
        byte[] samples = coded(format, rate);
        byte[] file = kept(codec, frames(samples));
        byte[] back = ffmpeg(file, "-i", "IN", "-c", "copy", "-f", format);
        assertArrayEquals(Arrays.copyOf(samples, samples.length / 160 * 160), back);
    }

    @ParameterizedTest
    @CsvSource({"pcmu, mulaw, 255", "pcma, alaw, 213"})
    void aHoleIsSilenceAndEverythingBehindItIsInItsPlace(String codec, String format, int silence) throws Exception {
        byte[] samples = coded(format, 8_000);
        List<Frame> sent = new ArrayList<>(frames(samples));
        sent.subList(100, 150).clear();
        byte[] back = ffmpeg(kept(codec, sent), "-i", "IN", "-c", "copy", "-f", format);
        byte[] expected = samples.clone();
        Arrays.fill(expected, 100 * 160, 150 * 160, (byte) silence);
        assertArrayEquals(expected, back);
    }

    /** Whatever of it overlaps: every sample given is in the file or said to be left out. */
    @Property(tries = 200)
    void everySampleIsKeptOrSaidToBeLeftOut(
            @ForAll @Size(max = 60) List<@IntRange(min = -100, max = 200) Integer> steps) {
        SampleFill fill = new SampleFill(new TrackFormat.G711(TelephoneCodec.PCMU, 1), START);
        long[] written = {0};
        long given = 0;
        long leftOut = 0;
        long at = START;
        for (int step : steps) {
            byte[] voice = new byte[160];
            Arrays.fill(voice, (byte) 7);
            leftOut += fill.add(TestMedia.frame(at, 0, true, voice), (samples, where, lasting, key) -> {
                        for (byte sample : samples) {
                            written[0] += sample == 7 ? 125 : 0;
                        }
                    })
                    .orElseThrow();
            given += 20_000;
            at = Math.max(START, at + step * 1_000L);
        }
        assertEquals(given, written[0] + leftOut);
    }

    @Test
    void aTimestampOfNonsenseFillsNoDisk() {
        List<Frame> frames = frames(new byte[1_600]);
        Frame last = frames.removeLast();
        frames.add(TestMedia.frame(
                START + SampleFill.MAX_HOLE_MICROS * 2, 0, true, last.payload().array()));
        assertEquals(9 * 160, kept("pcmu", frames).length, 200);
    }

    @ParameterizedTest
    @CsvSource({"pcmu, mulaw, 8000", "pcma, alaw, 8000", "g722, g722, 16000"})
    void decodedSoundIsThatOfDebiansFfmpeg(String codec, String format, int rate) throws Exception {
        byte[] samples = coded(format, rate);
        short[] ours = decoded(codec, samples);
        List<String> arguments = new ArrayList<>(List.of("-f", format));
        if (!codec.equals("g722")) { // which knows its rate itself
            arguments.addAll(List.of("-ar", "" + rate));
        }
        arguments.addAll(List.of("-i", "IN", "-ar", "48000", "-ac", "1", "-f", "s16le"));
        byte[] theirs = ffmpeg(samples, arguments.toArray(String[]::new));
        assertLike(ours, shorts(theirs), 40);
    }

    @Test
    void g722HasARenditionThatSoundsTheSame() throws Exception {
        byte[] samples = coded("g722", 16_000);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Rendition rendition = new Rendition(Codec.of("g722"), START)) {
            frames(samples).forEach(rendition::add);
            rendition.finish();
            rendition.copyTo(Channels.newChannel(out));
        }
        short[] heard = shorts(ffmpeg(out.toByteArray(), "-i", "IN", "-ar", "48000", "-ac", "1", "-f", "s16le"));
        assertEquals(480_000, heard.length, 2_000);
        assertLike(heard, decoded("g722", samples), 12); // once through Opus at 32 kbit/s
    }

    private static short[] decoded(String codec, byte[] samples) {
        short[] sound = new short[490_000];
        int at = 0;
        try (SoundDecoder decoder = SoundDecoder.of(codec, 1, SoundDecoder.TO_PLAY)) {
            for (Frame frame : frames(samples)) {
                short[] piece = decoder.decode(frame.payload().array());
                System.arraycopy(piece, 0, sound, at, piece.length);
                at += piece.length;
            }
        }
        return Arrays.copyOf(sound, at);
    }

    private static short[] shorts(byte[] pcm) {
        short[] samples = new short[pcm.length / 2];
        ByteBuffer.wrap(pcm).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
        return samples;
    }

    /** Signal to difference in dB, at the best of the delays that filters and encoders have: below 10 ms. */
    private static void assertLike(short[] some, short[] other, double decibels) {
        double best = -1_000;
        for (int delay = -480; delay <= 480; delay++) {
            double signal = 0;
            double difference = 0;
            for (int i = 48_000; i < 96_000; i++) {
                double a = some[i];
                double b = other[i + delay];
                signal += a * a;
                difference += (a - b) * (a - b);
            }
            best = Math.max(best, 10 * Math.log10(signal / Math.max(1, difference)));
        }
        assertTrue(best >= decibels, "alike to " + best + " dB");
    }

    private static Frame event(long startMs, long afterMs, int event, boolean end, int duration) {
        byte[] bytes = {(byte) event, (byte) (end ? 0x8a : 0x0a), (byte) (duration >> 8), (byte) duration};
        long micros = START + startMs * 1_000;
        return new Frame(micros, startMs * 8, micros + afterMs * 1_000, 1, true, false, -1, 101, Octets.of(bytes));
    }

    @Test
    void aKeyThatIsToldManyTimesIsOne() {
        Tones tones = new Tones();
        for (int i = 1; i <= 4; i++) {
            assertTrue(tones.add(event(12_300, i * 20, 5, false, i * 160), 8_000));
        }
        for (int i = 0; i < 3; i++) {
            assertTrue(tones.add(event(12_300, 100, 5, true, 800), 8_000));
        }
        assertTrue(tones.add(event(13_000, 20, 11, true, 400), 8_000));
        assertEquals(
                List.of(
                        new ToneEvent(5, START + 12_300_000, 100_000, true),
                        new ToneEvent(11, START + 13_000_000, 50_000, true)),
                tones.events());
        assertEquals("#", tones.events().get(1).key());
        assertFalse(tones.events().getFirst().toString().contains("5,"), "a key is content");
    }

    @Test
    void theSameKeyTwiceIsTwoAndOneWithoutAnEndSaysSo() {
        Tones tones = new Tones();
        tones.add(event(1_000, 0, 1, true, 400), 8_000);
        tones.add(event(1_200, 0, 1, false, 160), 8_000);
        assertEquals(2, tones.count());
        assertFalse(tones.events().get(1).ended());
    }

    @Test
    void aKeyHeldLongerThanTheFieldHoldsIsOne() {
        Tones tones = new Tones();
        tones.add(event(0, 8_191, 9, false, 0xffff), 8_000);
        Frame on = event(0, 9_000, 9, true, 800);
        tones.add(new Frame(START + 8_191_875, 0xffff, START, 1, true, false, -1, 101, on.payload()), 8_000);
        assertEquals(List.of(new ToneEvent(9, START, (0xffff + 800) * 125L, true)), tones.events());
    }

    @Test
    void whatIsNoEventIsPassedOver() {
        assertFalse(new Tones().add(TestMedia.frame(START, 0, true, new byte[3]), 8_000));
    }
}

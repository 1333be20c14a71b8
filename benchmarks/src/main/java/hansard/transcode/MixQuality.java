package hansard.transcode;

import hansard.wire.Frame;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What the mix's encoder takes from speech, by its complexity: segmental signal-to-noise ratio against what went in, over the blocks of 20 ms
 * louder than -50 dBFS, each limited to -10 to 35 dB; CPU time. Writes what is heard for a recogniser ({@code SPEAKER-COMPLEXITY.pcm}, signed
 * 16-bit little-endian mono, 16 kHz) and the words ({@code SPEAKER.txt}).
 */
public final class MixQuality {
    private static final int BLOCK = OpusEncoder.FRAME_SAMPLES;
    private static final int NOT_ENCODED = -1;
    private static final double LOUD = 1e-5; // -50 dBFS, as energy of full scale

    private MixQuality() {}

    /** @param arguments a folder, the seconds of call, complexities */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        TurnTaking call = TurnTaking.of(2, Integer.parseInt(arguments[1]), -66);
        List<Integer> complexities = new ArrayList<>(List.of(NOT_ENCODED));
        Arrays.stream(arguments).skip(2).map(Integer::valueOf).forEach(complexities::add);
        List<short[]> inputs = new ArrayList<>();
        for (int speaker = 0; speaker < 2; speaker++) {
            inputs.add(decoded(ChromiumEncoder.frames(call.tracks().get(speaker), false)));
            Files.writeString(folder.resolve(speaker + ".txt"), call.said().get(speaker), StandardCharsets.UTF_8);
        }
        for (int complexity : complexities) {
            double decibels = 0;
            long nanos = 0;
            for (int speaker = 0; speaker < 2; speaker++) {
                short[] input = inputs.get(speaker);
                long before = cpuNanos();
                short[] output = complexity == NOT_ENCODED ? input : coded(input, complexity);
                nanos += cpuNanos() - before;
                decibels += segmental(input, output) / 2;
                write(folder.resolve(speaker + "-" + complexity + ".pcm"), output);
            }
            System.out.printf(
                    Locale.ROOT, "complexity %d: %.1f dB, %.2f s of CPU%n", complexity, decibels, nanos / 1e9);
        }
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static short[] decoded(List<Frame> frames) {
        short[] sound = new short[frames.size() * BLOCK];
        try (OpusDecoder decoder = new OpusDecoder()) {
            for (int i = 0; i < frames.size(); i++) {
                System.arraycopy(decoder.decode(frames.get(i).payload().array()), 0, sound, i * BLOCK, BLOCK);
            }
        }
        return sound;
    }

    /** Through the encoder and back, its look-ahead taken off. */
    private static short[] coded(short[] sound, int complexity) {
        short[] line = new short[sound.length + BLOCK];
        int preskip;
        try (OpusEncoder encoder = new OpusEncoder(32_000, complexity);
                OpusDecoder decoder = new OpusDecoder()) {
            preskip = encoder.preskip();
            for (int at = 0; at < line.length; at += BLOCK) {
                short[] block = at < sound.length ? Arrays.copyOfRange(sound, at, at + BLOCK) : new short[BLOCK];
                System.arraycopy(decoder.decode(encoder.encode(block).getFirst()), 0, line, at, BLOCK);
            }
        }
        return Arrays.copyOfRange(line, preskip, preskip + sound.length);
    }

    private static double segmental(short[] input, short[] output) {
        double sum = 0;
        int blocks = 0;
        for (int at = 0; at + BLOCK <= input.length; at += BLOCK) {
            double signal = 0;
            double noise = 1;
            for (int i = at; i < at + BLOCK; i++) {
                signal += (double) input[i] * input[i];
                noise += Math.pow(input[i] - output[i], 2);
            }
            if (signal / BLOCK / (32_768.0 * 32_768.0) > LOUD) {
                sum += Math.clamp(10 * Math.log10(signal / noise), -10, 35);
                blocks++;
            }
        }
        return sum / Math.max(1, blocks);
    }

    private static void write(Path file, short[] sound) throws IOException {
        try (Resampler resampler = new Resampler()) {
            List<short[]> parts = new ArrayList<>();
            for (int at = 0; at < sound.length; at += BLOCK) {
                parts.add(resampler.convert(sound, at, Math.min(BLOCK, sound.length - at)));
            }
            parts.add(resampler.flush());
            int length = parts.stream().mapToInt(part -> part.length).sum();
            ByteBuffer bytes = ByteBuffer.allocate(length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (short[] part : parts) {
                for (short sample : part) {
                    bytes.putShort(sample);
                }
            }
            Files.write(file, bytes.array());
        }
    }
}

package hansard.transcode;

import hansard.wire.Frame;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the mix's encoder takes from speech, by its complexity: segmental signal-to-noise ratio against what went in, over the blocks of 20 ms
 * in which speech without the noise is louder than -50 dBFS, each limited to -10 to 35 dB; CPU time. Writes what is heard for a recogniser ({@code SPEAKER-COMPLEXITY.pcm}, signed
 * 16-bit little-endian mono, 16 kHz) and the words ({@code SPEAKER.txt}). Then the same of whole mixes, in which a lone speaker's packets are
 * what they were, and in which everything is encoded, each against the sum of what it is made of; how many blocks each has that are off by more
 * than 0 dB; and how much speech was taken for noise.
 */
public final class MixQuality {
    private static final int BLOCK = OpusEncoder.FRAME_SAMPLES;
    private static final String NO_NOISE = "-200";
    private static final int NOT_ENCODED = -1;
    private static final double LOUD = 1e-5; // -50 dBFS, as energy of full scale

    private MixQuality() {}

    /** @param arguments a folder, the seconds of call, the rooms' noise ({@link RoomTone}), complexities */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        TurnTaking call = TurnTaking.of(2, Integer.parseInt(arguments[1]), RoomTone.of(arguments[2]));
        TurnTaking clean = TurnTaking.of(2, Integer.parseInt(arguments[1]), RoomTone.of(NO_NOISE));
        List<Integer> complexities = new ArrayList<>(List.of(NOT_ENCODED));
        Arrays.stream(arguments).skip(3).map(Integer::valueOf).forEach(complexities::add);
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
                decibels += segmental(input, output, clean.tracks().get(speaker)) / 2;
                write(folder.resolve(speaker + "-" + complexity + ".pcm"), output);
            }
            System.out.printf(
                    Locale.ROOT, "complexity %d: %.1f dB, %.2f s of CPU%n", complexity, decibels, nanos / 1e9);
        }
        mixes(call, clean, inputs, complexities.getLast());
    }

    private static void mixes(TurnTaking call, TurnTaking clean, List<short[]> inputs, int complexity)
            throws IOException {
        List<Path> tracks = new ArrayList<>();
        Path folder = Files.createTempDirectory("mix-quality");
        for (short[] track : call.tracks()) {
            tracks.add(folder.resolve("v" + (tracks.size() + 1) + ".webm"));
            TurnTakingTracks.write(track, false, tracks.getLast());
        }
        Job.Mix known = MixBenchmark.job(tracks, complexity);
        Job.Mix unknown = new Job.Mix(
                known.voices().stream()
                        .map(v -> Job.Voice.opus(v.input(), v.offsetMicros()))
                        .toList(),
                known.durationMicros(),
                known.bitrate(),
                complexity);
        short[] spoken = sum(clean.tracks());
        for (Job.Mix job : List.of(known, unknown)) {
            short[] sum = sum(heard(job, tracks));
            short[] mix = mixed(job, tracks);
            System.out.printf(
                    Locale.ROOT,
                    "mix, %s: %.1f dB, %d blocks off by more than 0 dB%n",
                    job == known ? "lone speakers as they came" : "everything encoded",
                    segmental(sum, mix, spoken),
                    offBlocks(sum, mix, spoken));
        }
        System.out.printf(
                Locale.ROOT,
                "spoken and left out: %d ms above -50 dBFS, %d ms above -60 dBFS%n",
                leftOut(clean, known, LOUD),
                leftOut(clean, known, LOUD / 10));
        for (Path track : tracks) {
            Files.delete(track);
        }
        Files.delete(folder);
    }

    /** What a mix is made of: all that is decoded, and not what is left out. */
    private static List<short[]> heard(Job.Mix job, List<Path> tracks) throws IOException {
        List<short[]> heard = new ArrayList<>();
        for (Job.Voice voice : job.voices()) {
            short[] line = new short[(int) (job.durationMicros() * OpusPacket.SAMPLE_RATE / 1_000_000 / BLOCK) * BLOCK];
            try (MixVoice sound = new MixVoice(
                    FileChannel.open(tracks.get(voice.input())), new OpusDecoder(SoundDecoder.TO_PLAY), voice)) {
                for (int at = 0; at < line.length; at += BLOCK) {
                    short[] block = sound.next(BLOCK);
                    System.arraycopy(block, 0, line, at, block.length);
                }
            }
            heard.add(line);
        }
        return heard;
    }

    /** Milliseconds in which somebody speaks, as it was before noise was added, and is not decoded or passed. */
    private static long leftOut(TurnTaking clean, Job.Mix job, double loud) {
        long millis = 0;
        for (Job.Voice voice : job.voices()) {
            QuietGate gate = new QuietGate(voice.quiet());
            short[] track = clean.tracks().get(voice.input());
            for (int at = 0; at + BLOCK <= track.length; at += BLOCK) {
                long micros = at * 1_000_000L / OpusPacket.SAMPLE_RATE;
                millis += gate.isShut(micros, LoneSpeakers.BLOCK_MICROS) && energy(track, at) > loud ? 20 : 0;
            }
        }
        return millis;
    }

    /** Of a block, as part of full scale. */
    private static double energy(short[] sound, int from) {
        double sum = 0;
        for (int i = from; i < from + BLOCK; i++) {
            sum += (double) sound[i] * sound[i];
        }
        return sum / BLOCK / (32_768.0 * 32_768.0);
    }

    private static short[] sum(List<short[]> inputs) {
        int length = inputs.stream().mapToInt(input -> input.length).max().orElse(0);
        short[] line = new short[length];
        SpeakerSum sum = new SpeakerSum(inputs.size());
        for (int at = 0; at + BLOCK <= length; at += BLOCK) {
            int from = at;
            short[] block = sum.add(
                    inputs.stream()
                            .map(input -> Arrays.copyOfRange(input, from, from + BLOCK))
                            .toList(),
                    BLOCK);
            System.arraycopy(block, 0, line, at, block.length);
        }
        return line;
    }

    private static short[] mixed(Job.Mix job, List<Path> tracks) throws IOException {
        Path file = Files.createTempFile("mix", ".webm");
        try (FileChannel to = FileChannel.open(file, StandardOpenOption.WRITE)) {
            new JobWork(input -> FileChannel.open(tracks.get(input)), thousandths -> {}).make(job, to);
        }
        List<short[]> blocks = new ArrayList<>();
        try (Demuxer demuxer = new Demuxer(FileChannel.open(file));
                OpusDecoder decoder = new OpusDecoder(SoundDecoder.TO_PLAY)) {
            for (Optional<Demuxer.Packet> next = demuxer.next(); next.isPresent(); next = demuxer.next()) {
                blocks.add(decoder.decode(next.get().payload()));
            }
        }
        Files.delete(file);
        short[] line = new short[(blocks.size() - 1) * BLOCK];
        for (int i = 1; i < blocks.size(); i++) { // players discard the first one
            System.arraycopy(blocks.get(i), 0, line, (i - 1) * BLOCK, BLOCK);
        }
        return line;
    }

    private static int offBlocks(short[] input, short[] output, short[] spoken) {
        int off = 0;
        for (int at = 0; at + BLOCK <= Math.min(input.length, output.length); at += BLOCK) {
            double signal = 0;
            double noise = 0;
            for (int i = at; i < at + BLOCK; i++) {
                signal += (double) input[i] * input[i];
                noise += Math.pow(input[i] - output[i], 2);
            }
            off += noise > signal && energy(spoken, at) > LOUD ? 1 : 0;
        }
        return off;
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static short[] decoded(List<Frame> frames) {
        short[] sound = new short[frames.size() * BLOCK];
        try (OpusDecoder decoder = new OpusDecoder(SoundDecoder.TO_PLAY)) {
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
                OpusDecoder decoder = new OpusDecoder(SoundDecoder.TO_PLAY)) {
            preskip = encoder.preskip();
            for (int at = 0; at < line.length; at += BLOCK) {
                short[] block = at < sound.length ? Arrays.copyOfRange(sound, at, at + BLOCK) : new short[BLOCK];
                System.arraycopy(decoder.decode(encoder.encode(block)), 0, line, at, BLOCK);
            }
        }
        return Arrays.copyOfRange(line, preskip, preskip + sound.length);
    }

    private static double segmental(short[] input, short[] output, short[] spoken) {
        double sum = 0;
        int blocks = 0;
        for (int at = 0; at + BLOCK <= Math.min(input.length, output.length); at += BLOCK) {
            double signal = 0;
            double noise = 1;
            for (int i = at; i < at + BLOCK; i++) {
                signal += (double) input[i] * input[i];
                noise += Math.pow(input[i] - output[i], 2);
            }
            if (energy(spoken, at) > LOUD) {
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

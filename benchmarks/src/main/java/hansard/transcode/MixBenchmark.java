package hansard.transcode;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * What the mix of the same Opus tracks costs here and with the ffmpeg command line, in turns: user and system time of the process that is
 * started for it, its start included; here also the time of the thread that serves it.
 */
public final class MixBenchmark {
    private static final double TICKS_A_SECOND = 100;
    private static final long REAPED_NANOS = 300_000_000;
    private static final int BITRATE = 32_000;

    private final Path folder;
    private final List<Path> tracks;
    private final int complexity;

    private MixBenchmark(Path folder, List<Path> tracks, int complexity) {
        this.folder = folder;
        this.tracks = tracks;
        this.complexity = complexity;
    }

    /** @param arguments what the tracks are, the folder in which they are {@code v1.webm} and so on, turns, maybe the encoder's complexity */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = Path.of(arguments[1]);
        List<Path> tracks = new ArrayList<>();
        for (int i = 1; Files.exists(folder.resolve("v" + i + ".webm")); i++) {
            tracks.add(folder.resolve("v" + i + ".webm"));
        }
        new MixBenchmark(
                        folder,
                        tracks,
                        arguments.length > 3 ? Integer.parseInt(arguments[3]) : TranscodeConfig.MIX_COMPLEXITY)
                .run(arguments[0], Integer.parseInt(arguments[2]));
    }

    private void run(String what, int turns) throws IOException, InterruptedException {
        Job.Mix job = job(tracks, complexity);
        ours(job); // the stage's own code is compiled
        double[][] cost = new double[4][turns];
        for (int turn = 0; turn < turns; turn++) {
            cost[0][turn] = ours(job);
            cost[1][turn] = theirs("amix=inputs=" + tracks.size());
            cost[2][turn] = theirs("amix=inputs=" + tracks.size(), "-b:a", BITRATE / 1_000 + "k");
            cost[3][turn] = theirs(inTime() + "amix=inputs=" + tracks.size());
        }
        double[] medians = Arrays.stream(cost).mapToDouble(MixBenchmark::median).toArray();
        System.out.printf(
                Locale.ROOT,
                "%s: %d tracks of %d s, left out %s %%; medians of %d turns: Hansard %.2f s, ffmpeg %.2f s, at 32 kbit/s %.2f s, with "
                        + "aresample=async %.2f s; Hansard / ffmpeg %.2f, at 32 kbit/s %.2f, with aresample=async %.2f%n",
                what,
                tracks.size(),
                job.durationMicros() / 1_000_000,
                leftOut(job),
                turns,
                medians[0],
                medians[1],
                medians[2],
                medians[3],
                medians[0] / medians[1],
                medians[0] / medians[2],
                medians[0] / medians[3]);
    }

    /** The job as the stage makes it of what it knows of the tracks since it decoded them for the recogniser. */
    static Job.Mix job(List<Path> tracks, int complexity) throws IOException {
        List<Job.Voice> voices = new ArrayList<>();
        List<List<Job.Quiet>> noises = new ArrayList<>();
        long end = 0;
        for (Path track : tracks) {
            QuietStretches quiet = new QuietStretches();
            SteadyNoise noise = new SteadyNoise();
            long trackMicros = 0;
            try (Demuxer demuxer = new Demuxer(FileChannel.open(track));
                    OpusDecoder decoder = new OpusDecoder(SoundDecoder.TO_PLAY)) {
                for (Optional<Demuxer.Packet> next = demuxer.next(); next.isPresent(); next = demuxer.next()) {
                    Demuxer.Packet packet = next.get();
                    short[] sound = decoder.decode(packet.payload());
                    quiet.add(packet.atMicros(), sound.length * 1_000L / 48, SoundLevel.of(sound));
                    noise.add(packet.atMicros(), sound.length * 1_000L / 48, SoundLevel.of(sound));
                    trackMicros = packet.atMicros() + sound.length * 1_000L / 48;
                }
            }
            end = Math.max(end, trackMicros);
            voices.add(new Job.Voice(
                    voices.size(),
                    "opus",
                    2,
                    0,
                    trackMicros,
                    List.of(),
                    List.of(),
                    quiet.all().stream()
                            .map(q -> new Job.Quiet(q.fromMicros(), q.toMicros()))
                            .toList()));
            noises.add(noise.all().stream()
                    .map(n -> new Job.Quiet(n.fromMicros(), n.toMicros()))
                    .toList());
        }
        return new Job.Mix(RoomNoise.withoutOthers(voices, noises, end), end, BITRATE, complexity);
    }

    private static long leftOut(Job.Mix job) {
        long micros = 0;
        for (Job.Voice voice : job.voices()) {
            for (Job.Quiet quiet : voice.quiet()) {
                QuietGate gate = new QuietGate(List.of(quiet));
                for (long at = quiet.fromMicros(); at < quiet.toMicros(); at += 20_000) {
                    micros += gate.isShut(at, 20_000) ? 20_000 : 0;
                }
            }
        }
        return 100 * micros / job.durationMicros() / job.voices().size();
    }

    private String inTime() {
        StringBuilder filters = new StringBuilder();
        for (int i = 0; i < tracks.size(); i++) {
            filters.append('[')
                    .append(i)
                    .append("]aresample=async=1[t")
                    .append(i)
                    .append("];");
        }
        for (int i = 0; i < tracks.size(); i++) {
            filters.append("[t").append(i).append(']');
        }
        return filters.toString();
    }

    private double ours(Job.Mix job) throws IOException {
        List<SeekableByteChannel> inputs = new ArrayList<>();
        for (Path track : tracks) {
            inputs.add(FileChannel.open(track));
        }
        double before = ofChildren();
        long served = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        try (FileChannel to = FileChannel.open(
                folder.resolve("ours.webm"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            new JobProcess().run(job, inputs, to, thousandths -> {}, () -> false);
        }
        served = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - served;
        for (SeekableByteChannel input : inputs) {
            input.close();
        }
        return ofChildren() - before + served / 1e9;
    }

    private double theirs(String filter, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ffmpeg", "-v", "error", "-y"));
        tracks.forEach(track -> command.addAll(List.of("-i", track.toString())));
        command.addAll(List.of("-filter_complex", filter, "-c:a", "libopus"));
        command.addAll(List.of(options));
        command.add(folder.resolve("theirs.webm").toString());
        double before = ofChildren();
        if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", command));
        }
        return ofChildren() - before;
    }

    /** User and system seconds of the processes that this one has started and that have ended: {@code proc(5)}, cutime and cstime. */
    private static double ofChildren() throws IOException {
        LockSupport.parkNanos(REAPED_NANOS);
        String stat = Files.readString(Path.of("/proc/self/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) / TICKS_A_SECOND;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(sorted.length - 1) / 2];
    }
}

package hansard.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code benchmarks/record-path}. */
@Command(
        name = "record-path",
        mixinStandardHelpOptions = true,
        description = {
            "Starts broker, ingest, decrypt-worker and transcode as processes of their own, sends them SRTP in real time over the loopback,"
                    + " ends the calls, checks that nothing was lost, and prints what it cost: CPU seconds (user and system) of each process"
                    + " for each stream-hour, which is an hour of one direction of one party's audio. No mix is made and nothing is recognised."
                    + " The sender is not counted.",
            "Beside it rtpengine with recording and an ffmpeg remux, when they are installed."
        })
final class RecordPath implements Callable<Integer> {
    private static final int MAX_STREAMS = 4_000;
    private static final int MAX_SECONDS = 900;

    /** For all recordings to be sealed: on two cores two or three a second are, beside what is still being stored. */
    private static final int SEAL_SECONDS = 300;

    private static final int FIRST_SSRC = 0x5000_0001;

    @Option(names = "--streams", defaultValue = "200", description = "Two in each call. Default: ${DEFAULT-VALUE}")
    int streams;

    @Option(
            names = "--seconds",
            defaultValue = "60",
            description = "How long is sent; the first third warms the processes up. Default: ${DEFAULT-VALUE}")
    int seconds;

    @Option(names = "--json", description = "Prints JSON.")
    boolean json;

    @Option(names = "--no-peers", description = "Leaves rtpengine and ffmpeg out.")
    boolean noPeers;

    @Option(names = "--keep", description = "Keeps the processes' logs and data below benchmarks/target/record-path.")
    boolean keep;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "A setting of the stages, such as ingest.bundle.max-age=200ms. May be repeated.")
    Map<String, String> settings = new LinkedHashMap<>();

    private final Path root = Path.of(System.getProperty("hansard.root", ".")).toAbsolutePath();

    public static void main(String[] args) {
        System.exit(new CommandLine(new RecordPath()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (streams < 1 || streams > MAX_STREAMS || seconds < 6 || seconds > MAX_SECONDS) {
            throw new IllegalArgumentException("1 to " + MAX_STREAMS + " streams for 6 to " + MAX_SECONDS
                    + " seconds, so that the load stays bounded");
        }
        try (WorkFolder folder = WorkFolder.fresh(root.resolve("benchmarks/target/record-path"), keep)) {
            Figures figures = measure(folder.path());
            figures.print(json);
            if (!json) {
                printRatio(figures.values());
            }
            return figures.isTrue("nothingLost") ? 0 : 1;
        }
    }

    private Figures measure(Path directory) throws IOException, InterruptedException {
        Figures figures = new Figures();
        figures.put("streams", streams);
        figures.put("seconds", seconds);
        if (!settings.isEmpty()) {
            figures.put("settings", settings);
        }
        try (Stages stages = Stages.start(root.resolve("hansard"), directory, settings);
                AnnouncedCalls calls = new AnnouncedCalls(stages.ingest(), stages.token(), FIRST_SSRC);
                PacedSender sender = new PacedSender()) {
            Map<String, Double> ready = stages.cpuSeconds();
            calls.announce(streams);
            Map<String, Double> announced = stages.cpuSeconds();
            int warm = seconds / 3;
            sender.send(calls.targets(), warm);
            Map<String, Double> warmed = stages.cpuSeconds();
            sender.send(calls.targets(), seconds - warm);
            Map<String, Double> sent = stages.cpuSeconds();
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
            long received = calls.received();
            calls.end();
            StoredTracks tracks =
                    StoredTracks.await(stages.kafka(), calls.callIds().size(), SEAL_SECONDS);
            Map<String, Double> stored = stages.cpuSeconds();

            figures.put("sent", calls.sent());
            figures.put("received", received);
            figures.put("framed", tracks.framed());
            figures.put("tracks", tracks.count());
            long objects = tracks.objectsIn(stages.store());
            figures.put("objects", objects);
            figures.put("storedBytes", tracks.bytes());
            figures.put(
                    "nothingLost",
                    received == calls.sent()
                            && tracks.received() == calls.sent()
                            && tracks.framed() == calls.sent()
                            && tracks.incomplete() == 0
                            && objects == streams);
            figures.put("latestPacketMs", sender.worstLateMillis());
            double steady = (double) streams * (seconds - warm);
            figures.put("cpuSecondsPerStreamHour", perHour(Cost.between(warmed, sent), steady));
            figures.put(
                    "cpuSecondsPerStreamHourWhole", perHour(Cost.between(ready, stored), (double) streams * seconds));
            figures.put("cpuSecondsToStart", Cost.between(Map.of(), ready).total());
            figures.put("cpuSecondsToAnnounce", Cost.between(ready, announced).total());
            figures.put("cpuSecondsToWarmUp", Cost.between(announced, warmed).total());
            figures.put("cpuSecondsToEndAndStore", Cost.between(sent, stored).total());
            figures.put("peakMebibytes", stages.peakMebibytes());
        }
        if (!noPeers) {
            peers(directory, figures);
        }
        return figures;
    }

    private static Map<String, Double> perHour(Cost cost, double streamSeconds) {
        Cost each = cost.perStreamHour(streamSeconds);
        Map<String, Double> named = new LinkedHashMap<>(each.cpuSeconds());
        named.put("all", each.total());
        return named;
    }

    private void peers(Path directory, Figures figures) throws IOException {
        Optional<Path> rtpengine = installed("rtpengine");
        if (rtpengine.isPresent()) {
            figures.put(
                    "rtpengineCpuSecondsPerStreamHour",
                    RtpenginePeer.cpuPerStreamHour(rtpengine.get(), directory, streams, Math.min(seconds, 20)));
        }
        Optional<Path> ffmpeg = installed("ffmpeg");
        if (ffmpeg.isPresent()) {
            figures.put("ffmpegRemuxCpuSecondsPerStreamHour", FfmpegRemux.cpuPerStreamHour(ffmpeg.get(), directory));
        }
    }

    private static Optional<Path> installed(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static void printRatio(Map<String, Object> figures) {
        if (figures.get("rtpengineCpuSecondsPerStreamHour") instanceof Double peer
                && figures.get("cpuSecondsPerStreamHour") instanceof Map<?, ?> ours
                && ours.get("all") instanceof Double all) {
            System.out.printf(Locale.ROOT, "%-36s %.2f%n", "Hansard / rtpengine", all / peer);
        }
    }
}

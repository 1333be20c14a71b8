package hansard.benchmarks;

import hansard.keys.Vault;
import hansard.testkit.FakeTransit.State;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code benchmarks/vault-outage}. */
@Command(
        name = "vault-outage",
        mixinStandardHelpOptions = true,
        description = {
            "Takes the vault away while calls are recorded, and looks whether anything is missing afterwards. Broker, ingest,"
                    + " decrypt-worker and transcode run as processes of their own; the vault's keys are in a fake of a transit service"
                    + " behind HTTP. For a quarter of the outage each, it answers 503, a page that is none of its answers, nothing, and its port is closed.",
            "A quarter of the streams ends during the outage, a quarter begins and ends in it, a quarter begins in it and goes on, a"
                    + " quarter lasts all the time. Every stored frame is compared with what was sent."
        })
final class VaultOutage implements Callable<Integer> {
    private static final int MAX_STREAMS = 400;
    private static final double MAX_MINUTES = 30;
    private static final int SECONDS_BEFORE = 20;
    private static final int SECONDS_AFTER = 30;
    /** Bundles are made ten times a second: of what is under way, no more than this waits. */
    private static final int BUNDLES_UNDER_WAY = 10;

    private static final int FIRST_SSRC = 0x5000_0001;
    private static final int SSRCS_OF_A_GROUP = 0x1_0000;

    @Parameters(arity = "0..1", paramLabel = "MINUTES", defaultValue = "10", description = "Default: ${DEFAULT-VALUE}")
    double minutes;

    @Option(
            names = "--streams",
            defaultValue = "40",
            description = "Two in each call, a multiple of eight. Default: ${DEFAULT-VALUE}")
    int streams;

    @Option(names = "--json", description = "Prints JSON.")
    boolean json;

    @Option(names = "--keep", description = "Keeps the processes' logs and data below benchmarks/target/vault-outage.")
    boolean keep;

    private final Path root = Path.of(System.getProperty("hansard.root", ".")).toAbsolutePath();

    public static void main(String[] args) {
        System.exit(new CommandLine(new VaultOutage()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        if (streams < 8 || streams > MAX_STREAMS || streams % 8 != 0 || minutes < 0.1 || minutes > MAX_MINUTES) {
            throw new IllegalArgumentException("8 to " + MAX_STREAMS + " streams, a multiple of eight, for 0.1 to "
                    + MAX_MINUTES + " minutes, so that the load stays bounded");
        }
        try (WorkFolder folder = WorkFolder.fresh(root.resolve("benchmarks/target/vault-outage"), keep)) {
            Figures figures = measure(folder.path());
            figures.print(json);
            return figures.isTrue("nothingLost") ? 0 : 1;
        }
    }

    /** The calls by when they begin and end. */
    private record Groups(
            AnnouncedCalls through, AnnouncedCalls ending, AnnouncedCalls within, AnnouncedCalls beginning)
            implements AutoCloseable {
        static Groups of(Stages stages) throws IOException {
            List<AnnouncedCalls> groups = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                groups.add(new AnnouncedCalls(stages.ingest(), stages.token(), FIRST_SSRC + i * SSRCS_OF_A_GROUP));
            }
            return new Groups(groups.get(0), groups.get(1), groups.get(2), groups.get(3));
        }

        List<AnnouncedCalls> all() {
            return List.of(through, ending, within, beginning);
        }

        long sent() {
            return all().stream().mapToLong(AnnouncedCalls::sent).sum();
        }

        long received() throws IOException, InterruptedException {
            long received = 0;
            for (AnnouncedCalls group : all()) {
                received += group.received();
            }
            return received;
        }

        int calls() {
            return all().stream().mapToInt(group -> group.callIds().size()).sum();
        }

        @Override
        public void close() {
            all().forEach(AnnouncedCalls::close);
        }
    }

    private Figures measure(Path directory)
            throws IOException, InterruptedException, GeneralSecurityException, ExecutionException {
        int workerPort = Stages.freePort();
        try (TransitVault transit = TransitVault.start(directory)) {
            Map<String, String> settings = new LinkedHashMap<>(transit.settings());
            settings.put("decrypt-worker.http.port", Integer.toString(workerPort));
            try (Stages stages = Stages.start(root.resolve("hansard"), directory, settings);
                    Groups groups = Groups.of(stages)) {
                return measure(transit, stages, groups, URI.create("http://127.0.0.1:" + workerPort));
            }
        }
    }

    private Figures measure(TransitVault transit, Stages stages, Groups groups, URI worker)
            throws IOException, InterruptedException, ExecutionException {
        Figures figures = new Figures();
        figures.put("streams", streams);
        figures.put("outageMinutes", minutes);
        try (PacedSender sender = new PacedSender();
                ExecutorService connector = Executors.newSingleThreadExecutor()) {
            groups.through.announce(streams / 4);
            groups.ending.announce(streams / 4);
            sender.send(targets(groups.through, groups.ending), SECONDS_BEFORE);
            figures.put("mebibytesBefore", stages.residentMebibytes());

            try (Backlog backlog = new Backlog(stages, stages.kafka(), worker)) {
                outage(transit, groups, sender, connector);
                figures.put("mebibytesMostDuringOutage", backlog.mostMebibytes());
                figures.put("recordsWaitingAtMost", backlog.mostRecords());
                figures.put("healthSaidAfterSeconds", backlog.saidAfterSeconds());
                figures.put("healthSaid", backlog.problem());
                figures.put(
                        "newStreamThreads",
                        stages.process("decrypt-worker").linesWith("begins again from the last commit"));
                long returned = System.nanoTime();
                Future<Double> caughtUp = connector.submit(() -> {
                    backlog.awaitAtMost((long) streams / 2 * BUNDLES_UNDER_WAY, Duration.ofMinutes(10));
                    return (System.nanoTime() - returned) / 1e9;
                });
                sender.send(targets(groups.through, groups.beginning), SECONDS_AFTER);
                figures.put("secondsUntilCaughtUp", caughtUp.get());
                long received = groups.received();
                groups.through.end();
                groups.beginning.end();
                StoredTracks tracks = StoredTracks.await(stages.kafka(), groups.calls(), 300);
                figures.put("mebibytesMost", backlog.mostMebibytes());
                account(figures, transit, stages, groups, received, tracks);
            }
            figures.put("latestPacketMs", sender.worstLateMillis());
        }
        return figures;
    }

    private void outage(TransitVault transit, Groups groups, PacedSender sender, ExecutorService connector)
            throws IOException, InterruptedException, ExecutionException {
        int quarter = Math.max(2, (int) Math.round(minutes * 15));
        transit.service().become(State.SEALED);
        Future<?> announced = connector.submit(() -> {
            groups.within.announce(streams / 4);
            groups.beginning.announce(streams / 4);
            return null;
        });
        sender.send(targets(groups.through, groups.ending), quarter);
        announced.get();

        transit.service().become(State.PAGE);
        Future<?> ended = end(connector, groups.ending);
        sender.send(targets(groups.through, groups.within, groups.beginning), quarter);
        ended.get();
        transit.service().become(State.SILENT);
        sender.send(targets(groups.through, groups.within, groups.beginning), quarter);

        transit.service().become(State.GONE);
        ended = end(connector, groups.within);
        sender.send(targets(groups.through, groups.beginning), quarter);
        ended.get();
        transit.service().become(State.WORKING);
    }

    private static Future<?> end(ExecutorService connector, AnnouncedCalls calls) {
        return connector.submit(() -> {
            calls.end();
            return null;
        });
    }

    private static void account(
            Figures figures, TransitVault transit, Stages stages, Groups groups, long received, StoredTracks tracks)
            throws IOException {
        figures.put("sent", groups.sent());
        figures.put("received", received);
        figures.put("framed", tracks.framed());
        figures.put("tracks", tracks.count());
        List<String> differences;
        try (Vault vault = transit.open()) {
            SentAndStored compared = new SentAndStored(stages.store(), vault);
            for (PacedSender.Target target : targets(groups.all().toArray(AnnouncedCalls[]::new))) {
                compared.compare(tracks, target.stream());
            }
            figures.put("framesStoredAsSent", compared.equal());
            differences = compared.differences();
        }
        if (!differences.isEmpty()) {
            figures.put("differences", differences);
        }
        figures.put(
                "nothingLost",
                differences.isEmpty()
                        && received == groups.sent()
                        && tracks.received() == groups.sent()
                        && tracks.framed() == groups.sent()
                        && tracks.incomplete() == 0);
    }

    private static List<PacedSender.Target> targets(AnnouncedCalls... groups) {
        return Stream.of(groups).flatMap(group -> group.targets().stream()).toList();
    }
}

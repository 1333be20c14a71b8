package hansard.benchmarks;

import hansard.testkit.Captures;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code benchmarks/words-live}. */
@Command(
        name = "words-live",
        mixinStandardHelpOptions = true,
        description = {
            "Starts an all-in-one, holds captured calls in it in real time, watches their words over HTTP as the console does, and prints how"
                    + " long after a word was spoken it is first shown, how long after its end an utterance is final, and how much later it is"
                    + " found by search: medians and 95th percentiles, in milliseconds, of the first round and of the others.",
            "When a word was spoken is what its final utterance says, on the call's clock, counted from the first datagram."
        })
final class WordsLive implements Callable<Integer> {
    @Option(names = "--calls", defaultValue = "2", description = "Two-party calls at a time. Default: ${DEFAULT-VALUE}")
    int calls;

    @Option(
            names = "--capture",
            defaultValue = "opus-vp8-80",
            description = "Of the testkit. Default: ${DEFAULT-VALUE}")
    String capture = "opus-vp8-80";

    @Option(
            names = "--rounds",
            defaultValue = "3",
            description = "How often the calls are held. Default: ${DEFAULT-VALUE}")
    int rounds;

    @Option(
            names = "--each",
            description = "Print each word, too: when it ended in the call, and how long after that it was shown.")
    boolean each;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A setting of the all-in-one. May be repeated.")
    Map<String, String> settings = new HashMap<>();

    private final Path root = Path.of(System.getProperty("hansard.root", ".")).toAbsolutePath();

    private WatchedWords words = new WatchedWords(false);

    public static void main(String[] args) {
        System.exit(new CommandLine(new WordsLive()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (calls < 1 || calls > 20 || rounds < 1 || rounds > 20) {
            throw new IllegalArgumentException("1 to 20 calls, 1 to 20 rounds, so that the load stays bounded");
        }
        try (WorkFolder folder = WorkFolder.fresh(root.resolve("benchmarks/target/words-live"), false)) {
            words = new WatchedWords(each);
            try (LocalService hansard = LocalService.start(root, folder.path(), settings)) {
                for (int round = 0; round < rounds; round++) {
                    round(hansard);
                    System.err.printf(
                            Locale.ROOT,
                            "round %d of %d: %d utterances since the last figures%n",
                            round + 1,
                            rounds,
                            words.finals().size());
                    if (round == 0 && rounds > 1) {
                        figures("round 1, just after the start");
                    }
                }
            }
        }
        figures(rounds == 1 ? "round 1, just after the start" : "the rounds after it");
        return 0;
    }

    private void figures(String when) {
        System.out.printf(
                Locale.ROOT,
                "%s: %d speakers at a time, %d words%n",
                when,
                2 * calls,
                words.shown().size());
        print("a word is shown after", words.shown());
        print("an utterance is final after its end", words.finals());
        print("and is found by search later", words.found());
        words.clear();
    }

    private void round(LocalService hansard) throws IOException, InterruptedException {
        List<LiveCall> all = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            all.add(new LiveCall(hansard.api(), hansard.token(), Captures.load(capture)));
        }
        AtOnce.all(all.stream().map(call -> (AtOnce.Task) () -> hold(call)).toList());
    }

    private void hold(LiveCall call) throws IOException, InterruptedException {
        call.announce();
        AtomicLong began = new AtomicLong();
        Thread watcher = Thread.ofVirtual().start(() -> words.watch(call, began));
        call.send(Duration.ofMinutes(2), () -> began.set(System.nanoTime()));
        Thread.sleep(4_000);
        call.end();
        watcher.join(Duration.ofSeconds(30));
    }

    private static void print(String what, List<Double> millis) {
        List<Double> sorted = millis.stream().sorted().toList();
        if (sorted.isEmpty()) {
            System.out.printf(Locale.ROOT, "%s: nothing came%n", what);
        } else {
            System.out.printf(
                    Locale.ROOT,
                    "%-40s median %5.0f   95 of 100 within %5.0f   worst %5.0f   (%d)%n",
                    what,
                    sorted.get(sorted.size() / 2),
                    sorted.get((int) (sorted.size() * 0.95)),
                    sorted.getLast(),
                    sorted.size());
        }
    }
}

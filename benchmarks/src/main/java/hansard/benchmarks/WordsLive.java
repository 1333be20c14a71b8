package hansard.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.runtime.Json;
import hansard.testkit.Captures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
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
    private final List<Double> shown = Collections.synchronizedList(new ArrayList<>());
    private final List<Double> finals = Collections.synchronizedList(new ArrayList<>());
    private final List<Double> found = Collections.synchronizedList(new ArrayList<>());

    public static void main(String[] args) {
        System.exit(new CommandLine(new WordsLive()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (calls < 1 || calls > 20 || rounds < 1 || rounds > 20) {
            throw new IllegalArgumentException("1 to 20 calls, 1 to 20 rounds, so that the load stays bounded");
        }
        try (WorkFolder folder = WorkFolder.fresh(root.resolve("benchmarks/target/words-live"), false)) {
            Path data = folder.path().resolve("data");
            int port = Stages.freePort();
            settings.putIfAbsent("ingest.http.port", Integer.toString(port));
            Path config = folder.path().resolve("hansard.yaml");
            Files.write(
                    config,
                    settings.entrySet().stream()
                            .map(e -> e.getKey() + ": " + e.getValue())
                            .toList());
            try (MeasuredProcess hansard = MeasuredProcess.start(
                    "hansard",
                    folder.path(),
                    Map.of(),
                    List.of(
                            root.resolve("hansard").toString(),
                            "up",
                            "--config",
                            config.toString(),
                            "--data",
                            data.toString()))) {
                hansard.awaitLine("ready in", 120);
                URI api = api(folder.path().resolve("hansard.log"));
                String token = Files.readString(data.resolve("access").resolve("local.token"))
                        .strip();
                for (int round = 0; round < rounds; round++) {
                    round(api, token);
                    System.err.printf(
                            Locale.ROOT,
                            "round %d of %d: %d utterances since the last figures%n",
                            round + 1,
                            rounds,
                            finals.size());
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
        System.out.printf(Locale.ROOT, "%s: %d speakers at a time, %d words%n", when, 2 * calls, shown.size());
        print("a word is shown after", shown);
        print("an utterance is final after its end", finals);
        print("and is found by search later", found);
        shown.clear();
        finals.clear();
        found.clear();
    }

    private static URI api(Path log) throws IOException {
        String line = Files.readAllLines(log).stream()
                .filter(l -> l.contains("ready in"))
                .findFirst()
                .orElseThrow();
        return URI.create(line.replaceAll(".*(http://[^ ]+).*", "$1"));
    }

    private void round(URI api, String token) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    hold(new LiveCall(api, token, Captures.load(capture)));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void hold(LiveCall call) throws IOException, InterruptedException {
        call.announce();
        AtomicLong began = new AtomicLong();
        Thread watcher = Thread.ofVirtual().start(() -> watch(call, began));
        call.send(Duration.ofMinutes(2), () -> began.set(System.nanoTime()));
        Thread.sleep(4_000);
        call.end();
        watcher.join(Duration.ofSeconds(30));
    }

    private void watch(LiveCall call, AtomicLong began) {
        // by utterance, when so many words were shown of it first
        Map<String, List<Long>> seen = new ConcurrentHashMap<>();
        for (int attempt = 0; attempt < 200; attempt++) {
            try (Stream<String> lines = call.events()) {
                String[] event = {""};
                lines.forEach(line -> {
                    long now = System.nanoTime();
                    if (line.startsWith("event:")) {
                        event[0] = line.substring(6).strip();
                    } else if (line.startsWith("data:") && event[0].equals("utterance")) {
                        utterance(call, read(line.substring(5)), now, began.get(), seen);
                    }
                });
                return;
            } catch (IOException | UncheckedIOException e) { // its record is not there yet
                pause();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void utterance(LiveCall call, JsonNode u, long now, long began, Map<String, List<Long>> seen) {
        List<Long> times = seen.computeIfAbsent(u.path("utteranceId").asText(), id -> new ArrayList<>());
        String text = u.path("text").asText();
        int words = text.isEmpty() ? 0 : text.split(" ").length;
        while (times.size() < words) {
            times.add(now);
        }
        if (u.path("partial").asBoolean()) {
            return;
        }
        finals.add((now - began) / 1e6 - u.path("endMs").asDouble());
        int number = 0;
        for (JsonNode word : u.path("words")) {
            double endMs = word.path("endMs").asDouble();
            double afterMs = (times.get(Math.min(number, times.size() - 1)) - began) / 1e6 - endMs;
            shown.add(afterMs);
            if (each) {
                System.out.printf(
                        Locale.ROOT,
                        "%s %s %.0f ms: %.0f ms later %s%n",
                        call.callId(),
                        u.path("utteranceId").asText(),
                        endMs,
                        afterMs,
                        word.path("word").asText());
            }
            number++;
        }
        if (words >= 3) {
            Thread.ofVirtual().start(() -> search(call, text, now));
        }
    }

    private void search(LiveCall call, String text, long since) {
        try {
            for (int i = 0; i < 100; i++) {
                if (call.search('"' + text + '"').toString().contains(call.callId())) {
                    found.add((System.nanoTime() - since) / 1e6);
                    return;
                }
                Thread.sleep(50);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static JsonNode read(String json) {
        try {
            return Json.mapper().readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void print(String what, List<Double> millis) {
        List<Double> sorted = List.copyOf(millis).stream().sorted().toList();
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

package hansard.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.runtime.Json;
import hansard.testkit.Captures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code benchmarks/words-overload}. */
@Command(
        name = "words-overload",
        mixinStandardHelpOptions = true,
        description = {
            "Starts an all-in-one and holds one captured call in it. Then orders that call's words once more, and at the same moment holds more"
                    + " calls at a time than this machine can recognise while they are held.",
            "Prints how much speech waited, what the forecast said when the calls ended and how long it took in truth, whether every call has"
                    + " the words of the first one, how differently the calls fared, and when the order's turn came: everybody who is on the line is"
                    + " before it, and of what has ended the oldest is first."
        })
final class WordsOverload implements Callable<Integer> {
    private static final Duration CATCH_UP = Duration.ofMinutes(10);
    private static final long MEASURE_EVERY_MILLIS = 1_000;
    private static final int TELL_EVERY = 10;

    @Option(
            names = "--calls",
            defaultValue = "12",
            description = "Two-party calls at a time. Default: ${DEFAULT-VALUE}")
    int calls;

    @Option(
            names = "--capture",
            defaultValue = "opus-vp8-80",
            description = "Of the testkit. Default: ${DEFAULT-VALUE}")
    String capture = "opus-vp8-80";

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A setting of the all-in-one. May be repeated.")
    Map<String, String> settings = new HashMap<>();

    private final Path root = Path.of(System.getProperty("hansard.root", ".")).toAbsolutePath();

    /** One call, and how late its utterances were. */
    private record Held(LiveCall call, WatchedWords words) {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new WordsOverload()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (calls < 1 || calls > 40) {
            throw new IllegalArgumentException("1 to 40 calls, so that the load stays bounded");
        }
        try (WorkFolder folder = WorkFolder.fresh(root.resolve("benchmarks/target/words-overload"), false);
                LocalService hansard = LocalService.start(root, folder.path(), settings)) {
            Held first = held(hansard);
            hold(first);
            JsonNode spoken = transcript(first.call(), 120);
            System.err.printf(
                    Locale.ROOT,
                    "the first call, by itself: %d words%n",
                    words(spoken).size());

            JsonNode order = Json.mapper()
                    .readTree(first.call()
                            .post(
                                    recording(first.call()) + "/transcripts",
                                    Map.of(
                                            "model",
                                            spoken.path("utterances")
                                                    .path(0)
                                                    .path("model")
                                                    .asText(),
                                            "reason",
                                            "who waits longest")));
            List<Held> all = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                all.add(held(hansard));
            }
            Watch watch = new Watch(hansard, first.call(), order.path("version").asInt());
            double cpuBefore = hansard.process().cpuSeconds();
            Thread watching = Thread.ofPlatform().start(watch);
            AtOnce.all(all.stream().map(held -> (AtOnce.Task) () -> hold(held)).toList());
            watch.callsEnded();
            watching.join();
            figures(all, spoken, watch);
            System.out.printf(
                    Locale.ROOT,
                    "CPU of the service from then on: %.0f s%n",
                    hansard.process().cpuSeconds() - cpuBefore);
        }
        return 0;
    }

    private Held held(LocalService hansard) throws IOException {
        return new Held(new LiveCall(hansard.api(), hansard.token(), Captures.load(capture)), new WatchedWords(false));
    }

    private static void hold(Held held) throws IOException, InterruptedException {
        held.call().announce();
        AtomicLong began = new AtomicLong();
        Thread unused = Thread.ofVirtual().start(() -> held.words().watch(held.call(), began));
        held.call().send(Duration.ofMinutes(2), () -> began.set(System.nanoTime()));
        held.call().end();
    }

    private void figures(List<Held> all, JsonNode spoken, Watch watch) throws IOException, InterruptedException {
        List<String> expected = words(spoken);
        int same = 0;
        int heard = 0;
        List<Double> lateness = new ArrayList<>();
        List<Double> medians = new ArrayList<>();
        for (Held each : all) {
            List<String> words = words(transcript(each.call(), 120));
            heard += words.size();
            same += words.equals(expected) ? 1 : 0;
            List<Double> finals = each.words().finals();
            lateness.addAll(finals);
            medians.add(at(finals, 0.5));
        }
        System.out.printf(
                Locale.ROOT,
                "%d calls, %d speakers at a time, on %d cores%n",
                calls,
                2 * calls,
                Runtime.getRuntime().availableProcessors());
        watch.print();
        System.out.printf(
                Locale.ROOT,
                "words: %d of %d; %d of %d calls have the first one's to the word%n",
                heard,
                expected.size() * calls,
                same,
                calls);
        System.out.printf(
                Locale.ROOT,
                "an utterance is final after its end: median %.1f s, 95 of 100 within %.1f s; the medians of the calls: %.1f to %.1f s%n",
                at(lateness, 0.5) / 1_000,
                at(lateness, 0.95) / 1_000,
                at(medians, 0) / 1_000,
                at(medians, 1) / 1_000);
    }

    private static double at(List<Double> values, double share) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.isEmpty() ? Double.NaN : sorted.get((int) Math.min(sorted.size() - 1, sorted.size() * share));
    }

    private static String recording(LiveCall call) {
        return "/v1/recordings/" + call.callId();
    }

    /** When it is sealed. */
    private static JsonNode transcript(LiveCall call, int seconds) throws IOException, InterruptedException {
        for (int i = 0; i < seconds; i++) {
            JsonNode state = Json.mapper().readTree(call.get(recording(call)));
            if (state.path("state").asText().equals("sealed")
                    && state.path("searchable").asBoolean()) {
                return Json.mapper().readTree(call.get(recording(call) + "/transcript?format=json"));
            }
            Thread.sleep(1_000);
        }
        throw new IllegalStateException(call.callId() + " is not sealed after " + seconds + " s");
    }

    /** Who said what, in order, without times: no two calls are sent at the same microseconds. */
    private static List<String> words(JsonNode transcript) {
        List<String> words = new ArrayList<>();
        for (JsonNode utterance : transcript.path("utterances")) {
            for (JsonNode word : utterance.path("words")) {
                words.add(utterance.path("participantId").asText() + " "
                        + word.path("word").asText());
            }
        }
        return words.stream().sorted().toList();
    }

    /** Looks at the figures of transcribe once a second until nothing waits and the order is done. */
    private static final class Watch implements Runnable {
        private static final Pattern WAITING = gauge("speech_waiting_seconds");
        private static final Pattern LAG = gauge("lag_seconds");
        private static final Pattern FORECAST = gauge("caught_up_in_seconds");

        private final LocalService hansard;
        private final LiveCall ordered;
        private final int version;
        private final long began = System.nanoTime();
        private double mostWaiting;
        private double mostLag;
        private volatile double endedSeconds = Double.NaN;
        private double waitingAtEnd = Double.NaN;
        private double forecastAtEnd = Double.NaN;
        private double caughtUpSeconds = Double.NaN;
        private double orderSeconds = Double.NaN;

        Watch(LocalService hansard, LiveCall ordered, int version) {
            this.hansard = hansard;
            this.ordered = ordered;
            this.version = version;
        }

        private static Pattern gauge(String name) {
            return Pattern.compile("(?m)^hansard_transcribe_" + name + "(?:\\{[^}]*})? (\\S+)$");
        }

        void callsEnded() {
            endedSeconds = now();
        }

        private double now() {
            return (System.nanoTime() - began) / 1e9;
        }

        @Override
        public void run() {
            try {
                boolean done = false;
                for (int i = 0; now() < CATCH_UP.toSeconds() && !done; i++) {
                    Thread.sleep(MEASURE_EVERY_MILLIS);
                    boolean caughtUp = look(i);
                    done = isOrderDone() && caughtUp; // the order is asked about from the beginning: it may be early
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** @return whether the calls have ended and nothing waits */
        private boolean look(int number) throws IOException, InterruptedException {
            String metrics = ordered.get("/metrics");
            double waiting = value(WAITING, metrics);
            double lag = value(LAG, metrics);
            double forecast = value(FORECAST, metrics);
            mostWaiting = Math.max(mostWaiting, waiting);
            mostLag = Math.max(mostLag, lag);
            if (number % TELL_EVERY == 0) {
                System.err.printf(
                        Locale.ROOT,
                        "%4.0f s: %.0f s of speech wait, the oldest for %.0f s; forecast: %.0f s%n",
                        now(),
                        waiting,
                        lag,
                        forecast);
            }
            if (Double.isNaN(endedSeconds)) {
                return false;
            }
            if (Double.isNaN(waitingAtEnd)) {
                waitingAtEnd = waiting;
                forecastAtEnd = forecast;
            }
            if (Double.isNaN(caughtUpSeconds) && waiting < 1) {
                caughtUpSeconds = now();
            }
            return !Double.isNaN(caughtUpSeconds);
        }

        private boolean isOrderDone() throws IOException, InterruptedException {
            if (!Double.isNaN(orderSeconds)) {
                return true;
            }
            JsonNode versions = Json.mapper()
                    .readTree(ordered.get(recording(ordered) + "/transcripts"))
                    .path("versions");
            boolean done = versions.valueStream()
                    .anyMatch(v -> v.path("version").asInt() == version
                            && v.path("state").asText().equals("current"));
            if (done) {
                orderSeconds = now();
            }
            return done;
        }

        private static double value(Pattern gauge, String metrics) {
            Matcher found = gauge.matcher(metrics);
            if (!found.find()) {
                throw new IllegalStateException("/metrics has no " + gauge);
            }
            return found.group(1).equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(found.group(1));
        }

        void print() {
            System.out.printf(
                    Locale.ROOT,
                    "at most %.0f s of speech waited, the oldest for %.0f s%n"
                            + "when the calls ended, after %.0f s: %.0f s waited, forecast %.0f s; nothing waited %.0f s later%n"
                            + "the words that were ordered as the calls began were there %.0f s after the calls had ended%n",
                    mostWaiting,
                    mostLag,
                    endedSeconds,
                    waitingAtEnd,
                    forecastAtEnd,
                    caughtUpSeconds - endedSeconds,
                    orderSeconds - endedSeconds);
        }
    }
}

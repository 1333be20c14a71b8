package hansard.transcribe;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A model whose graph is laid out. As Vosk's small models come, the graph of what can be said is in two parts that every
 * recogniser puts together as it listens, for itself, which is more than half of its CPU; put together beforehand it is the
 * same graph, hears the same words, and is shared by all. See docs/decisions/0062.
 */
final class PreparedModel {
    /** Lexicon, context and states: what sounds there are. */
    static final String SOUNDS = "HCLr.fst";
    /** The grammar: what words follow which. */
    static final String WORDS = "Gr.fst";

    static final String DISAMBIGUATION = "disambig_tid.int";
    /** Both as one. Vosk looks for it first. */
    static final String GRAPH = "HCLG.fst";
    /** Which number stands for which word. */
    static final String TABLE = "words.txt";

    private static final String GRAPHS = "graph";
    private static final String ORIGIN = "prepared.txt";
    private static final String AS_IT_IS = "not-prepared.txt";
    private static final List<String> PARTS = List.of(SOUNDS, WORDS, DISAMBIGUATION);
    private static final Duration AT_MOST = Duration.ofMinutes(30);

    private PreparedModel() {}

    /**
     * For the build: prepares a model, or copies it as it is where its graph cannot be laid out. Arguments: directory of the model, directory that is
     * made.
     */
    public static void main(String[] arguments) throws IOException {
        Path from = Path.of(arguments[0]);
        Path to = Path.of(arguments[1]);
        if (Files.exists(to.resolve(AS_IT_IS))) {
            return;
        }
        if (Files.exists(to) && !Files.exists(to.resolve(ORIGIN))) {
            SpeechModel.delete(to); // of a build that prepared none
        }
        try {
            make(from, to, PreferredWords.NONE, taken -> {});
        } catch (HansardException e) {
            if (e.code() != ErrorCode.INTERNAL) {
                throw e;
            }
            System.err.println("[WARNING] " + from + ": " + e.getMessage());
            copy(from, to, List.of());
            Files.writeString(to.resolve(AS_IT_IS), e.getMessage() + "\n");
        }
    }

    /**
     * @param from directory of a Vosk model as it was unpacked; one whose graph is laid out already only if words are to be preferred
     * @param to directory that is made; when it is there already, of this model and these words, nothing is done
     * @param waiting told how long it takes so far, twice a second
     * @return the SHA-256 of what is in {@code to}, as a catalogue's {@code sha256} wants it, and the words it cannot hear
     * @throws HansardException MODEL_MISSING when there is no model, or it is damaged, BAD_CONFIGURATION when there is nothing to do or
     *     {@code to} is something else, INTERNAL when the graph cannot be laid out, with what the native library said
     */
    static TranscribeService.Prepared make(Path from, Path to, PreferredWords preferred, Consumer<Duration> waiting) {
        SpeechModel.check(from);
        Path parts = from.resolve(GRAPHS);
        boolean laidOut = Files.exists(parts.resolve(GRAPH));
        if (laidOut && preferred.words().isEmpty()) {
            throw new HansardException(
                    ErrorCode.BAD_CONFIGURATION,
                    "the graph of " + from + " is laid out already (graph/" + GRAPH + "): use the model as it is");
        }
        if (to.toAbsolutePath().normalize().startsWith(from.toAbsolutePath().normalize())) {
            throw new HansardException(
                    ErrorCode.BAD_CONFIGURATION, to + " is in the model that is copied: name a directory beside it");
        }
        for (String part : laidOut ? List.of(TABLE) : PARTS) {
            if (!Files.exists(parts.resolve(part))) {
                throw new HansardException(
                        ErrorCode.MODEL_MISSING,
                        "the model in " + from + " holds no graph/" + part
                                + (laidOut
                                        ? ", without which no words can be preferred"
                                        : ": its graph is not in two parts, or is damaged"));
            }
        }
        try {
            String origin = "Made by hansard prepare-model of the speech model with the SHA-256 " + ModelDigest.of(from)
                    + preferred.described() + "\n";
            if (!Files.exists(to)) {
                make(from, to, laidOut, preferred, origin, waiting);
            } else if (!Files.exists(to.resolve(ORIGIN))
                    || !Files.readString(to.resolve(ORIGIN)).equals(origin)) {
                throw new HansardException(
                        ErrorCode.BAD_CONFIGURATION,
                        to + " is there already, and is not made of " + from
                                + (preferred.words().isEmpty() ? "" : " with these words")
                                + ": name another directory, or remove it");
            }
            return new TranscribeService.Prepared(
                    ModelDigest.of(to), preferred.unknown(to.resolve(GRAPHS).resolve(TABLE)));
        } catch (IOException e) {
            throw new HansardException(
                    ErrorCode.DATA_DIRECTORY, "preparing " + from + " in " + to + " failed: " + e, e);
        }
    }

    private static void make(
            Path from, Path to, boolean laidOut, PreferredWords preferred, String origin, Consumer<Duration> waiting)
            throws IOException {
        Path target = to.toAbsolutePath();
        Files.createDirectories(target.getParent());
        Path work = Files.createTempDirectory(target.getParent(), ".preparing-");
        try {
            Path making = work.resolve(target.getFileName());
            Path graphs = making.resolve(GRAPHS);
            if (laidOut) {
                copy(from, making, List.of());
            } else {
                copy(from, making, PARTS);
                run(from.resolve(GRAPHS), graphs, work, waiting);
            }
            preferred.into(graphs.resolve(GRAPH), graphs.resolve(TABLE));
            Files.writeString(making.resolve(ORIGIN), origin);
            RecogniserProcess.start(making, 1).close(); // throws when it cannot be loaded
            move(making, target);
        } finally {
            SpeechModel.delete(work);
        }
    }

    /** @param without which files of {@code graph} */
    private static void copy(Path from, Path to, List<String> without) throws IOException {
        List<Path> left = without.stream().map(from.resolve(GRAPHS)::resolve).toList();
        try (Stream<Path> tree = Files.walk(from)) {
            for (Path source : tree.toList()) {
                if (!left.contains(source)) {
                    Files.copy(source, to.resolve(from.relativize(source).toString()));
                }
            }
        }
    }

    private static void run(Path from, Path to, Path work, Consumer<Duration> waiting) throws IOException {
        Path said = work.resolve("said");
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-CreateCoredumpOnCrash",
                        "-XX:ErrorFile=/dev/null",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        GraphMain.class.getName(),
                        from.toAbsolutePath().toString(),
                        to.toAbsolutePath().toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        Thread undoing = new Thread(() -> {
            end(child);
            SpeechModel.delete(work);
        });
        Runtime.getRuntime().addShutdownHook(undoing); // for who stops this in the middle
        try {
            long began = System.nanoTime();
            while (!child.waitFor(500, TimeUnit.MILLISECONDS)) {
                Duration taken = Duration.ofNanos(System.nanoTime() - began);
                waiting.accept(taken);
                if (taken.compareTo(AT_MOST) > 0) {
                    throw new HansardException(
                            ErrorCode.INTERNAL,
                            "the graph was not laid out within " + AT_MOST.toMinutes() + " minutes: it is too large");
                }
            }
            if (child.exitValue() != 0) {
                throw new HansardException(ErrorCode.INTERNAL, failure(child.exitValue(), Files.readString(said)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HansardException(ErrorCode.INTERNAL, "interrupted while a graph was laid out", e);
        } finally {
            end(child);
            unhook(undoing);
        }
    }

    /** It may be writing into what is removed next. */
    private static void end(Process child) {
        child.destroyForcibly();
        child.onExit().join();
    }

    private static void unhook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the JVM is stopping: the hook has run
        }
    }

    private static String failure(int status, String said) {
        String end = said.strip();
        end = end.substring(Math.max(0, end.length() - 1_000));
        return "the graph could not be laid out: its process "
                + (status > 128
                        ? "was ended by signal " + (status - 128) + ", for which too little memory is the usual reason"
                        : "ended with code " + status)
                + (end.isEmpty() ? "" : ":\n" + end)
                + "\nThe model can be used as it is, for about twice the CPU.";
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to);
        }
    }
}

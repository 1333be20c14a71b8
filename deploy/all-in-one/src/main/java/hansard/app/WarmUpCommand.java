package hansard.app;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Plays the demo's call to a JVM that notes what it loads and how it runs, and keeps that beside the jars as an ahead-of-time cache
 * (JEP 514, JEP 515). The launcher hands it to every process that it starts; one that was made of other jars or by another JDK is
 * passed over by the JVM. Holds classes and counts of calls, nothing of the call.
 */
@Command(
        name = "warm-up",
        mixinStandardHelpOptions = true,
        description = {
            "Once after an installation, a minute or two: plays the demo's call and notes what of the code it needs, so that"
                    + " Hansard starts sooner from then on and the first calls' words come sooner.",
            "After an update run it again; until then Hansard starts without."
        },
        footerHeading = "%nExample:%n",
        footer = "  hansard warm-up")
final class WarmUpCommand implements Callable<Integer> {
    private static final long AT_MOST_MINUTES = 10;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            defaultValue = "${sys:hansard.aot}",
            description = "Where the launcher looks for it. Default: ${DEFAULT-VALUE}")
    @Nullable
    Path output;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (output == null || output.toString().isEmpty()) {
            throw new HansardException(
                    ErrorCode.BAD_CONFIGURATION, "nobody says where the cache goes: name it with --output FILE");
        }
        Path file = output.toAbsolutePath();
        Path folder = file.getParent();
        if (folder == null || !Files.isWritable(folder)) {
            throw new HansardException(
                    ErrorCode.BAD_CONFIGURATION,
                    folder
                            + " cannot be written to: run this as who installed Hansard, or name another place with --output");
        }
        Terminal terminal = new Terminal(System.out);
        Path work = Files.createTempDirectory("hansard-warm-up");
        Path made = folder.resolve(file.getFileName() + ".new");
        try {
            long started = System.nanoTime();
            int status = play(work, made, terminal);
            if (status != 0 || !Files.isRegularFile(made)) {
                throw new HansardException(
                        ErrorCode.INTERNAL, "the call that was to warm up failed (" + status + "):\n" + end(log(work)));
            }
            Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            terminal.status("");
            terminal.line(String.format(
                    Locale.ROOT,
                    "%s (%d MiB) after %s: what is started from now on starts from it",
                    file,
                    Files.size(file) >> 20,
                    Terminal.clock((System.nanoTime() - started) / 1_000_000)));
            return 0;
        } finally {
            Files.deleteIfExists(made);
            ReplayCommand.remove(work);
        }
    }

    private static Path log(Path work) {
        return work.resolve("output");
    }

    /** @return its exit code */
    private static int play(Path work, Path made, Terminal terminal) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command(work, made))
                .redirectErrorStream(true)
                .redirectOutput(Redirect.to(log(work).toFile()))
                .start();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(process::destroyForcibly)); // who stops this stops the call, too
        try {
            long started = System.nanoTime();
            while (!process.waitFor(500, TimeUnit.MILLISECONDS)) {
                long millis = (System.nanoTime() - started) / 1_000_000;
                terminal.status("warming up: a call is played, recorded, heard and indexed " + Terminal.clock(millis));
                if (millis > TimeUnit.MINUTES.toMillis(AT_MOST_MINUTES)) {
                    throw new HansardException(
                            ErrorCode.INTERNAL,
                            "the call that was to warm up did not end within " + AT_MOST_MINUTES + " minutes:\n"
                                    + end(log(work)));
                }
            }
            return process.exitValue();
        } finally {
            process.destroyForcibly();
            process.waitFor();
        }
    }

    /** The JVM as this one was started, and the jars in the same order: a cache is good for no other. */
    private static List<String> command(Path work, Path made) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> !argument.startsWith("-XX:AOT"))
                .forEach(command::add);
        command.addAll(List.of(
                "-XX:AOTCacheOutput=" + made,
                "-cp",
                System.getProperty("java.class.path"),
                Hansard.class.getName(),
                "demo",
                "--once",
                "--data",
                work.resolve("data").toString()));
        return command;
    }

    private static String end(Path log) throws IOException {
        String said = Files.readString(log);
        return said.substring(Math.max(0, said.length() - 2_000));
    }
}

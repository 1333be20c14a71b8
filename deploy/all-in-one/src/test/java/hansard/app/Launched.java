package hansard.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The command in a process of its own, ended by its pid. */
final class Launched implements AutoCloseable {
    private final String command;
    private final Process process;
    private final Path output;

    private Launched(String command, Process process, Path output) {
        this.command = command;
        this.process = process;
        this.output = output;
    }

    /** Starts {@code hansard arguments}; what it prints goes to a file below {@code target}. */
    static Launched start(Path directory, Map<String, String> environment, String... arguments) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> line = new ArrayList<>(List.of(
                java.toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dhansard.models=" + ModelPath.bundled().getParent(),
                "-Dlogback.configurationFile=logback.xml",
                "-cp",
                System.getProperty("java.class.path"),
                "hansard.app.Hansard"));
        line.addAll(List.of(arguments));
        Path output = Files.createTempFile(outputs(), arguments[0] + "-", ".out");
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.to(output.toFile()))
                .directory(directory.toFile());
        builder.environment().putAll(environment);
        builder.environment().put("HANSARD_HOME", directory.resolve("home").toString());
        return new Launched(arguments[0], builder.start(), output);
    }

    /** Kept when the test's own directory is gone: all of it is searched for secrets when every test has run. */
    static Path outputs() throws IOException {
        return Files.createDirectories(Path.of("target", "launched").toAbsolutePath());
    }

    long pid() {
        return process.pid();
    }

    String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it prints a text. */
    Launched awaitText(String text) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (!output().contains(text)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new AssertionError(command + (process.isAlive() ? " is too slow" : " ended") + ":\n" + output());
            }
            LockSupport.parkNanos(50_000_000);
        }
        return this;
    }

    /** Waits until it ends. @return its exit code */
    int awaitEnd(int seconds) throws InterruptedException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            throw new AssertionError(command + " did not end within " + seconds + " s:\n" + output());
        }
        return process.exitValue();
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** SIGTERM, and its exit within the half minute after which a cluster would kill it. */
    @Override
    public void close() {
        terminate();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError(command + " did not stop on SIGTERM:\n" + output());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

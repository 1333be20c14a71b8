package hansard.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A process whose CPU time and memory the kernel counts for us (proc(5)); it writes to a file of its own. */
final class MeasuredProcess implements AutoCloseable {
    private static final double TICKS_A_SECOND = 100; // USER_HZ, which Linux has fixed for user space
    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    private final String name;
    private final Process process;
    private final Path output;

    private MeasuredProcess(String name, Process process, Path output) {
        this.name = name;
        this.process = process;
        this.output = output;
    }

    static MeasuredProcess start(String name, Path directory, Map<String, String> environment, List<String> command)
            throws IOException {
        Path output = directory.resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        return new MeasuredProcess(name, builder.start(), output);
    }

    String name() {
        return name;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** Waits until a line of its output contains the text. */
    MeasuredProcess awaitLine(String text, int seconds) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!Files.readString(output).contains(text)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                String said = Files.readString(output);
                throw new IllegalStateException(name + " did not say '" + text + "' within " + seconds
                        + " s; the end of its output:\n" + said.substring(Math.max(0, said.length() - 2_000)));
            }
            LockSupport.parkNanos(20_000_000);
        }
        return this;
    }

    /** User and system time of all its threads so far, those that have ended included. */
    double cpuSeconds() throws IOException {
        String stat = Files.readString(proc("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_A_SECOND;
    }

    int peakMebibytes() throws IOException {
        return mebibytes(PEAK);
    }

    int residentMebibytes() throws IOException {
        return mebibytes(RESIDENT);
    }

    private int mebibytes(Pattern line) throws IOException {
        Matcher found = line.matcher(Files.readString(proc("status")));
        return found.find() ? Integer.parseInt(found.group(1)) / 1024 : 0;
    }

    /** How many lines of its output contain the text. */
    long linesWith(String text) throws IOException {
        try (Stream<String> lines = Files.lines(output)) {
            return lines.filter(line -> line.contains(text)).count();
        }
    }

    private Path proc(String file) {
        return Path.of("/proc", Long.toString(process.pid()), file);
    }

    /** Asks it to stop, and ends it when it does not. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}

package hansard.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** ffmpeg copying Opus packets from one container into another: what is left of recording when the media are already in a file. */
final class FfmpegRemux {
    private static final int MINUTES = 10;
    private static final Pattern TIMES = Pattern.compile("bench: utime=([\\d.]+)s stime=([\\d.]+)s");

    private FfmpegRemux() {}

    static double cpuPerStreamHour(Path program, Path directory) throws IOException {
        Path opus = directory.resolve("ten-minutes.opus");
        String unused = run(
                program,
                directory,
                "-f",
                "lavfi",
                "-i",
                "anoisesrc=d=" + 60 * MINUTES + ":r=48000:a=0.01",
                "-c:a",
                "libopus",
                "-b:a",
                "48k",
                "-compression_level",
                "0",
                opus.toString());
        Matcher times = TIMES.matcher(run(
                program,
                directory,
                "-benchmark",
                "-i",
                opus.toString(),
                "-c",
                "copy",
                directory.resolve("copy.webm").toString()));
        if (!times.find()) {
            throw new IllegalStateException("ffmpeg did not say what it took");
        }
        return (Double.parseDouble(times.group(1)) + Double.parseDouble(times.group(2))) * 60 / MINUTES;
    }

    private static String run(Path program, Path directory, String... arguments) throws IOException {
        List<String> command = new java.util.ArrayList<>(List.of(program.toString(), "-y", "-nostdin"));
        command.addAll(List.of(arguments));
        Path log = directory.resolve("ffmpeg.log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (process.waitFor() != 0) {
                throw new IllegalStateException("ffmpeg failed: " + Files.readString(log));
            }
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return Files.readString(log);
    }
}

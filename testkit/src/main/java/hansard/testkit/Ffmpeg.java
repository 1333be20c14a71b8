package hansard.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The distribution's ffmpeg, which knows nothing of ours, as a judge of what we keep. */
public final class Ffmpeg {
    private static final Path FFMPEG = Path.of("/usr/bin/ffmpeg");
    private static final Path FFPROBE = Path.of("/usr/bin/ffprobe");

    private Ffmpeg() {}

    /** The sizes of all pictures of a file, such as {@code 640x360}, in order. @throws AssertionError when a decoder complains */
    public static List<String> pictureSizes(Path file) {
        Require.present(Files.isExecutable(FFMPEG) && Files.isExecutable(FFPROBE), "ffmpeg");
        String complaint = run(FFMPEG.toString(), "-v", "error", "-i", file.toString(), "-f", "null", "-");
        if (!complaint.isEmpty()) {
            throw new AssertionError("a decoder complains of " + file.getFileName() + ": " + complaint);
        }
        return run(
                        FFPROBE.toString(),
                        "-v",
                        "error",
                        "-show_entries",
                        "frame=width,height",
                        "-of",
                        "csv=p=0:s=x",
                        file.toString())
                .lines()
                .map(line -> line.strip().replaceAll("x$", ""))
                .filter(line -> !line.isEmpty())
                .toList();
    }

    private static String run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new AssertionError(String.join(" ", command) + ": " + said);
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(String.join(" ", command) + " was interrupted", e);
        }
    }
}

package hansard.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hansard.testkit.Require;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The distribution's ffmpeg as a player: what is seen in a file. It shares no code with what made the file. */
final class Ffmpeg {
    private static final Path PROGRAM = Path.of("/usr/bin/ffmpeg");

    /** Between a black picture and a white one. */
    private static final int HALF_BRIGHT = 128;

    /** An eighth of the full scale: above what a codec makes of silence. */
    private static final int LOUD = 4_096;

    /** 50 ms at 16 kHz. */
    private static final int SILENCE_SAMPLES = 800;

    private Ffmpeg() {}

    static Path program() {
        Require.present(Files.isExecutable(PROGRAM), "ffmpeg");
        return PROGRAM;
    }

    /** What ffmpeg writes to its standard output. */
    static byte[] output(String... arguments) {
        List<String> command = new ArrayList<>(List.of(program().toString(), "-v", "error", "-nostdin"));
        command.addAll(List.of(arguments));
        try {
            Path said = Files.createTempFile("hansard-ffmpeg", ".log");
            try {
                Process ffmpeg = new ProcessBuilder(command)
                        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                        .redirectError(said.toFile())
                        .start();
                byte[] output = ffmpeg.getInputStream().readAllBytes();
                assertEquals(0, ffmpeg.waitFor(), () -> command + ": " + text(said));
                return output;
            } finally {
                Files.delete(said);
            }
        } catch (IOException e) {
            throw new AssertionError("ffmpeg", e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Arguments after the input that give a line for each decoded picture, of which the last field is its MD5. */
    static String[] hashArguments() {
        return new String[] {"-map", "0:v", "-fps_mode", "passthrough", "-f", "framemd5"};
    }

    static List<String> pictureHashes(Path file) {
        return hashes(new String(
                output(Stream.of(new String[] {"-i", file.toString()}, hashArguments(), new String[] {"-"})
                        .flatMap(Stream::of)
                        .toArray(String[]::new)),
                StandardCharsets.US_ASCII));
    }

    static List<String> hashes(String framemd5) {
        return framemd5.lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.substring(line.lastIndexOf(',') + 1).strip())
                .toList();
    }

    /** When pictures become bright, in milliseconds of the file's own time. */
    static List<Double> lights(Path file) {
        String pictures = new String(
                output(
                        "-i",
                        file.toString(),
                        "-vf",
                        "signalstats,metadata=mode=print:key=lavfi.signalstats.YAVG:file=-",
                        "-fps_mode",
                        "passthrough",
                        "-map",
                        "0:v",
                        "-f",
                        "null",
                        "-"),
                StandardCharsets.US_ASCII);
        List<Double> onsets = new ArrayList<>();
        boolean lit = false;
        double atMs = 0;
        for (String line : pictures.lines().toList()) {
            if (line.startsWith("frame:")) {
                atMs = Double.parseDouble(line.substring(line.indexOf("pts_time:") + 9)) * 1000;
            } else {
                boolean bright = Double.parseDouble(line.substring(line.indexOf('=') + 1)) > HALF_BRIGHT;
                if (bright && !lit) {
                    onsets.add(atMs);
                }
                lit = bright;
            }
        }
        return onsets;
    }

    /** When sound begins after silence, in milliseconds of the file's own time: where the file has none, silence is put in. */
    static List<Double> tones(Path file) {
        ShortBuffer samples = ByteBuffer.wrap(output(
                        "-i",
                        file.toString(),
                        "-map",
                        "0:a",
                        "-af",
                        "aresample=16000:async=1:min_hard_comp=0.01:first_pts=0",
                        "-ac",
                        "1",
                        "-f",
                        "s16le",
                        "-"))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asShortBuffer();
        List<Double> onsets = new ArrayList<>();
        int quiet = SILENCE_SAMPLES;
        for (int i = 0; i < samples.limit(); i++) {
            if (Math.abs(samples.get(i)) < LOUD) {
                quiet++;
                continue;
            }
            if (quiet >= SILENCE_SAMPLES) {
                onsets.add(i / 16.0);
            }
            quiet = 0;
        }
        return onsets;
    }
}

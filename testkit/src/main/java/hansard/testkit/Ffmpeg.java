package hansard.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The distribution's ffmpeg, which knows nothing of ours, as a judge of what we keep: what is seen and heard in a file. */
public final class Ffmpeg {
    private static final Path FFMPEG = Path.of("/usr/bin/ffmpeg");
    private static final Path FFPROBE = Path.of("/usr/bin/ffprobe");

    /** Between a black picture and a white one. */
    private static final int HALF_BRIGHT = 128;

    /** An eighth of the full scale: above what a codec makes of silence. */
    private static final int LOUD = 4_096;

    private static final int TONES_RATE = 16_000;

    /** 50 ms. */
    private static final int SILENCE_SAMPLES = TONES_RATE / 20;

    private Ffmpeg() {}

    /** Skips the test where there is none. */
    public static Path program() {
        Require.present(Files.isExecutable(FFMPEG) && Files.isExecutable(FFPROBE), "ffmpeg");
        return FFMPEG;
    }

    /** What ffmpeg writes to its standard output. @throws AssertionError when it fails */
    public static byte[] output(String... arguments) {
        List<String> command = new ArrayList<>(List.of(program().toString(), "-v", "error", "-nostdin"));
        command.addAll(List.of(arguments));
        return run(command).output;
    }

    /** What ffmpeg complains of while it decodes all of a file; empty when the file is clean. */
    public static String complaints(Path file) {
        // pictures at their own times: browsers' video has no constant rate to be forced into
        return run(List.of(
                        program().toString(),
                        "-v",
                        "error",
                        "-nostdin",
                        "-i",
                        file.toString(),
                        "-fps_mode",
                        "passthrough",
                        "-enc_time_base",
                        "-1",
                        "-f",
                        "null",
                        "-"))
                .said;
    }

    /** The sizes of all pictures of a file, such as {@code 640x360}, in order. @throws AssertionError when a decoder complains */
    public static List<String> pictureSizes(Path file) {
        String complaint = complaints(file);
        if (!complaint.isEmpty()) {
            throw new AssertionError("a decoder complains of " + file.getFileName() + ": " + complaint);
        }
        String[] ask = {"-v", "error", "-show_entries", "frame=width,height", "-of", "csv=p=0:s=x", file.toString()};
        byte[] answer =
                run(Stream.concat(Stream.of(FFPROBE.toString()), Stream.of(ask)).toList()).output;
        return ascii(answer)
                .lines()
                .map(line -> line.strip().replaceAll("x$", ""))
                .filter(line -> !line.isEmpty())
                .toList();
    }

    /** Arguments after the input that give a line for each decoded picture, of which the last field is its MD5. */
    public static String[] hashArguments() {
        return new String[] {"-map", "0:v", "-fps_mode", "passthrough", "-f", "framemd5"};
    }

    /** The MD5 of each decoded picture. */
    public static List<String> pictureHashes(Path file) {
        return hashes(ascii(output(Stream.of(new String[] {"-i", file.toString()}, hashArguments(), new String[] {"-"})
                .flatMap(Stream::of)
                .toArray(String[]::new))));
    }

    /** The MD5s of what ffmpeg's {@code framemd5} wrote. */
    public static List<String> hashes(String framemd5) {
        return framemd5.lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.substring(line.lastIndexOf(',') + 1).strip())
                .toList();
    }

    /**
     * @param atMs when it is due, in milliseconds of the file's own time
     * @param md5 of its bytes
     */
    public record Packet(double atMs, String md5) {}

    /** The packets of a file of one stream, as they are. @param how arguments for ffmpeg, such as a filter of packets */
    public static List<Packet> packets(Path file, String... how) {
        List<String> arguments = new ArrayList<>(List.of("-copyts", "-i", file.toString(), "-map", "0", "-c", "copy"));
        arguments.addAll(List.of(how));
        arguments.addAll(List.of("-f", "framemd5", "-"));
        List<Packet> packets = new ArrayList<>();
        double tickMs = 0;
        for (String line :
                ascii(output(arguments.toArray(String[]::new))).lines().toList()) {
            String[] fields = line.split("[,:/ ]+");
            if (line.startsWith("#tb ")) { // "#tb 0: 1/1000"
                tickMs = 1_000 * Double.parseDouble(fields[2]) / Double.parseDouble(fields[3]);
            } else if (!line.startsWith("#")) { // "0, dts, pts, duration, size, md5"
                packets.add(new Packet(Long.parseLong(fields[2]) * tickMs, fields[5]));
            }
        }
        return packets;
    }

    /** When pictures become bright, in milliseconds of the file's own time. */
    public static List<Double> lights(Path file) {
        String pictures = ascii(output(
                "-copyts",
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
                "-"));
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

    /** When sound begins after silence, in milliseconds of the file's own time. */
    public static List<Double> tones(Path file) {
        short[] samples = samples(file, TONES_RATE);
        List<Double> onsets = new ArrayList<>();
        int quiet = SILENCE_SAMPLES;
        for (int i = 0; i < samples.length; i++) {
            if (Math.abs(samples[i]) < LOUD) {
                quiet++;
                continue;
            }
            if (quiet >= SILENCE_SAMPLES) {
                onsets.add(i * 1000.0 / TONES_RATE);
            }
            quiet = 0;
        }
        return onsets;
    }

    /**
     * The sound of a file, mono, from its own time 0 on: where the file has none, silence is put in, and what a player leaves out at
     * the start is left out.
     *
     * @param rate samples a second
     */
    public static short[] samples(Path file, int rate) {
        // what is before 0, to be left out, would be moved to 0 without copyts
        byte[] pcm = output(
                Stream.of(new String[] {"-copyts", "-i", file.toString()}, sampleArguments(rate), new String[] {"-"})
                        .flatMap(Stream::of)
                        .toArray(String[]::new));
        short[] samples = new short[pcm.length / 2];
        ByteBuffer.wrap(pcm).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
        return samples;
    }

    /** Arguments after the input that give such samples, 16 bits each, little-endian. */
    public static String[] sampleArguments(int rate) {
        String inTime = "aresample=" + rate + ":async=1:min_hard_comp=0.01:first_pts=0";
        return new String[] {"-map", "0:a", "-af", inTime, "-ac", "1", "-f", "s16le"};
    }

    private record Run(byte[] output, String said) {}

    private static Run run(List<String> command) {
        try {
            Path said = Files.createTempFile("hansard-ffmpeg", ".log");
            try {
                Process process = new ProcessBuilder(command)
                        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                        .redirectError(said.toFile())
                        .start();
                byte[] output = process.getInputStream().readAllBytes();
                if (process.waitFor() != 0) {
                    throw new AssertionError(String.join(" ", command) + ": " + Files.readString(said));
                }
                return new Run(output, Files.readString(said));
            } finally {
                Files.delete(said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(String.join(" ", command) + " was interrupted", e);
        }
    }

    private static String ascii(byte[] text) {
        return new String(text, StandardCharsets.US_ASCII);
    }
}

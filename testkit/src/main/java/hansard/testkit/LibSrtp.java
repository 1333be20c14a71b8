package hansard.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * libsrtp, the SRTP of most media servers and browsers, behind a small program of our own that a test compiles (srtp-twin.c in the
 * resources). Needs gcc and libsrtp2's headers: see {@link #isPresent}.
 */
public final class LibSrtp {
    private static final HexFormat HEX = HexFormat.of();
    private static final long PATIENCE_SECONDS = 60;

    private final Path program;

    private LibSrtp(Path program) {
        this.program = program;
    }

    /**
     * A packet to protect or to open.
     *
     * @param kind {@code rtp} or {@code rtcp}
     * @param index 48 bits; of an SSRC's first packet it says the rollover counter
     * @param key ordinal of the master key to protect under
     */
    public record Packet(String kind, long index, int key, byte[] bytes) {
        public Packet {
            bytes = bytes.clone();
        }
    }

    /** Whether gcc and libsrtp2's headers are on this machine. */
    public static boolean isPresent() {
        return Files.exists(Path.of("/usr/include/srtp2/srtp.h")) && Files.isExecutable(Path.of("/usr/bin/gcc"));
    }

    /** Compiles the program into a directory. */
    public static LibSrtp compiledInto(Path directory) {
        Path source = directory.resolve("srtp-twin.c");
        Path program = directory.resolve("srtp-twin");
        try (InputStream in = LibSrtp.class.getResourceAsStream("libsrtp/srtp-twin.c")) {
            if (in == null) {
                throw new IllegalStateException("srtp-twin.c is not among the resources");
            }
            Files.copy(in, source);
            run(directory, null, List.of("gcc", "-O2", "-o", program.toString(), source.toString(), "-lsrtp2"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new LibSrtp(program);
    }

    /** @param keys master key and salt of each, in hex, separated by commas; with {@code MKI:} before each when packets bear one */
    public List<byte[]> protect(String suite, String keys, List<Packet> packets) {
        return converted("protect", suite, keys, packets);
    }

    /** What libsrtp makes of protected packets: each opened, or empty where it is refused. */
    public List<byte[]> open(String suite, String keys, List<Packet> packets) {
        return converted("open", suite, keys, packets);
    }

    private List<byte[]> converted(String mode, String suite, String keys, List<Packet> packets) {
        StringBuilder lines = new StringBuilder();
        for (Packet p : packets) {
            lines.append(p.kind)
                    .append(' ')
                    .append(p.index)
                    .append(' ')
                    .append(p.key)
                    .append(' ')
                    .append(HEX.formatHex(p.bytes))
                    .append('\n');
        }
        Path directory = program.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IllegalStateException("a program without a directory");
        }
        List<byte[]> answers = new ArrayList<>();
        try {
            Path input = Files.createTempFile(directory, "packets", ".txt");
            Files.writeString(input, lines);
            for (String line : run(directory, input, List.of(program.toString(), mode, suite, keys))) {
                answers.add(line.startsWith("refused") ? new byte[0] : HEX.parseHex(line));
            }
            Files.delete(input);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return answers;
    }

    private static List<String> run(Path directory, @Nullable Path input, List<String> command) throws IOException {
        Path output = Files.createTempFile(directory, "answer", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        if (input != null) {
            builder.redirectInput(input.toFile());
        }
        Process process = builder.start();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(command.getFirst() + " did not end within a minute");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
        List<String> lines = Files.readAllLines(output, StandardCharsets.US_ASCII);
        Files.delete(output);
        if (process.exitValue() != 0) {
            throw new IllegalStateException(command.getFirst() + " ended with " + process.exitValue() + ": " + lines);
        }
        return lines;
    }
}

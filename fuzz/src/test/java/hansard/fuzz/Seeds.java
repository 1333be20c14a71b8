package hansard.fuzz;

import hansard.rtp.Pcap;
import hansard.testkit.Captures;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** Pieces of the captures, for targets to begin with. */
public final class Seeds {
    private static final List<String> CALLS =
            List.of("opus-only-32", "opus-vp8-80", "opus-h264-80", "opus-dtx-silence-80", "ffmpeg-a3-card-number");

    private Seeds() {}

    /** Datagrams of several calls, spread over each. */
    public static List<byte[]> datagrams(int ofEach) {
        List<byte[]> found = new ArrayList<>();
        for (String call : CALLS) {
            List<Pcap.Datagram> all = Captures.load(call).datagrams();
            for (int i = 0; i < ofEach; i++) {
                found.add(all.get((int) ((long) i * all.size() / ofEach)).payload());
            }
        }
        return found;
    }

    /** The first records of a real capture file. */
    public static byte[] pcapBeginning(int records) {
        try (InputStream in = Captures.open("opus-only-32.pcap")) {
            byte[] file = in.readAllBytes();
            ByteBuffer b = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
            int at = 24;
            for (int i = 0; i < records; i++) {
                at += 16 + b.getInt(at + 8);
            }
            return Arrays.copyOf(file, at);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    public static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}

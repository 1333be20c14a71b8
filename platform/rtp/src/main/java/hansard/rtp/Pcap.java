package hansard.rtp;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The UDP datagrams of a capture written by tcpdump (classic pcap; Ethernet, raw IP or Linux cooked; IPv4). */
public final class Pcap {
    private static final int FILE_HEADER = 24;
    private static final int RECORD_HEADER = 16;
    private static final int MIN_IPV4 = 20; // RFC 791 section 3.1
    private static final int UDP = 17;
    private static final int UDP_HEADER = 8; // RFC 768

    private Pcap() {}

    /** @param timeMicros when it was captured, microseconds since 1970 */
    public record Datagram(long timeMicros, int sourcePort, int destinationPort, byte[] payload) {}

    /** @throws IllegalArgumentException when it is not such a capture; one that is cut short is read as far as it goes */
    public static List<Datagram> read(InputStream in) {
        byte[] file;
        try {
            file = in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ByteBuffer b = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int magic = file.length < FILE_HEADER ? 0 : b.getInt(0);
        boolean nanos = magic == 0xa1b23c4d;
        if (magic != 0xa1b2c3d4 && !nanos) {
            throw new IllegalArgumentException("not a little-endian pcap file");
        }
        int linkHeader =
                switch (b.getInt(20)) {
                    case 1 -> 14;
                    case 101 -> 0;
                    case 113 -> 16;
                    default -> throw new IllegalArgumentException("pcap of an unknown link type " + b.getInt(20));
                };
        List<Datagram> found = new ArrayList<>();
        int at = FILE_HEADER;
        while (file.length - at >= RECORD_HEADER) {
            long micros = b.getInt(at) * 1_000_000L + (nanos ? b.getInt(at + 4) / 1000 : b.getInt(at + 4));
            int captured = b.getInt(at + 8);
            int begin = at + RECORD_HEADER;
            if (captured < 0 || captured > file.length - begin) {
                break; // cut short while it was written, or damaged: what follows has no known beginning
            }
            at = begin + captured;
            Datagram datagram = datagram(micros, file, begin + linkHeader, at);
            if (datagram != null) {
                found.add(datagram);
            }
        }
        return found;
    }

    /** The UDP datagram of an IPv4 packet that lies between two offsets, or null when it is none. */
    private static @Nullable Datagram datagram(long micros, byte[] file, int ip, int end) {
        if (end - ip < MIN_IPV4 + UDP_HEADER || (file[ip] >> 4) != 4 || file[ip + 9] != UDP) {
            return null;
        }
        int udp = ip + 4 * (file[ip] & 15);
        if (udp < ip + MIN_IPV4 || udp + UDP_HEADER > end) {
            return null;
        }
        int length = u16(file, udp + 4) - UDP_HEADER;
        if (length < 0 || length > end - udp - UDP_HEADER) {
            return null;
        }
        byte[] payload = Arrays.copyOfRange(file, udp + UDP_HEADER, udp + UDP_HEADER + length);
        return new Datagram(micros, u16(file, udp), u16(file, udp + 2), payload);
    }

    private static int u16(byte[] b, int at) {
        return (b[at] & 0xff) << 8 | (b[at + 1] & 0xff);
    }
}

package hansard.rtp;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The UDP datagrams of a capture written by tcpdump (classic pcap; Ethernet, raw IP or Linux cooked; IPv4). */
public final class Pcap {
    private Pcap() {}

    /** @param timeMicros when it was captured, microseconds since 1970 */
    public record Datagram(long timeMicros, int sourcePort, int destinationPort, byte[] payload) {}

    public static List<Datagram> read(InputStream in) {
        byte[] file;
        try {
            file = in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ByteBuffer b = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int magic = b.getInt(0);
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
        int at = 24;
        while (at + 16 <= file.length) {
            long micros = b.getInt(at) * 1_000_000L + (nanos ? b.getInt(at + 4) / 1000 : b.getInt(at + 4));
            int captured = b.getInt(at + 8);
            int ip = at + 16 + linkHeader;
            at += 16 + captured;
            if (at > file.length || at - ip < 28 || (file[ip] >> 4) != 4 || file[ip + 9] != 17) {
                continue;
            }
            int udp = ip + 4 * (file[ip] & 15);
            int length = u16(file, udp + 4) - 8;
            if (length < 0 || udp + 8 + length > at) {
                continue;
            }
            byte[] payload = new byte[length];
            System.arraycopy(file, udp + 8, payload, 0, length);
            found.add(new Datagram(micros, u16(file, udp), u16(file, udp + 2), payload));
        }
        return found;
    }

    private static int u16(byte[] b, int at) {
        return (b[at] & 0xff) << 8 | (b[at + 1] & 0xff);
    }
}

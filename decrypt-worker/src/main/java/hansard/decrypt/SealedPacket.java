package hansard.decrypt;

import hansard.rtp.RtpHeader;
import java.util.ArrayList;
import java.util.List;

/**
 * A verified datagram, still encrypted: what may wait in the state. Its header is in clear (RFC 3711 section 3.1), so that
 * order and frame boundaries are known without opening it.
 */
record SealedPacket(long index, long arrivalMicros, RtpHeader header, byte[] datagram) {

    long timestamp() {
        return header.timestamp();
    }

    @Override
    public String toString() {
        return "SealedPacket[" + index + ", " + datagram.length + " bytes]";
    }

    static void writeAll(List<SealedPacket> packets, StateWriter out) {
        out.i32(packets.size());
        for (SealedPacket p : packets) {
            out.i64(p.index);
            out.i64(p.arrivalMicros);
            out.blob(p.datagram);
        }
    }

    static List<SealedPacket> readAll(StateReader in) {
        int count = in.count(8 + 8 + 4 + RtpHeader.MIN_LENGTH);
        List<SealedPacket> packets = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long index = in.i64();
            long arrivalMicros = in.i64();
            byte[] datagram = in.blob();
            RtpHeader header = RtpHeader.parse(datagram, datagram.length);
            if (header == null) {
                throw in.malformed("a waiting packet is not RTP");
            }
            packets.add(new SealedPacket(index, arrivalMicros, header, datagram));
        }
        return packets;
    }
}

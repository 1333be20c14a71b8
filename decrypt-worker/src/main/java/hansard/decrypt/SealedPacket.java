package hansard.decrypt;

import hansard.rtp.RtpHeader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A verified datagram as it waits for its turn: sealed in the state. Its header is in clear (RFC 3711 section 3.1), so that order and
 * frame boundaries are known without opening it.
 *
 * @param order its place among the track's packets, over all sources
 * @param source ordinal of the source it is of; of a packet sent again, that of the first
 * @param key ordinal of the master key that authenticated it
 * @param index its 48-bit index within the SSRC that its header names
 * @param payload what verifying it brought to light, while it is in memory; never written to the state
 */
record SealedPacket(
        long order,
        int source,
        int key,
        long index,
        long arrivalMicros,
        RtpHeader header,
        byte[] datagram,
        byte @Nullable [] payload) {

    static SealedPacket of(Verdict.Authentic verdict, long arrivalMicros, RtpHeader header, byte[] datagram) {
        Source source = verdict.source();
        return new SealedPacket(
                source.order(verdict.index()),
                source.number(),
                verdict.key(),
                verdict.index(),
                arrivalMicros,
                header,
                datagram,
                verdict.payload());
    }

    /** One that was sent again, in the place of the first (RFC 4588). Opening it needs its own index and SSRC. */
    static SealedPacket inPlace(
            Source media,
            long mediaIndex,
            Verdict.Authentic verdict,
            long arrivalMicros,
            RtpHeader header,
            byte[] datagram) {
        return new SealedPacket(
                media.order(mediaIndex),
                media.number(),
                verdict.key(),
                verdict.index(),
                arrivalMicros,
                header,
                datagram,
                verdict.payload());
    }

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
            out.i64(p.order);
            out.i32(p.source);
            out.i32(p.key);
            out.i64(p.index);
            out.i64(p.arrivalMicros);
            out.blob(p.datagram);
        }
    }

    static List<SealedPacket> readAll(StateReader in) {
        int count = in.count(8 + 4 + 4 + 8 + 8 + 4 + RtpHeader.MIN_LENGTH);
        List<SealedPacket> packets = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long order = in.i64();
            int source = in.i32();
            int key = in.i32();
            long index = in.i64();
            long arrivalMicros = in.i64();
            byte[] datagram = in.blob();
            RtpHeader header = RtpHeader.parse(datagram, datagram.length);
            if (header == null) {
                throw in.malformed("a waiting packet is not RTP");
            }
            packets.add(new SealedPacket(order, source, key, index, arrivalMicros, header, datagram, null));
        }
        return packets;
    }
}

package hansard.decrypt;

import hansard.wire.RejectReason;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Receives SRTCP (RFC 3711 section 3.4, RFC 7714 section 9) that shares the media's port (RFC 5761): it is no media, but it is counted
 * as control packets only when it is authentic.
 */
final class SrtcpReceiver {
    private final KeyRing keys;
    private final Windows windows;

    SrtcpReceiver(KeyRing keys, Windows windows) {
        this.keys = keys;
        this.windows = windows;
    }

    /** Which SRTCP indexes were seen (section 3.3.2), of the senders that were heard last. */
    static final class Windows {
        private static final int MAX = 8;
        private final Map<Long, ReplayWindow> bySsrc = new LinkedHashMap<>();

        private boolean isReplay(long ssrc, long index) {
            ReplayWindow window = bySsrc.get(ssrc);
            return window != null && window.isReplay(index);
        }

        private void remember(long ssrc, long index) {
            if (!bySsrc.containsKey(ssrc) && bySsrc.size() == MAX) {
                // of a sender that is forgotten, a repeated report would be counted as a report again: no more than
                // that
                Iterator<Long> oldest = bySsrc.keySet().iterator();
                oldest.next();
                oldest.remove();
            }
            bySsrc.computeIfAbsent(ssrc, s -> new ReplayWindow()).remember(index);
        }

        void write(StateWriter out) {
            out.i32(bySsrc.size());
            bySsrc.forEach((ssrc, window) -> {
                out.i64(ssrc);
                window.write(out);
            });
        }

        static Windows read(StateReader in) {
            Windows windows = new Windows();
            int count = in.count(8 + 8 + ReplayWindow.SIZE / 8);
            if (count > MAX) {
                throw in.malformed(count + " senders of RTCP");
            }
            for (int i = 0; i < count; i++) {
                windows.bySsrc.put(in.i64(), ReplayWindow.read(in));
            }
            return windows;
        }
    }

    /**
     * What the datagram counts as: {@link RejectReason#RTCP} when it is what it should be.
     *
     * @param reports is told of the sender reports in it, if it is
     */
    RejectReason receive(byte[] datagram, Consumer<SenderReport> reports) {
        // the smallest RTCP packet, then index, MKI and tag
        if (datagram.length < PacketCipher.RTCP_CLEAR_BYTES + keys.rtcpOverhead()) {
            return RejectReason.MALFORMED;
        }
        var candidates = keys.forRtcp(datagram);
        if (candidates.isEmpty()) {
            return RejectReason.UNKNOWN_MKI;
        }
        for (MasterKey key : candidates) {
            long index = key.rtcpIndex(datagram);
            byte[] packet = key.rtcp(index).openRtcp(datagram, key.mkiLength());
            if (packet != null) {
                return authentic(packet, index, reports);
            }
        }
        return RejectReason.AUTH_FAILED;
    }

    private RejectReason authentic(byte[] packet, long index, Consumer<SenderReport> reports) {
        long ssrc = PacketCipher.u32(packet, 4);
        if (windows.isReplay(ssrc, index)) {
            return RejectReason.REPLAYED;
        }
        windows.remember(ssrc, index);
        if (!isCompound(packet)) {
            return RejectReason.MALFORMED;
        }
        SenderReport.in(packet).forEach(reports);
        return RejectReason.RTCP;
    }

    /** RFC 3550 appendix A.2: the packets of a compound, each of version 2, fill it exactly. */
    private static boolean isCompound(byte[] packet) {
        int at = 0;
        while (at + 4 <= packet.length && (packet[at] & 0xc0) == 0x80) {
            at += length(packet, at);
        }
        return at == packet.length;
    }

    /** Bytes of the packet that begins there, as it says: at least four. */
    static int length(byte[] packet, int at) {
        return 4 * (1 + ((packet[at + 2] & 0xff) << 8 | packet[at + 3] & 0xff));
    }
}

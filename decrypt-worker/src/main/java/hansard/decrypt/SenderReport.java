package hansard.decrypt;

import java.util.ArrayList;
import java.util.List;

/**
 * A sender report (RFC 3550 section 6.4.1).
 *
 * @param senderMicros its NTP timestamp, microseconds since 1900: the sender's clock, whatever that shows
 * @param rtpTimestamp the same instant in the media's units
 */
record SenderReport(long ssrc, long senderMicros, long rtpTimestamp) {
    private static final int TYPE = 200;
    /** Header, SSRC, NTP timestamp, RTP timestamp, packet count, octet count. */
    private static final int MIN_BYTES = 28;

    /** Those of a compound packet that is whole ({@code SrtcpReceiver.isCompound}). */
    static List<SenderReport> in(byte[] compound) {
        List<SenderReport> reports = new ArrayList<>(1);
        int at = 0;
        while (at + 4 <= compound.length) {
            int length = SrtcpReceiver.length(compound, at);
            if ((compound[at + 1] & 0xff) == TYPE && length >= MIN_BYTES && at + MIN_BYTES <= compound.length) {
                long seconds = PacketCipher.u32(compound, at + 8);
                long fraction = PacketCipher.u32(compound, at + 12);
                reports.add(new SenderReport(
                        PacketCipher.u32(compound, at + 4),
                        seconds * 1_000_000 + (fraction * 1_000_000 >>> 32),
                        PacketCipher.u32(compound, at + 16)));
            }
            at += length;
        }
        return reports;
    }
}

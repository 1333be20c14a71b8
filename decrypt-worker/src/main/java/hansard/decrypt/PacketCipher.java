package hansard.decrypt;

import hansard.rtp.RtpHeader;
import org.jspecify.annotations.Nullable;

/**
 * The session keys of one master key, one period and one of RTP and RTCP, at work: says whether a packet is authentic and decrypts
 * it. Knows nothing of what came before. Belongs to one thread.
 */
sealed interface PacketCipher permits CounterModeCipher, GcmCipher {
    /** The E flag and the index (RFC 3711 section 3.4). */
    int RTCP_INDEX_BYTES = 4;
    /** What SRTCP leaves in clear: the first header word and the sender's SSRC. */
    int RTCP_CLEAR_BYTES = 8;

    /**
     * The plaintext payload, RTP padding included, or null when the packet is not authentic under this index. The caller has made sure
     * that header, MKI and tag fit into it.
     */
    byte @Nullable [] openRtp(byte[] packet, RtpHeader header, int mkiLength, long index);

    /** The RTCP packet as its sender wrote it, or null when it is not authentic. The caller has made sure that the trailer fits. */
    byte @Nullable [] openRtcp(byte[] packet, int mkiLength);

    static long u32(byte[] packet, int at) {
        return (packet[at] & 0xffL) << 24
                | (packet[at + 1] & 0xff) << 16
                | (packet[at + 2] & 0xff) << 8
                | (packet[at + 3] & 0xff);
    }

    /** The most significant bit of the word before the MKI says that the packet is encrypted. */
    static boolean isEncrypted(long rtcpWord) {
        return (rtcpWord & 0x8000_0000L) != 0;
    }

    static long rtcpIndex(long rtcpWord) {
        return rtcpWord & 0x7fff_ffffL;
    }
}

package hansard.ingest;

import hansard.rtp.RtpHeader;
import hansard.rtp.SequenceUnwrapper;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Counts how often a stream's sequence number has wrapped, from headers that nobody has authenticated: the rollover counter
 * of SRTP (RFC 3711 section 3.3.1) must survive a pause in which no packet is kept. One strange packet does not mislead it:
 * another SSRC is followed only when two packets in a row have it.
 */
final class SequenceWraps {
    private final @Nullable Long announcedSsrc;
    private SequenceUnwrapper unwrapper = new SequenceUnwrapper(16);
    private long ssrc = -1;
    private long candidate = -1;
    private long wrapsBefore;
    private long firstIndex = -1;
    private long lastIndex = -1;

    SequenceWraps(@Nullable Long announcedSsrc) {
        this.announcedSsrc = announcedSsrc;
    }

    /** Looks at a datagram from a position on, without moving it. */
    void observe(ByteBuffer datagram) {
        int at = datagram.position();
        if (datagram.remaining() < RtpHeader.MIN_LENGTH || (datagram.get(at) & 0xc0) != 0x80) {
            return;
        }
        int second = datagram.get(at + 1) & 0xff;
        if (second >= 192 && second <= 223) { // RFC 5761 section 4: RTCP
            return;
        }
        long from = datagram.getInt(at + 8) & 0xffff_ffffL;
        if (announcedSsrc != null && from != announcedSsrc) {
            return;
        }
        if (from != ssrc && !follow(from)) {
            return;
        }
        long index = unwrapper.unwrap(datagram.getShort(at + 2) & 0xffff);
        if (firstIndex < 0) {
            firstIndex = index;
            lastIndex = index;
        }
        lastIndex = Math.max(lastIndex, index);
    }

    private boolean follow(long from) {
        if (ssrc >= 0 && candidate != from) {
            candidate = from;
            return false;
        }
        wrapsBefore = total();
        ssrc = from;
        candidate = -1;
        unwrapper = new SequenceUnwrapper(16);
        firstIndex = -1;
        lastIndex = -1;
        return true;
    }

    /** Wraps since the stream began. */
    long total() {
        return firstIndex < 0 ? wrapsBefore : wrapsBefore + (lastIndex >> 16) - (firstIndex >> 16);
    }
}

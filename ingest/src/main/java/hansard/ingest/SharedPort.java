package hansard.ingest;

import hansard.rtp.RtpHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tells the streams on one port apart by their SSRC, without an object for each look-up. Belongs to the receiver's thread. */
final class SharedPort {
    private final List<StreamIntake> streams = new ArrayList<>();
    private long[] ssrcs = {};

    void add(StreamIntake stream) {
        streams.add(stream);
        streams.sort(Comparator.comparingLong(SharedPort::ssrc));
        ssrcs = streams.stream().mapToLong(SharedPort::ssrc).toArray();
    }

    void remove(StreamIntake stream) {
        streams.remove(stream);
        ssrcs = streams.stream().mapToLong(SharedPort::ssrc).toArray();
    }

    /** The stream that a datagram names, or null when it names none that is announced. */
    @Nullable
    StreamIntake find(ByteBuffer datagram) {
        long ssrc = ssrc(datagram);
        int at = ssrc < 0 ? -1 : Arrays.binarySearch(ssrcs, ssrc);
        return at < 0 ? null : streams.get(at);
    }

    /** RFC 3550 section 5.1 puts the SSRC at byte 8 of RTP, section 6.4 at byte 4 of RTCP; -1 when it is neither. */
    private static long ssrc(ByteBuffer datagram) {
        int at = datagram.position();
        int length = datagram.remaining();
        if (length < 8 || (datagram.get(at) & 0xc0) != 0x80) {
            return -1;
        }
        int second = datagram.get(at + 1) & 0xff;
        if (second >= 192 && second <= 223) {
            return datagram.getInt(at + 4) & 0xffff_ffffL;
        }
        return length < RtpHeader.MIN_LENGTH ? -1 : datagram.getInt(at + 8) & 0xffff_ffffL;
    }

    private static long ssrc(StreamIntake stream) {
        return Objects.requireNonNull(stream.description().ssrc());
    }
}

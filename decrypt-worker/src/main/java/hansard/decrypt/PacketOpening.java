package hansard.decrypt;

import hansard.wire.RejectReason;
import hansard.wire.StreamDescription;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is inside a packet whose turn has come. */
final class PacketOpening {
    private static final String AUDIO_LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";

    private final Track track;
    private final @Nullable SrtpReceiver receiver;
    private final Encodings encodings;
    private final Books books;
    private final int audioLevelId;

    /** @param receiver null when no session key can be used */
    PacketOpening(
            StreamDescription stream, Track track, @Nullable SrtpReceiver receiver, Encodings encodings, Books books) {
        this.track = track;
        this.receiver = receiver;
        this.encodings = encodings;
        this.books = books;
        this.audioLevelId = stream.headerExtensions().entrySet().stream()
                .filter(e -> e.getValue().equals(AUDIO_LEVEL))
                .mapToInt(Map.Entry::getKey)
                .findFirst()
                .orElse(-1);
    }

    /** A packet as it was sent: its header, and what is behind it opened; null when there is no key any more, which is counted. */
    byte @Nullable [] whole(SealedPacket packet) {
        byte[] padded = padded(packet);
        if (padded == null) {
            return null;
        }
        int header = packet.header().length();
        byte[] whole = Arrays.copyOf(packet.datagram(), header + padded.length);
        System.arraycopy(padded, 0, whole, header, padded.length);
        return whole;
    }

    private byte @Nullable [] padded(SealedPacket packet) {
        byte[] padded = packet.payload();
        if (padded == null && receiver != null) {
            padded = receiver.reopen(packet);
        }
        if (padded == null) {
            // the key was taken away while the packet waited
            books.reject(RejectReason.NO_KEY, packet);
        }
        return padded;
    }

    /** The media in a packet, which counts as framed; null when there is none to be had, which is counted too. */
    byte @Nullable [] payload(SealedPacket packet) {
        byte[] padded = padded(packet);
        if (padded == null) {
            return null;
        }
        byte[] payload = RtpPadding.strip(packet.header(), padded);
        if (payload == null) {
            books.reject(RejectReason.MALFORMED, packet);
            return null;
        }
        track.account.framed();
        return encodings.of(packet.header().payloadType()).sentAgain() ? Retransmission.original(payload) : payload;
    }

    /** RFC 6464: the low seven bits. -1 when nothing is said. */
    int audioLevel(SealedPacket packet) {
        if (audioLevelId < 0) {
            return -1;
        }
        int element = packet.header().extensionByte(packet.datagram(), audioLevelId);
        return element < 0 ? -1 : element & 0x7f;
    }
}

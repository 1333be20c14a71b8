package hansard.wire;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One RTP stream as the SFU forks it: what must be known to place, open and depacketise it. Holds no key.
 *
 * <p>A stream is a track of the recording; its {@code streamId} is the track's name too.
 *
 * @param streamId unique over all calls; letters, digits, {@code . _ -}
 * @param codec lower case: {@code opus}, {@code vp8}, {@code h264}. Others are recorded sealed and never opened into frames
 * @param clockRate RTP timestamp units a second
 * @param channels audio channels; 0 for video
 * @param payloadTypes payload type to encoding name, of all that may arrive on the stream
 * @param headerExtensions RFC 8285 id to URI
 * @param suite SDES name (RFC 4568) of the SRTP crypto suite
 * @param initialRoc rollover counter when the fork began (RFC 3711 section 3.2.1)
 * @param ssrc the expected SSRC, or null for whichever comes first
 * @param port the UDP port the ingest listens on for it
 * @param captureTimes true when every datagram is preceded by 8 bytes, the microseconds since 1970 at which it was captured:
 *     a replay of a capture. Never set by an SFU
 * @param label the SFU's own name for it, such as the mid; may be empty
 */
public record StreamDescription(
        String streamId,
        String callId,
        String tenant,
        String participantId,
        MediaKind kind,
        String codec,
        int clockRate,
        int channels,
        Map<Integer, String> payloadTypes,
        Map<Integer, String> headerExtensions,
        String suite,
        long initialRoc,
        @Nullable Long ssrc,
        int port,
        boolean captureTimes,
        String label) {
    public StreamDescription {
        Objects.requireNonNull(streamId, "streamId");
        Objects.requireNonNull(callId, "callId");
        Objects.requireNonNull(tenant, "tenant");
        Objects.requireNonNull(participantId, "participantId");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(codec, "codec");
        Objects.requireNonNull(suite, "suite");
        Objects.requireNonNull(label, "label");
        payloadTypes = Map.copyOf(payloadTypes);
        headerExtensions = Map.copyOf(headerExtensions);
    }
}

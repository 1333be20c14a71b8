package hansard.decrypt;

import hansard.rtp.RtpHeader;
import hansard.wire.RejectReason;
import hansard.wire.Simulcast;
import hansard.wire.StreamDescription;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes of a stream's simulcast layers the one that is kept ({@link LayerChoice}); the packets of the others become nothing. */
final class Layers {
    /** RFC 8852 section 4.1. */
    private static final String RID = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";

    private final Simulcast simulcast;
    private final String keep;
    private final int ridId;
    private final Track track;
    private final Encodings encodings;

    private Layers(Simulcast simulcast, String keep, int ridId, Track track, Encodings encodings) {
        this.simulcast = simulcast;
        this.keep = keep;
        this.ridId = ridId;
        this.track = track;
        this.encodings = encodings;
    }

    /**
     * Null for a stream in one size.
     *
     * @param usually which layer is kept where the stream does not say
     */
    static @Nullable Layers of(StreamDescription stream, String usually, Track track, Encodings encodings) {
        Simulcast simulcast = stream.simulcast();
        if (simulcast == null) {
            return null;
        }
        int ridId = stream.headerExtensions().entrySet().stream()
                .filter(e -> e.getValue().equals(RID))
                .mapToInt(Map.Entry::getKey)
                .findFirst()
                .orElse(-1);
        return new Layers(simulcast, simulcast.keep().isEmpty() ? usually : simulcast.keep(), ridId, track, encodings);
    }

    /** Why a packet that was just remembered is left out; null when it is kept. */
    @Nullable
    RejectReason leftOut(Verdict.Authentic packet, RtpHeader header, byte[] datagram, long arrivalMicros) {
        Source source = packet.source();
        name(source, header, datagram);
        int layer = source.layer();
        int before = track.layers.kept();
        RejectReason reason =
                switch (track.layers.judge(
                        source,
                        packet.index(),
                        layer < 0 ? -1 : simulcast.rank(layer, keep),
                        beginsKeyframe(packet, header),
                        arrivalMicros)) {
                    case KEPT -> null;
                    case TAKES_OVER -> {
                        if (before >= 0) {
                            track.layers.leave(
                                    before, track.sources.get(before).index.highest());
                        }
                        track.sources.follow(source, packet.index());
                        yield null;
                    }
                    case LEFT_OUT -> RejectReason.LAYER_LEFT_OUT;
                    case UNKEYED -> RejectReason.LAYER_UNKEYED;
                };
        if (reason != null) {
            source.endStretch(); // what is missing of a layer that is left out is missed by nobody
        }
        return reason;
    }

    private void name(Source source, RtpHeader header, byte[] datagram) {
        if (source.layer() >= 0) {
            return;
        }
        String rid = ridId < 0 ? "" : header.extensionText(datagram, ridId);
        List<Simulcast.Layer> layers = simulcast.layers();
        for (int i = 0; i < layers.size(); i++) {
            Long ssrc = layers.get(i).ssrc();
            if (ssrc != null ? ssrc == source.ssrc() : layers.get(i).rid().equals(rid)) {
                source.layer(i);
            }
        }
    }

    private boolean beginsKeyframe(Verdict.Authentic packet, RtpHeader header) {
        Depacketiser frames = encodings.of(header.payloadType()).depacketiser();
        byte[] payload = frames == null ? null : RtpPadding.strip(header, packet.payload());
        return frames != null && payload != null && payload.length > 0 && frames.beginsKeyframe(payload);
    }
}

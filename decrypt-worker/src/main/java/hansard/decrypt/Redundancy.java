package hansard.decrypt;

import hansard.wire.Observation;
import hansard.wire.Repair;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * RFC 2198: the packet's own block is its frame. Of the earlier ones only those are used that no packet brought, and no more of them
 * than packets are missing.
 */
final class Redundancy {
    private final Track track;
    private final Encodings encodings;
    private final Placing placing;
    private final PacketOpening opening;
    private final Reassembly reassembly;
    private final Outcome outcome;

    Redundancy(
            Track track,
            Encodings encodings,
            Placing placing,
            PacketOpening opening,
            Reassembly reassembly,
            Outcome outcome) {
        this.track = track;
        this.encodings = encodings;
        this.placing = placing;
        this.opening = opening;
        this.reassembly = reassembly;
        this.outcome = outcome;
    }

    void take(SealedPacket packet, MediaClock.Placement own, long missing) {
        if (track.pauses.cover(own.mediaMicros())) {
            reassembly.spokenDuringPause(List.of(packet));
            return;
        }
        track.placed(own.mediaMicros());
        byte[] payload = opening.payload(packet);
        Red red = payload == null || payload.length == 0 ? null : Red.parse(payload);
        if (red == null) {
            if (payload != null && payload.length > 0) {
                outcome.incompleteFrame();
            }
            return;
        }
        int useful = (int) Math.min(missing, red.earlier().size());
        fill(
                packet,
                own,
                red.earlier()
                        .subList(red.earlier().size() - useful, red.earlier().size()));
        EncodedFrame encoded = encoded(red.primary());
        if (encoded == null) {
            outcome.incompleteFrame();
            return;
        }
        int level = opening.audioLevel(packet);
        reassembly.handOn(encoded, own, packet.arrivalMicros(), 1, level, frameType(red.primary()));
        track.filled.handedOn(packet.source(), own.rtpTimestamp());
    }

    private void fill(SealedPacket packet, MediaClock.Placement own, List<Red.Block> useful) {
        long index = track.sources.get(packet.source()).indexOf(packet.order()) - useful.size();
        for (Red.Block block : useful) {
            MediaClock.Placement place =
                    placing.placeBeside(packet, packet.timestamp() - block.offset() & 0xffff_ffffL);
            EncodedFrame encoded = track.filled.isMissing(packet.source(), place.rtpTimestamp())
                            && place.rtpTimestamp() < own.rtpTimestamp()
                            && !track.pauses.cover(place.mediaMicros())
                    ? encoded(block)
                    : null;
            if (encoded != null) {
                // the header extensions are the packet's own, so that what an earlier one said of its level is not
                // known
                reassembly.handOn(encoded, place, packet.arrivalMicros(), 0, -1, frameType(block));
                track.account.recovered(Repair.RED);
                track.filled.filled(packet.source(), place.rtpTimestamp());
                outcome.observations.add(new Observation.Found(packet.source(), index));
            }
            index++;
        }
    }

    private @Nullable EncodedFrame encoded(Red.Block block) {
        Depacketiser frames = encodings.of(block.payloadType()).depacketiser();
        return frames == null || !frames.isOnePacketPerFrame() ? null : frames.assemble(List.of(block.bytes()));
    }

    private int frameType(Red.Block block) {
        return encodings.of(block.payloadType()).frameType();
    }
}

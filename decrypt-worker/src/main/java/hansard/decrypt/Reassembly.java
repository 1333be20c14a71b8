package hansard.decrypt;

import hansard.wire.Codec;
import hansard.wire.Frame;
import hansard.wire.Observation;
import hansard.wire.Octets;
import hansard.wire.RejectReason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From packets whose turn has come, or passed, to frames; and what is missing between them. */
final class Reassembly {
    private final Track track;
    private final Encodings encodings;
    private final Placing placing;
    private final PacketOpening opening;
    private final @Nullable SframeReceiver frameReceiver;
    private final Books books;
    private final Outcome outcome;
    private final Redundancy redundancy;

    /** @param frameReceiver null when frames are not sealed end to end */
    Reassembly(
            Track track,
            Encodings encodings,
            Placing placing,
            PacketOpening opening,
            @Nullable SframeReceiver frameReceiver,
            Books books) {
        this.track = track;
        this.encodings = encodings;
        this.placing = placing;
        this.opening = opening;
        this.frameReceiver = frameReceiver;
        this.books = books;
        this.outcome = books.outcome;
        this.redundancy = new Redundancy(track, encodings, placing, opening, this, outcome);
    }

    /** @param missing how many packets are missing right before it, as far as anybody can tell */
    void release(SealedPacket packet, long missing) {
        Source source = track.sources.get(packet.source());
        missing(packet, source.turn(source.indexOf(packet.order())));
        if (missing > 0 && !track.group.isEmpty()) {
            track.group.markBroken();
        }
        Encodings.Encoding encoding = encoding(packet);
        if (encoding.redundant()) {
            redundancy.take(packet, placing.place(packet), missing);
        } else if (encoding.depacketiser() == null) {
            keepWhole(packet);
        } else if (encoding.depacketiser().isOnePacketPerFrame()) {
            frame(encoding.depacketiser(), List.of(packet), placing.place(packet), true);
        } else if (track.group.add(packet)) {
            finishGroup(false);
        }
    }

    /** Nobody here can make a frame of it: it is kept as it was sent, where it arrived. */
    private void keepWhole(SealedPacket packet) {
        byte[] whole = opening.whole(packet);
        if (whole == null) {
            return;
        }
        boolean announced = !encoding(packet).codec().equals(Codec.NONE);
        books.reject(announced ? RejectReason.UNSUPPORTED : RejectReason.UNANNOUNCED, packet);
        outcome.frames.add(new Frame(
                packet.arrivalMicros(),
                packet.timestamp(),
                packet.arrivalMicros(),
                1,
                false,
                false,
                -1,
                packet.header().payloadType() | Frame.WHOLE_PACKET,
                Octets.of(whole)));
    }

    private void missing(SealedPacket next, Source.Skipped skipped) {
        if (!skipped.isNone()) {
            outcome.observations.add(new Observation.Missing(
                    next.source(), skipped.first(), skipped.last(), track.lastPlacedMicros(), next.arrivalMicros()));
        }
    }

    /** Its place was given up. Audio still makes a frame, placed by its timestamp; a video frame stays incomplete. */
    void late(SealedPacket packet) {
        MediaClock.Placement place = placing.placeLate(packet);
        if (track.filled.takeFilled(packet.source(), place.rtpTimestamp())) {
            track.account.cameAfterAll();
            books.reject(RejectReason.REDUNDANT, packet);
            return;
        }
        Source source = track.sources.get(packet.source());
        long index = source.indexOf(packet.order());
        if (source.wasSkipped(index)) {
            outcome.observations.add(new Observation.Found(packet.source(), index));
        } else {
            missing(packet, source.late(index));
        }
        Encodings.Encoding encoding = encoding(packet);
        if (encoding.redundant()) {
            redundancy.take(packet, place, 0);
        } else if (encoding.depacketiser() == null) {
            keepWhole(packet);
        } else {
            frame(
                    encoding.depacketiser(),
                    List.of(packet),
                    place,
                    encoding.depacketiser().isOnePacketPerFrame());
        }
    }

    /** The video frame that is unfinished ends here, whole or not. */
    void finishGroup(boolean endIsMissing) {
        boolean whole = !track.group.isBroken() && !endIsMissing;
        List<SealedPacket> packets = track.group.takeAll();
        if (!packets.isEmpty()) {
            Depacketiser frames = encoding(packets.getFirst()).depacketiser();
            if (frames != null) {
                frame(frames, packets, placing.place(packets.getFirst()), whole);
            }
        }
    }

    private void frame(Depacketiser frames, List<SealedPacket> packets, MediaClock.Placement place, boolean whole) {
        if (track.pauses.cover(place.mediaMicros())) {
            spokenDuringPause(packets);
            return;
        }
        track.placed(place.mediaMicros());
        List<byte[]> payloads = new ArrayList<>(packets.size());
        long arrivalMicros = 0;
        boolean intact = whole;
        SealedPacket first = packets.getFirst();
        for (SealedPacket packet : packets) {
            if (packet != first) {
                placing.place(packet);
                intact &= encoding(packet).frameType() == encoding(first).frameType();
            }
            arrivalMicros = Math.max(arrivalMicros, packet.arrivalMicros());
            byte[] payload = opening.payload(packet);
            if (payload == null) {
                intact = false;
            } else if (payload.length > 0) {
                payloads.add(payload);
            }
        }
        if (payloads.isEmpty()) { // padding only: a bandwidth probe
            return;
        }
        EncodedFrame encoded = intact ? frames.assemble(payloads) : null;
        if (encoded == null) {
            outcome.incompleteFrame();
            return;
        }
        int level = opening.audioLevel(first);
        handOn(
                encoded,
                place,
                arrivalMicros,
                packets.size(),
                level,
                encoding(first).frameType());
        if (frames.isOnePacketPerFrame()) {
            track.filled.handedOn(first.source(), place.rtpTimestamp());
        }
    }

    void handOn(
            EncodedFrame encoded,
            MediaClock.Placement place,
            long arrivalMicros,
            int packets,
            int level,
            int payloadType) {
        Frame frame = new Frame(
                place.mediaMicros(),
                place.rtpTimestamp(),
                arrivalMicros,
                packets,
                encoded.keyframe(),
                false,
                level,
                payloadType,
                Octets.of(encoded.bytes()));
        if (frameReceiver == null) {
            outcome.frames.add(frame);
        } else {
            openEndToEnd(frameReceiver, frame);
        }
    }

    /** Sent during a pause and late on the way: let go like what arrived in it, and not opened. */
    void spokenDuringPause(List<SealedPacket> packets) {
        track.account.paused(packets.size());
        outcome.reject(
                RejectReason.PAUSED,
                new Tally(
                        packets.size(),
                        packets.getFirst().arrivalMicros(),
                        packets.getLast().arrivalMicros()));
        outcome.observations.add(
                new Observation.Paused(track.pauses.lastFromMicros(), track.pauses.lastToMicros(), packets.size()));
    }

    private void openEndToEnd(SframeReceiver receiver, Frame frame) {
        switch (receiver.open(frame)) {
            case FrameOpening.Opened opened -> outcome.frames.add(opened.frame());
            case FrameOpening.LeftSealed left -> {
                outcome.frames.add(left.frame());
                if (left.keyDoubted()) {
                    books.raise(Alarm.FRAME_KEY_DOUBTED);
                }
            }
            case FrameOpening.Refused refused -> {
                track.account.takeBack(frame.packets());
                books.reject(
                        RejectReason.FRAME_REFUSED,
                        new Tally(frame.packets(), frame.arrivalMicros(), frame.arrivalMicros()));
                books.raise(Alarm.FRAME_REFUSED);
            }
        }
    }

    private Encodings.Encoding encoding(SealedPacket packet) {
        return encodings.of(packet.header().payloadType());
    }
}

package hansard.decrypt;

import hansard.rtp.RtpHeader;
import hansard.wire.Frame;
import hansard.wire.Observation;
import hansard.wire.Octets;
import hansard.wire.RejectReason;
import hansard.wire.SrtpRecord;
import hansard.wire.StreamDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One stream's way from datagrams to frames, without Kafka: verify, put in order, open, depacketise, place in time. The order
 * and the places depend on the records alone, so a repeat gives the same frames.
 */
final class TrackDecryption {
    private static final String AUDIO_LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";

    private final StreamDescription stream;
    private final Track track;
    private final @Nullable SrtpReceiver receiver;
    private final @Nullable SrtcpReceiver rtcpReceiver;
    private final @Nullable Depacketiser depacketiser;
    private final @Nullable SframeReceiver frameReceiver;
    private final long reorderWindowMicros;
    private final int audioLevelId;
    private final Outcome outcome = new Outcome();

    /**
     * @param keys empty when no session key can be used: then everything counts as NO_KEY
     * @param frameReceiver null when frames are not sealed end to end
     */
    TrackDecryption(
            StreamDescription stream,
            Track track,
            KeyRing keys,
            @Nullable SframeReceiver frameReceiver,
            long reorderWindowMicros) {
        this.stream = stream;
        this.track = track;
        this.receiver = keys.isEmpty() ? null : new SrtpReceiver(stream, keys, track.sources);
        this.rtcpReceiver = keys.isEmpty() ? null : new SrtcpReceiver(keys, track.rtcpWindows);
        this.depacketiser = Depacketiser.of(stream);
        this.frameReceiver = frameReceiver;
        this.reorderWindowMicros = reorderWindowMicros;
        this.audioLevelId = stream.headerExtensions().entrySet().stream()
                .filter(e -> e.getValue().equals(AUDIO_LEVEL))
                .mapToInt(Map.Entry::getKey)
                .findFirst()
                .orElse(-1);
    }

    /** Takes the stream's next record; returns what came of it. */
    Outcome take(SrtpRecord record) {
        switch (record) {
            case SrtpRecord.Datagrams bundle -> bundle.datagrams().forEach(this::receive);
            case SrtpRecord.Paused paused -> pause(paused);
            case SrtpRecord.Resumed resumed -> resume(resumed);
            case SrtpRecord.Closed closed -> close(closed);
        }
        return outcome;
    }

    private void receive(SrtpRecord.Datagram datagram) {
        track.account.received(1);
        track.arrived(datagram.arrivalMicros());
        byte[] bytes = datagram.bytes().array();
        if (receiver == null || rtcpReceiver == null) {
            reject(RejectReason.NO_KEY, datagram);
        } else if (RtpHeader.isRtcp(bytes, bytes.length)) {
            control(
                    rtcpReceiver.receive(bytes, report -> track.sources.report(report, datagram.arrivalMicros())),
                    datagram);
        } else {
            RtpHeader header = RtpHeader.parse(bytes, bytes.length);
            if (header == null) {
                reject(RejectReason.MALFORMED, datagram);
            } else {
                verify(receiver, header, datagram);
            }
        }
        drain(false);
    }

    private void control(RejectReason verdict, SrtpRecord.Datagram datagram) {
        reject(verdict, datagram);
        if (verdict == RejectReason.AUTH_FAILED) {
            raise(Alarm.AUTH_FAILED);
        }
    }

    private void verify(SrtpReceiver srtp, RtpHeader header, SrtpRecord.Datagram datagram) {
        byte[] bytes = datagram.bytes().array();
        switch (srtp.examine(bytes, header, datagram.arrivalMicros())) {
            case Verdict.Authentic authentic -> {
                if (!track.account.hasAuthenticated()) {
                    track.suspicion.clear();
                    settleSuspicion();
                }
                track.account.authenticated(srtp.remember(authentic));
                authentic(SealedPacket.of(authentic, datagram.arrivalMicros(), header, bytes));
            }
            case Verdict.Refused refused -> refused(refused.reason(), header, datagram);
        }
    }

    private void refused(RejectReason reason, RtpHeader header, SrtpRecord.Datagram datagram) {
        switch (reason) {
            case MALFORMED, AUTH_FAILED, UNKNOWN_MKI -> {
                track.suspicion.add(reason, header, datagram);
                settleSuspicion();
            }
            default -> reject(reason, datagram);
        }
    }

    private void authentic(SealedPacket packet) {
        if (track.reorder.isLate(packet.order())) {
            late(packet);
        } else {
            track.reorder.add(packet);
        }
    }

    /** Counts what failed to authenticate as what the stream turned out to be, once that is known. */
    private void settleSuspicion() {
        switch (track.suspicion.finding()) {
            case UNDECIDED -> {}
            case PLAIN -> {
                PlaintextSuspicion.Held held = track.suspicion.takeHeld();
                reject(
                        RejectReason.PLAINTEXT,
                        held.failed().plus(held.tooShort()).plus(held.unnamed()));
                raise(Alarm.PLAINTEXT);
            }
            case SEALED -> {
                PlaintextSuspicion.Held held = track.suspicion.takeHeld();
                reject(RejectReason.MALFORMED, held.tooShort());
                reject(RejectReason.UNKNOWN_MKI, held.unnamed());
                reject(RejectReason.AUTH_FAILED, held.failed());
                if (held.failed().count() + held.unnamed().count() > 0) {
                    raise(Alarm.AUTH_FAILED);
                }
            }
        }
    }

    /** Hands on every packet whose turn it is; with {@code flush}, all of them. */
    private void drain(boolean flush) {
        while (true) {
            SealedPacket head =
                    flush ? track.reorder.head() : track.reorder.due(track.newestArrivalMicros(), reorderWindowMicros);
            if (head == null) {
                return;
            }
            boolean gap = track.reorder.hasGapBeforeHead();
            if (track.group.isEndedBy(head)) {
                finishGroup(gap);
            }
            MediaClock clock = track.clock(head);
            if (clock.isDoubtful(stamp(head))) {
                boolean mayWait = !flush && !track.reorder.isFull();
                if (!clock.settle(following(head), track.newestArrivalMicros(), mayWait)) {
                    return;
                }
            }
            release(track.reorder.take(), gap);
        }
    }

    /** It, and what waits behind it of the same source. */
    private List<MediaClock.Stamp> following(SealedPacket head) {
        return track.reorder.waiting().stream()
                .filter(packet -> packet.source() == head.source())
                .map(TrackDecryption::stamp)
                .toList();
    }

    private void release(SealedPacket packet, boolean gap) {
        missing(packet, track.sources.get(packet.source()).turn(packet.index()));
        if (gap && !track.group.isEmpty()) {
            track.group.markBroken();
        }
        Depacketiser frames = depacketiserFor(packet);
        if (frames == null) {
            reject(RejectReason.UNSUPPORTED, Tally.of(1, packet.arrivalMicros()));
        } else if (frames.isOnePacketPerFrame()) {
            frame(frames, List.of(packet), true);
        } else if (track.group.add(packet)) {
            finishGroup(false);
        }
    }

    private void missing(SealedPacket next, Source.Skipped skipped) {
        if (!skipped.isNone()) {
            outcome.observations.add(new Observation.Missing(
                    next.source(), skipped.first(), skipped.last(), track.lastPlacedMicros(), next.arrivalMicros()));
        }
    }

    /** Its place was given up. Audio still makes a frame, placed by its timestamp; a video frame stays incomplete. */
    private void late(SealedPacket packet) {
        Source source = track.sources.get(packet.source());
        if (source.wasSkipped(packet.index())) {
            outcome.observations.add(new Observation.Found(packet.source(), packet.index()));
        } else {
            missing(packet, source.late(packet.index()));
        }
        Depacketiser frames = depacketiserFor(packet);
        if (frames == null) {
            reject(RejectReason.UNSUPPORTED, Tally.of(1, packet.arrivalMicros()));
        } else {
            frame(frames, List.of(packet), frames.isOnePacketPerFrame());
        }
    }

    private @Nullable Depacketiser depacketiserFor(SealedPacket packet) {
        String encoding = stream.encoding(packet.header().payloadType());
        return encoding.equalsIgnoreCase(stream.codec()) ? depacketiser : Depacketiser.beside(stream, encoding);
    }

    private int payloadType(SealedPacket packet) {
        int type = packet.header().payloadType();
        return stream.encoding(type).equalsIgnoreCase(stream.codec()) ? Frame.OF_THE_CODEC : type;
    }

    private void finishGroup(boolean endIsMissing) {
        boolean whole = !track.group.isBroken() && !endIsMissing;
        List<SealedPacket> packets = track.group.takeAll();
        Depacketiser frames = packets.isEmpty() ? null : depacketiserFor(packets.getFirst());
        if (frames != null) {
            frame(frames, packets, whole);
        }
    }

    private void frame(Depacketiser frames, List<SealedPacket> packets, boolean whole) {
        List<byte[]> payloads = new ArrayList<>(packets.size());
        MediaClock.Placement place = track.clock(packets.getFirst()).place(stamp(packets.getFirst()));
        if (track.pauses.cover(place.mediaMicros())) {
            spokenDuringPause(packets);
            return;
        }
        track.placed(place.mediaMicros());
        long arrivalMicros = 0;
        boolean intact = whole;
        for (SealedPacket packet : packets) {
            track.clock(packet).place(stamp(packet));
            arrivalMicros = Math.max(arrivalMicros, packet.arrivalMicros());
            byte[] payload = open(packet);
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
        Frame frame = new Frame(
                place.mediaMicros(),
                place.rtpTimestamp(),
                arrivalMicros,
                packets.size(),
                encoded.keyframe(),
                false,
                audioLevel(packets.getFirst()),
                payloadType(packets.getFirst()),
                Octets.of(encoded.bytes()));
        if (frameReceiver == null) {
            outcome.frames.add(frame);
        } else {
            openEndToEnd(frameReceiver, frame);
        }
    }

    /** Sent during a pause and late on the way: let go like what arrived in it, and not opened. */
    private void spokenDuringPause(List<SealedPacket> packets) {
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
                    raise(Alarm.FRAME_KEY_DOUBTED);
                }
            }
            case FrameOpening.Refused refused -> {
                track.account.takeBack(frame.packets());
                reject(
                        RejectReason.FRAME_REFUSED,
                        new Tally(frame.packets(), frame.arrivalMicros(), frame.arrivalMicros()));
                raise(Alarm.FRAME_REFUSED);
            }
        }
    }

    private byte @Nullable [] open(SealedPacket packet) {
        byte[] padded = packet.payload();
        if (padded == null && receiver != null) {
            padded = receiver.reopen(packet);
        }
        if (padded == null) {
            // the key was taken away while the packet waited
            reject(RejectReason.NO_KEY, Tally.of(1, packet.arrivalMicros()));
            return null;
        }
        byte[] payload = RtpPadding.strip(packet.header(), padded);
        if (payload == null) {
            reject(RejectReason.MALFORMED, Tally.of(1, packet.arrivalMicros()));
        } else {
            track.account.framed();
        }
        return payload;
    }

    /** RFC 6464: the low seven bits. */
    private int audioLevel(SealedPacket packet) {
        if (audioLevelId < 0) {
            return -1;
        }
        int element = packet.header().extensionByte(packet.datagram(), audioLevelId);
        return element < 0 ? -1 : element & 0x7f;
    }

    private void pause(SrtpRecord.Paused paused) {
        flush();
        track.pauses.begin(paused.atMicros());
        track.sources.endStretch();
        track.reorder.forgetPosition();
    }

    private void resume(SrtpRecord.Resumed resumed) {
        track.sources.skip(resumed.sequenceWraps());
        if (!track.pauses.lasts() && resumed.discarded() == 0) {
            return; // nothing was paused
        }
        long from = track.pauses.end(resumed.atMicros());
        track.account.received(resumed.discarded());
        track.account.paused(resumed.discarded());
        outcome.reject(RejectReason.PAUSED, Tally.of(resumed.discarded(), resumed.atMicros()));
        outcome.observations.add(new Observation.Paused(from, resumed.atMicros(), resumed.discarded()));
    }

    private void close(SrtpRecord.Closed closed) {
        flush();
        if (track.pauses.lasts()) { // the ingest ends a pause before it ends a stream, unless it was killed in between
            long from = track.pauses.end(closed.atMicros());
            outcome.observations.add(new Observation.Paused(from, closed.atMicros(), 0));
        }
        track.suspicion.decide();
        settleSuspicion();
        track.account.received(closed.notDurable());
        reject(RejectReason.NOT_DURABLE, Tally.of(closed.notDurable(), closed.atMicros()));
    }

    private void flush() {
        drain(true);
        finishGroup(true);
    }

    private void raise(Alarm alarm) {
        if (track.raise(alarm)) {
            outcome.alarms.add(alarm);
        }
    }

    private void reject(RejectReason reason, SrtpRecord.Datagram datagram) {
        reject(reason, Tally.of(1, datagram.arrivalMicros()));
    }

    private void reject(RejectReason reason, Tally tally) {
        if (tally.count() > 0) {
            track.account.rejected(reason, tally.count());
            outcome.reject(reason, tally);
        }
    }

    private static MediaClock.Stamp stamp(SealedPacket packet) {
        return new MediaClock.Stamp(packet.timestamp(), packet.arrivalMicros());
    }
}

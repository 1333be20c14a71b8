package hansard.decrypt;

import hansard.rtp.RtpHeader;
import hansard.wire.Frame;
import hansard.wire.Observation;
import hansard.wire.Octets;
import hansard.wire.RejectReason;
import hansard.wire.Repair;
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
                long newlyExpected = srtp.remember(authentic);
                if (stream.isRetransmission(header.payloadType())) {
                    sentAgain(authentic, header, datagram);
                    return;
                }
                track.account.authenticated(newlyExpected);
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

    /** RFC 4588 section 4: two bytes say which sequence number the first packet had; what follows them is its payload. */
    private void sentAgain(Verdict.Authentic packet, RtpHeader header, SrtpRecord.Datagram datagram) {
        packet.source().repairs();
        Source media = track.sources.newestMedia();
        byte[] payload = RtpPadding.strip(header, packet.payload());
        long index = media == null || payload == null || payload.length <= Retransmission.NUMBER_BYTES
                ? -1
                : media.missing(Retransmission.sequenceNumber(payload));
        if (media == null || index < 0) {
            reject(RejectReason.REDUNDANT, datagram);
            return;
        }
        track.account.authenticated(media.recover(index));
        track.account.recovered(Repair.RTX);
        authentic(SealedPacket.inPlace(
                media,
                index,
                packet,
                datagram.arrivalMicros(),
                header,
                datagram.bytes().array()));
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
            long missing = track.reorder.missingBeforeHead();
            MediaClock clock = track.clock(head);
            if (isTimely(head) && clock.isDoubtful(stamp(head))) {
                boolean mayWait = !flush && !track.reorder.isFull();
                if (!clock.settle(following(head), track.newestArrivalMicros(), mayWait)) {
                    return;
                }
            }
            release(track.reorder.take(), missing);
        }
    }

    /** It, and what waits behind it of the same source. */
    private List<MediaClock.Stamp> following(SealedPacket head) {
        return track.reorder.waiting().stream()
                .filter(packet -> packet.source() == head.source() && isTimely(packet))
                .map(TrackDecryption::stamp)
                .toList();
    }

    /** Whether it was sent when its timestamp says: not when it is sent again, or tells of an event that goes on. */
    private boolean isTimely(SealedPacket packet) {
        int type = packet.header().payloadType();
        return !stream.isRetransmission(type) && !stream.encoding(type).equals("telephone-event");
    }

    private MediaClock.Placement place(SealedPacket packet) {
        MediaClock clock = track.clock(packet);
        return isTimely(packet) ? clock.place(stamp(packet)) : clock.placeUntimely(stamp(packet));
    }

    private void release(SealedPacket packet, long missing) {
        Source source = track.sources.get(packet.source());
        missing(packet, source.turn(source.indexOf(packet.order())));
        if (missing > 0 && !track.group.isEmpty()) {
            track.group.markBroken();
        }
        if (isRed(packet)) {
            redundant(packet, missing);
            return;
        }
        Depacketiser frames = depacketiserFor(mediaType(packet));
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
        if (track.filled.takeFilled(packet.source(), place(packet).rtpTimestamp())) {
            track.account.cameAfterAll();
            reject(RejectReason.REDUNDANT, Tally.of(1, packet.arrivalMicros()));
            return;
        }
        Source source = track.sources.get(packet.source());
        long index = source.indexOf(packet.order());
        if (source.wasSkipped(index)) {
            outcome.observations.add(new Observation.Found(packet.source(), index));
        } else {
            missing(packet, source.late(index));
        }
        if (isRed(packet)) {
            redundant(packet, 0);
            return;
        }
        Depacketiser frames = depacketiserFor(mediaType(packet));
        if (frames == null) {
            reject(RejectReason.UNSUPPORTED, Tally.of(1, packet.arrivalMicros()));
        } else {
            frame(frames, List.of(packet), frames.isOnePacketPerFrame());
        }
    }

    private boolean isRed(SealedPacket packet) {
        return !stream.isEndToEndEncrypted()
                && depacketiser != null
                && depacketiser.isOnePacketPerFrame()
                && stream.encoding(mediaType(packet)).equalsIgnoreCase("red");
    }

    /**
     * RFC 2198: the packet's own block is its frame. Of the earlier ones only those are used that no packet brought, and no more of them
     * than packets are missing.
     */
    private void redundant(SealedPacket packet, long missing) {
        MediaClock.Placement own = place(packet);
        if (track.pauses.cover(own.mediaMicros())) {
            spokenDuringPause(List.of(packet));
            return;
        }
        track.placed(own.mediaMicros());
        byte[] payload = open(packet);
        Red red = payload == null || payload.length == 0 ? null : Red.parse(payload);
        if (red == null) {
            if (payload != null && payload.length > 0) {
                outcome.incompleteFrame();
            }
            return;
        }
        int useful = (int) Math.min(missing, red.earlier().size());
        long index = track.sources.get(packet.source()).indexOf(packet.order()) - useful;
        for (Red.Block block : red.earlier()
                .subList(red.earlier().size() - useful, red.earlier().size())) {
            MediaClock.Placement place = track.clock(packet)
                    .placeUntimely(new MediaClock.Stamp(
                            packet.timestamp() - block.offset() & 0xffff_ffffL, packet.arrivalMicros()));
            if (track.filled.isMissing(packet.source(), place.rtpTimestamp())
                    && place.rtpTimestamp() < own.rtpTimestamp()
                    && !track.pauses.cover(place.mediaMicros())
                    && block(block, packet, place, 0)) {
                track.account.recovered(Repair.RED);
                track.filled.filled(packet.source(), place.rtpTimestamp());
                outcome.observations.add(new Observation.Found(packet.source(), index));
            }
            index++;
        }
        if (!block(red.primary(), packet, own, 1)) {
            outcome.incompleteFrame();
        }
    }

    private boolean block(Red.Block block, SealedPacket packet, MediaClock.Placement place, int packets) {
        Depacketiser frames = depacketiserFor(block.payloadType());
        EncodedFrame encoded =
                frames == null || !frames.isOnePacketPerFrame() ? null : frames.assemble(List.of(block.bytes()));
        if (encoded == null) {
            return false;
        }
        // the header extensions are the packet's own, so that what an earlier one said of its level is not known
        int level = packets == 0 ? -1 : audioLevel(packet);
        handOn(encoded, place, packet.arrivalMicros(), packets, level, otherType(block.payloadType()));
        if (packets > 0) {
            track.filled.handedOn(packet.source(), place.rtpTimestamp());
        }
        return true;
    }

    private int mediaType(SealedPacket packet) {
        return stream.mediaType(packet.header().payloadType());
    }

    private @Nullable Depacketiser depacketiserFor(int payloadType) {
        String encoding = stream.encoding(payloadType);
        return encoding.equalsIgnoreCase(stream.codec()) ? depacketiser : Depacketiser.beside(stream, encoding);
    }

    private int otherType(int payloadType) {
        return stream.encoding(payloadType).equalsIgnoreCase(stream.codec()) ? Frame.OF_THE_CODEC : payloadType;
    }

    private void finishGroup(boolean endIsMissing) {
        boolean whole = !track.group.isBroken() && !endIsMissing;
        List<SealedPacket> packets = track.group.takeAll();
        Depacketiser frames = packets.isEmpty() ? null : depacketiserFor(mediaType(packets.getFirst()));
        if (frames != null) {
            frame(frames, packets, whole);
        }
    }

    private void frame(Depacketiser frames, List<SealedPacket> packets, boolean whole) {
        List<byte[]> payloads = new ArrayList<>(packets.size());
        MediaClock.Placement place = place(packets.getFirst());
        if (track.pauses.cover(place.mediaMicros())) {
            spokenDuringPause(packets);
            return;
        }
        track.placed(place.mediaMicros());
        long arrivalMicros = 0;
        boolean intact = whole;
        for (SealedPacket packet : packets) {
            place(packet);
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
        SealedPacket first = packets.getFirst();
        handOn(encoded, place, arrivalMicros, packets.size(), audioLevel(first), otherType(mediaType(first)));
        if (frames.isOnePacketPerFrame()) {
            track.filled.handedOn(first.source(), place.rtpTimestamp());
        }
    }

    private void handOn(
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
        if (payload != null && stream.isRetransmission(packet.header().payloadType())) {
            payload = Retransmission.original(payload);
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

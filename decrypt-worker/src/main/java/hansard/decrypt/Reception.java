package hansard.decrypt;

import hansard.rtp.RtpHeader;
import hansard.wire.RejectReason;
import hansard.wire.Repair;
import hansard.wire.SrtpRecord;
import org.jspecify.annotations.Nullable;

/** From a stream's datagrams to packets of it that are authentic: what is none is counted, and why. */
final class Reception {
    private final Track track;
    private final @Nullable SrtpReceiver receiver;
    private final @Nullable SrtcpReceiver rtcpReceiver;
    private final Encodings encodings;
    private final @Nullable Layers layers;
    private final Books books;

    /**
     * @param receiver null when no session key can be used, and so is {@code rtcpReceiver}
     * @param layers null for a stream in one size
     */
    Reception(
            Track track,
            @Nullable SrtpReceiver receiver,
            @Nullable SrtcpReceiver rtcpReceiver,
            Encodings encodings,
            @Nullable Layers layers,
            Books books) {
        this.track = track;
        this.receiver = receiver;
        this.rtcpReceiver = rtcpReceiver;
        this.encodings = encodings;
        this.layers = layers;
        this.books = books;
    }

    /** The packet that a datagram is, or null when it is none that the track is made of. */
    @Nullable
    SealedPacket receive(SrtpRecord.Datagram datagram) {
        track.account.received(1);
        track.arrived(datagram.arrivalMicros());
        byte[] bytes = datagram.bytes().array();
        if (receiver == null || rtcpReceiver == null) {
            books.reject(RejectReason.NO_KEY, datagram);
            return null;
        }
        if (RtpHeader.isRtcp(bytes, bytes.length)) {
            control(
                    rtcpReceiver.receive(bytes, report -> track.sources.report(report, datagram.arrivalMicros())),
                    datagram);
            return null;
        }
        RtpHeader header = RtpHeader.parse(bytes, bytes.length);
        if (header == null) {
            books.reject(RejectReason.MALFORMED, datagram);
            return null;
        }
        return verify(receiver, header, datagram);
    }

    private void control(RejectReason verdict, SrtpRecord.Datagram datagram) {
        books.reject(verdict, datagram);
        if (verdict == RejectReason.AUTH_FAILED) {
            books.raise(Alarm.AUTH_FAILED);
        }
    }

    private @Nullable SealedPacket verify(SrtpReceiver srtp, RtpHeader header, SrtpRecord.Datagram datagram) {
        byte[] bytes = datagram.bytes().array();
        switch (srtp.examine(bytes, header, datagram.arrivalMicros())) {
            case Verdict.Authentic authentic -> {
                if (!track.account.hasAuthenticated()) {
                    track.suspicion.clear();
                    settleSuspicion();
                }
                long newlyExpected = srtp.remember(authentic);
                if (encodings.of(header.payloadType()).sentAgain()) {
                    return sentAgain(authentic, header, datagram);
                }
                RejectReason leftOut =
                        layers == null ? null : layers.leftOut(authentic, header, bytes, datagram.arrivalMicros());
                if (leftOut != null) {
                    books.reject(leftOut, datagram);
                    return null;
                }
                track.account.authenticated(newlyExpected);
                return SealedPacket.of(authentic, datagram.arrivalMicros(), header, bytes);
            }
            case Verdict.Refused refused -> {
                refused(refused.reason(), header, datagram);
                return null;
            }
        }
    }

    private void refused(RejectReason reason, RtpHeader header, SrtpRecord.Datagram datagram) {
        switch (reason) {
            case MALFORMED, AUTH_FAILED, UNKNOWN_MKI -> {
                track.suspicion.add(reason, header, datagram);
                settleSuspicion();
            }
            default -> books.reject(reason, datagram);
        }
    }

    /** RFC 4588 section 4: two bytes say which sequence number the first packet had; what follows them is its payload. */
    private @Nullable SealedPacket sentAgain(Verdict.Authentic packet, RtpHeader header, SrtpRecord.Datagram datagram) {
        packet.source().repairs();
        // of which layer it is, nobody says
        Source media = layers == null ? track.sources.newestMedia() : null;
        byte[] payload = RtpPadding.strip(header, packet.payload());
        long index = media == null || payload == null || payload.length <= Retransmission.NUMBER_BYTES
                ? -1
                : media.missing(Retransmission.sequenceNumber(payload));
        if (media == null || index < 0) {
            books.reject(RejectReason.REDUNDANT, datagram);
            return null;
        }
        track.account.authenticated(media.recover(index));
        track.account.recovered(Repair.RTX);
        return SealedPacket.inPlace(
                media,
                index,
                packet,
                datagram.arrivalMicros(),
                header,
                datagram.bytes().array());
    }

    /** Nothing more will come by which plain packets could be told from forged ones. */
    void end() {
        track.suspicion.decide();
        settleSuspicion();
    }

    /** Counts what failed to authenticate as what the stream turned out to be, once that is known. */
    private void settleSuspicion() {
        switch (track.suspicion.finding()) {
            case UNDECIDED -> {}
            case PLAIN -> {
                PlaintextSuspicion.Held held = track.suspicion.takeHeld();
                books.reject(
                        RejectReason.PLAINTEXT,
                        held.failed().plus(held.tooShort()).plus(held.unnamed()));
                books.raise(Alarm.PLAINTEXT);
            }
            case SEALED -> {
                PlaintextSuspicion.Held held = track.suspicion.takeHeld();
                books.reject(RejectReason.MALFORMED, held.tooShort());
                books.reject(RejectReason.UNKNOWN_MKI, held.unnamed());
                books.reject(RejectReason.AUTH_FAILED, held.failed());
                if (held.failed().count() + held.unnamed().count() > 0) {
                    books.raise(Alarm.AUTH_FAILED);
                }
            }
        }
    }
}

package hansard.decrypt;

import hansard.rtp.RtpHeader;
import hansard.wire.RejectReason;
import hansard.wire.SrtpRecord;
import hansard.wire.StreamDescription;

/**
 * Decides whether a record's time has come: it has when something in it is authentic, or when waiting for a key cannot change what
 * becomes of it. So a key that is missing, wrong or late costs time and no media. Remembers no packet.
 */
final class Admission {
    private final StreamDescription stream;
    private final KeyRing keys;
    private final Track track;
    private final PlaintextSuspicion suspicion;
    private final SrtpReceiver receiver;

    Admission(StreamDescription stream, KeyRing keys, Track track, PlaintextSuspicion suspicion) {
        this.stream = stream;
        this.keys = keys;
        this.track = track;
        this.suspicion = suspicion;
        this.receiver = new SrtpReceiver(stream, keys, track.sources);
    }

    private enum Sight {
        OPENS,
        LACKS_A_KEY,
        IS_NO_MEDIA
    }

    /** @param othersWait whether earlier records wait: the order is kept */
    boolean admits(SrtpRecord record, boolean othersWait) {
        return switch (record) {
            case SrtpRecord.Datagrams bundle -> !keys.isEmpty() && admits(bundle, othersWait);
            case SrtpRecord.Paused ignored -> !othersWait;
            case SrtpRecord.Resumed ignored -> !othersWait;
            case SrtpRecord.Closed ignored -> true;
        };
    }

    private boolean admits(SrtpRecord.Datagrams bundle, boolean othersWait) {
        boolean lacks = false;
        for (SrtpRecord.Datagram datagram : bundle.datagrams()) {
            switch (look(datagram)) {
                case OPENS -> {
                    return true;
                }
                case LACKS_A_KEY -> lacks = true;
                case IS_NO_MEDIA -> {}
            }
        }
        return suspicion.finding() == PlaintextSuspicion.Finding.PLAIN || !lacks && !othersWait;
    }

    private Sight look(SrtpRecord.Datagram datagram) {
        byte[] bytes = datagram.bytes().array();
        RtpHeader header = RtpHeader.isRtcp(bytes, bytes.length) ? null : RtpHeader.parse(bytes, bytes.length);
        if (header == null) {
            return Sight.IS_NO_MEDIA;
        }
        return switch (receiver.examine(bytes, header, datagram.arrivalMicros())) {
            case Verdict.Authentic ignored -> Sight.OPENS;
            case Verdict.Refused refused -> refused(refused.reason(), header, datagram);
        };
    }

    private Sight refused(RejectReason reason, RtpHeader header, SrtpRecord.Datagram datagram) {
        if (!track.account.hasAuthenticated()) {
            suspicion.add(reason, header, datagram);
        }
        return switch (reason) {
            case REPLAYED -> Sight.OPENS;
            case AUTH_FAILED, UNKNOWN_MKI -> Sight.LACKS_A_KEY;
            case FOREIGN_SSRC -> stream.ssrc() == null ? Sight.LACKS_A_KEY : Sight.IS_NO_MEDIA;
            // plain RTP may be shorter than SRTP can be
            case MALFORMED -> track.account.hasAuthenticated() ? Sight.IS_NO_MEDIA : Sight.LACKS_A_KEY;
            default -> Sight.IS_NO_MEDIA;
        };
    }
}

package hansard.decrypt;

import hansard.wire.RejectReason;
import hansard.wire.SrtpRecord;

/** Puts what became of datagrams into the track's account and the record's outcome, always into both. */
final class Books {
    private final Track track;
    final Outcome outcome;

    Books(Track track, Outcome outcome) {
        this.track = track;
        this.outcome = outcome;
    }

    void raise(Alarm alarm) {
        if (track.raise(alarm)) {
            outcome.alarms.add(alarm);
        }
    }

    void reject(RejectReason reason, SrtpRecord.Datagram datagram) {
        reject(reason, Tally.of(1, datagram.arrivalMicros()));
    }

    void reject(RejectReason reason, SealedPacket packet) {
        reject(reason, Tally.of(1, packet.arrivalMicros()));
    }

    void reject(RejectReason reason, Tally tally) {
        if (tally.count() > 0) {
            track.account.rejected(reason, tally.count());
            outcome.reject(reason, tally);
        }
    }
}

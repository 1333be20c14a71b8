package hansard.decrypt;

import hansard.wire.RejectReason;

/** What verifying a datagram said. */
sealed interface Verdict {
    /** Authentic, never seen before, and now remembered. */
    record Authentic(long index) implements Verdict {}

    /** Refused; nothing was remembered. */
    record Refused(RejectReason reason) implements Verdict {}
}

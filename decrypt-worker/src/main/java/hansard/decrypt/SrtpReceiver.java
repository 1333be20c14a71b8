package hansard.decrypt;

import hansard.rtp.RtpHeader;
import hansard.wire.RejectReason;

/**
 * Receives the SRTP packets of one SSRC (RFC 3711 section 3.3): first {@link #verify}, then, whenever wanted, {@link #open}.
 * Verifies first and remembers second: a packet that does not authenticate leaves no state.
 */
final class SrtpReceiver {
    private final PacketCipher cipher;
    private final PacketIndex index;
    private final ReplayWindow window;

    SrtpReceiver(PacketCipher cipher, PacketIndex index, ReplayWindow window) {
        this.cipher = cipher;
        this.index = index;
        this.window = window;
    }

    Verdict verify(byte[] datagram, RtpHeader header) {
        if (isTooShort(datagram, header)) {
            return new Verdict.Refused(RejectReason.MALFORMED);
        }
        for (long candidate : index.candidates(header.sequenceNumber())) {
            if (cipher.isAuthentic(datagram, candidate)) {
                return remember(candidate);
            }
        }
        return new Verdict.Refused(RejectReason.AUTH_FAILED);
    }

    private Verdict remember(long candidate) {
        if (window.isReplay(candidate)) {
            return new Verdict.Refused(RejectReason.REPLAYED);
        }
        window.remember(candidate);
        index.accept(candidate);
        return new Verdict.Authentic(candidate);
    }

    /** Section 3.1: header, then payload, then the tag. */
    boolean isTooShort(byte[] datagram, RtpHeader header) {
        return datagram.length < header.length() + cipher.tagLength();
    }

    /** The plaintext payload of a datagram that was verified under this index, padding included. */
    byte[] open(byte[] datagram, RtpHeader header, long verifiedIndex) {
        return cipher.open(datagram, header, verifiedIndex);
    }
}

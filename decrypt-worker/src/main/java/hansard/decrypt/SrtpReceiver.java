package hansard.decrypt;

import hansard.rtp.RtpHeader;
import hansard.wire.RejectReason;
import hansard.wire.StreamDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Receives a stream's SRTP packets (RFC 3711 section 3.3): {@link #examine} verifies and decrypts, and whoever wants the packet
 * remembers it afterwards. A packet that does not authenticate leaves no state but what its trials took from the budget.
 */
final class SrtpReceiver {
    private static final Verdict MALFORMED = new Verdict.Refused(RejectReason.MALFORMED);
    private static final Verdict UNKNOWN_MKI = new Verdict.Refused(RejectReason.UNKNOWN_MKI);
    private static final Verdict AUTH_FAILED = new Verdict.Refused(RejectReason.AUTH_FAILED);
    private static final Verdict REPLAYED = new Verdict.Refused(RejectReason.REPLAYED);
    private static final Verdict FOREIGN_SSRC = new Verdict.Refused(RejectReason.FOREIGN_SSRC);

    private final StreamDescription stream;
    private final KeyRing keys;
    private final Sources sources;
    private final int overhead;

    SrtpReceiver(StreamDescription stream, KeyRing keys, Sources sources) {
        this.stream = stream;
        this.keys = keys;
        this.sources = sources;
        this.overhead = keys.overhead();
    }

    /** @param arrivalMicros fills the budget for searches */
    Verdict examine(byte[] datagram, RtpHeader header, long arrivalMicros) {
        // RFC 4588 section 5.3: a retransmission has an SSRC of its own, and is authentic under the stream's key or
        // nothing
        boolean mayBeAnother = stream.isRetransmission(header.payloadType());
        if (stream.ssrc() != null && stream.ssrc() != header.ssrc() && !mayBeAnother) {
            return FOREIGN_SSRC;
        }
        if (isTooShort(datagram, header)) {
            return MALFORMED;
        }
        List<MasterKey> candidates = keys.forRtp(datagram, header.length());
        if (candidates.isEmpty()) {
            return UNKNOWN_MKI;
        }
        Packet packet = new Packet(datagram, header, candidates);
        Source newest = sources.newest(header.ssrc());
        Verdict verdict = newest == null ? asFresh(packet) : asKnown(packet, newest);
        if (verdict == null) {
            verdict = bySearch(packet, newest == null ? sources.fresh(stream, header.ssrc()) : newest, arrivalMicros);
        }
        if (verdict != null) {
            return verdict;
        }
        return newest == null && !sources.isEmpty() ? FOREIGN_SSRC : AUTH_FAILED;
    }

    private record Packet(byte[] datagram, RtpHeader header, List<MasterKey> keys) {
        byte @Nullable [] open(MasterKey key, long index) {
            return key.rtp(index).openRtp(datagram, header, key.mkiLength(), index);
        }
    }

    /** Section 3.1: header, then payload, then what the suite adds. */
    boolean isTooShort(byte[] datagram, RtpHeader header) {
        return datagram.length < header.length() + overhead;
    }

    private @Nullable Verdict asKnown(Packet packet, Source newest) {
        for (int i = sources.size() - 1; i >= 0; i--) {
            Source source = sources.get(i);
            if (source.ssrc() == newest.ssrc()) {
                Verdict verdict = in(source, packet, source == newest);
                if (verdict != null) {
                    return verdict;
                }
            }
        }
        return asRestarted(packet, newest);
    }

    /** The key that was good for the last packet first, then the newer ones, then the older. */
    private @Nullable Verdict in(Source source, Packet packet, boolean mayRestart) {
        long[] indexes = source.index.candidates(packet.header.sequenceNumber());
        for (boolean expected = true; ; expected = false) {
            for (MasterKey key : packet.keys) {
                if (source.mayUse(key) && (key.ordinal() == source.newestKey()) == expected) {
                    for (long index : indexes) {
                        byte[] payload = packet.open(key, index);
                        if (payload != null) {
                            return judged(source, key, index, payload, mayRestart);
                        }
                    }
                }
            }
            if (!expected) {
                return null;
            }
        }
    }

    private Verdict judged(Source source, MasterKey key, long index, byte[] payload, boolean mayRestart) {
        if (!source.isReplay(index)) {
            return new Verdict.Authentic(source, key.ordinal(), index, payload);
        }
        // under a key that was never used before, an index that was is no repetition: the counter begins again
        return mayRestart && key.ordinal() > source.newestKey() && !sources.isFull()
                ? new Verdict.Authentic(sources.restarted(stream, source.ssrc(), key), key.ordinal(), index, payload)
                : REPLAYED;
    }

    /**
     * RFC 3711 section 3.3.1: the rollover counter goes on under a new master key; {@link #in} has tried that. RFC 4568 section 6.4:
     * with keys from SDES a new key may begin a new context, and the counter with it.
     */
    private @Nullable Verdict asRestarted(Packet packet, Source newest) {
        if (sources.isFull()) {
            return null;
        }
        for (MasterKey key : packet.keys) {
            if (key.ordinal() > newest.newestKey()) {
                Source restarted = sources.restarted(stream, newest.ssrc(), key);
                for (long index : restarted.index.candidates(packet.header.sequenceNumber())) {
                    byte[] payload = packet.open(key, index);
                    if (payload != null) {
                        return new Verdict.Authentic(restarted, key.ordinal(), index, payload);
                    }
                }
            }
        }
        return null;
    }

    private @Nullable Verdict asFresh(Packet packet) {
        if (sources.isFull()) {
            return FOREIGN_SSRC;
        }
        return in(sources.fresh(stream, packet.header.ssrc()), packet, false);
    }

    private @Nullable Verdict bySearch(Packet packet, Source source, long arrivalMicros) {
        PacketIndex.Range range = source.index.searched();
        // RFC 3711 section 4.3.1: with a key derivation rate, another counter means other session keys
        int trial = stream.srtp().keyDerivationRate() == 0 ? 1 : SearchBudget.WITH_DERIVATION;
        if (!sources.budget.spend(range.count() * packet.keys.size() * trial, arrivalMicros)) {
            return null;
        }
        for (MasterKey key : packet.keys) {
            if (source.mayUse(key)) {
                for (int i = 0; i < range.count(); i++) {
                    long index = range.index(i, packet.header.sequenceNumber());
                    byte[] payload = packet.open(key, index);
                    if (payload != null) {
                        return judged(source, key, index, payload, false);
                    }
                }
            }
        }
        return null;
    }

    /** Remembers what {@link #examine} found authentic; returns how many more sequence numbers are expected because of it. */
    long remember(Verdict.Authentic packet) {
        return sources.accept(packet);
    }

    /** The payload of a packet that authenticated earlier; null when its key is no longer there. */
    byte @Nullable [] reopen(SealedPacket packet) {
        MasterKey key = keys.byOrdinal(packet.key());
        return key == null
                ? null
                : key.rtp(packet.index()).openRtp(packet.datagram(), packet.header(), key.mkiLength(), packet.index());
    }
}

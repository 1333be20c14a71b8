package hansard.decrypt;

import hansard.rtp.RtpHeader;
import hansard.wire.RejectReason;
import hansard.wire.SrtpRecord;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Tells plain RTP where SRTP was announced from SRTP under another key, when nothing of a stream has ever authenticated.
 *
 * <p>The first byte of a plain payload says how to read the rest (Opus TOC, VP8 descriptor, NAL header, SFrame header) and takes
 * a handful of values; the first byte of ciphertext is uniform. So the first {@value #SAMPLES} failed packets wait, counted
 * but undecided, and the stream is plain when their first bytes take at most a quarter as many values. Under uniform bytes
 * that has a chance of 10^-20.
 */
final class PlaintextSuspicion {
    static final int SAMPLES = 16;
    /** Fewer than this decide nothing: they count as not authentic. */
    private static final int FEWEST_SAMPLES = 4;

    enum Finding {
        UNDECIDED,
        PLAIN,
        SEALED
    }

    private Finding finding = Finding.UNDECIDED;
    private Tally failed = Tally.NONE;
    private Tally tooShort = Tally.NONE;
    private Tally unnamed = Tally.NONE;
    private int samples;
    private int lastSequenceNumber = -1;
    private BitSet firstBytes = new BitSet(256);

    Finding finding() {
        return finding;
    }

    /** A packet that was refused for this reason; others than the three below say nothing. */
    void add(RejectReason reason, RtpHeader header, SrtpRecord.Datagram datagram) {
        byte[] bytes = datagram.bytes().array();
        int first = header.length() < bytes.length ? bytes[header.length()] & 0xff : 0;
        switch (reason) {
            case MALFORMED -> addTooShort(datagram.arrivalMicros());
            case AUTH_FAILED -> addFailed(datagram.arrivalMicros(), header.sequenceNumber(), first);
            case UNKNOWN_MKI -> addUnnamed(datagram.arrivalMicros(), header.sequenceNumber(), first);
            default -> {}
        }
    }

    /** A packet too short for the tag: plain RTP may be, SRTP may not. */
    private void addTooShort(long arrivalMicros) {
        tooShort = tooShort.plus(Tally.of(1, arrivalMicros));
    }

    /** A packet that did not authenticate. Decides when enough have come. */
    private void addFailed(long arrivalMicros, int sequenceNumber, int firstPayloadByte) {
        failed = failed.plus(Tally.of(1, arrivalMicros));
        sample(sequenceNumber, firstPayloadByte);
    }

    /** A packet that bears no master key identifier of the stream's: plain RTP bears none. */
    private void addUnnamed(long arrivalMicros, int sequenceNumber, int firstPayloadByte) {
        unnamed = unnamed.plus(Tally.of(1, arrivalMicros));
        sample(sequenceNumber, firstPayloadByte);
    }

    private void sample(int sequenceNumber, int firstPayloadByte) {
        if (sequenceNumber != lastSequenceNumber) { // a duplicate says nothing new
            lastSequenceNumber = sequenceNumber;
            samples++;
            firstBytes.set(firstPayloadByte);
        }
        if (samples >= SAMPLES) {
            decide();
        }
    }

    /** Decides with what there is. */
    void decide() {
        if (finding == Finding.UNDECIDED && samples + tooShort.count() > 0) {
            boolean plain = samples >= FEWEST_SAMPLES && firstBytes.cardinality() <= samples / 4;
            finding = plain ? Finding.PLAIN : Finding.SEALED;
        }
    }

    /** Something of the stream has authenticated: it is SRTP. */
    void clear() {
        finding = Finding.SEALED;
    }

    /** What waited for the decision; nothing afterwards. */
    Held takeHeld() {
        Held held = new Held(failed, tooShort, unnamed);
        failed = Tally.NONE;
        tooShort = Tally.NONE;
        unnamed = Tally.NONE;
        return held;
    }

    record Held(Tally failed, Tally tooShort, Tally unnamed) {}

    void write(StateWriter out) {
        out.u8(finding.ordinal());
        failed.write(out);
        tooShort.write(out);
        unnamed.write(out);
        out.i32(samples);
        out.i32(lastSequenceNumber);
        out.blob(firstBytes.toByteArray());
    }

    static PlaintextSuspicion read(StateReader in) {
        PlaintextSuspicion suspicion = new PlaintextSuspicion();
        @Nullable Finding finding = finding(in.u8());
        if (finding == null) {
            throw in.malformed("no such finding");
        }
        suspicion.finding = finding;
        suspicion.failed = Tally.read(in);
        suspicion.tooShort = Tally.read(in);
        suspicion.unnamed = Tally.read(in);
        suspicion.samples = in.i32();
        suspicion.lastSequenceNumber = in.i32();
        suspicion.firstBytes = BitSet.valueOf(in.blob());
        return suspicion;
    }

    private static @Nullable Finding finding(int ordinal) {
        return ordinal < Finding.values().length ? Finding.values()[ordinal] : null;
    }
}

package hansard.decrypt;

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
    private int samples;
    private int lastSequenceNumber = -1;
    private BitSet firstBytes = new BitSet(256);

    Finding finding() {
        return finding;
    }

    /** A packet too short for the tag: plain RTP may be, SRTP may not. */
    void addTooShort(long arrivalMicros) {
        tooShort = tooShort.plus(Tally.of(1, arrivalMicros));
    }

    /** A packet that did not authenticate. Decides when enough have come. */
    void addFailed(long arrivalMicros, int sequenceNumber, int firstPayloadByte) {
        failed = failed.plus(Tally.of(1, arrivalMicros));
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
        Held held = new Held(failed, tooShort);
        failed = Tally.NONE;
        tooShort = Tally.NONE;
        return held;
    }

    record Held(Tally failed, Tally tooShort) {}

    void write(StateWriter out) {
        out.u8(finding.ordinal());
        failed.write(out);
        tooShort.write(out);
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
        suspicion.samples = in.i32();
        suspicion.lastSequenceNumber = in.i32();
        suspicion.firstBytes = BitSet.valueOf(in.blob());
        return suspicion;
    }

    private static @Nullable Finding finding(int ordinal) {
        return ordinal < Finding.values().length ? Finding.values()[ordinal] : null;
    }
}

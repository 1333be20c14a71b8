package hansard.transcode;

/**
 * Decides where decoded sound goes on a continuous timeline: sound that follows on is appended sample by sample, a hole is
 * filled with silence, a long hole ends the stretch, and sound that is already there is cut.
 *
 * <p>Times of frames jitter by what their clock is rounded to, so differences below {@link #TOLERANCE_MICROS} are not holes.
 */
final class PcmTimeline {
    static final long TOLERANCE_MICROS = 10_000;

    /** What to do with a frame's samples. */
    sealed interface Placement {}

    /** Write {@code silence} zero samples, then the frame's samples without the first {@code skip}. */
    record Append(int silence, int skip) implements Placement {}

    /** The stretch is over; the frame begins a new one at its own time. */
    record Begin() implements Placement {}

    /** All of it is there already. */
    record Drop() implements Placement {}

    private final int sampleRate;
    private final long maxHoleMicros;
    private long startMicros;
    private long samples = -1;

    PcmTimeline(int sampleRate, long maxHoleMicros) {
        this.sampleRate = sampleRate;
        this.maxHoleMicros = maxHoleMicros;
    }

    /** Places a frame of {@code count} samples that was spoken at {@code mediaMicros}, and moves on. */
    Placement place(long mediaMicros, int count) {
        if (samples < 0) {
            return begin(mediaMicros, count);
        }
        long offMicros = mediaMicros - (startMicros + toMicros(samples));
        if (Math.abs(offMicros) <= TOLERANCE_MICROS) {
            samples += count;
            return new Append(0, 0);
        }
        if (offMicros > maxHoleMicros) {
            return begin(mediaMicros, count);
        }
        long off = toSamples(offMicros);
        if (off > 0) {
            samples += off + count;
            return new Append(Math.toIntExact(off), 0);
        }
        if (-off >= count) {
            return new Drop();
        }
        samples += count + off;
        return new Append(0, Math.toIntExact(-off));
    }

    private Placement begin(long mediaMicros, int count) {
        startMicros = mediaMicros;
        samples = count;
        return new Begin();
    }

    private long toMicros(long count) {
        return count * 1_000_000 / sampleRate;
    }

    private long toSamples(long micros) {
        return micros * sampleRate / 1_000_000;
    }
}

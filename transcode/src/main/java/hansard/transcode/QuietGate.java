package hansard.transcode;

import java.util.List;

/**
 * Leaves out of a mix what is hardly heard, and need not be decoded for it. Around sound it stays open for longer than a decoder needs to
 * be right again after a gap (RFC 7845 section 4.6: 80 ms), and it opens and shuts gradually.
 *
 * <pre>
 *   sound | 200 ms heard, the last 20 fading | not decoded ... | decoded for 100 ms | heard for 100 ms, fading in for 20 | sound
 * </pre>
 */
final class QuietGate {
    private static final long HELD_MICROS = 200_000;
    private static final long RUN_IN_MICROS = 200_000;
    /** The longest packet (RFC 6716 section 3.2.5), where a container does not say how long one is. */
    private static final long LONGEST_MICROS = 120_000;

    private static final long HEARD_BEFORE_MICROS = 100_000;
    static final long FADE_MICROS = 20_000;

    private final List<Job.Quiet> quiet;
    private int next;

    /** @param quiet in order of time */
    QuietGate(List<Job.Quiet> quiet) {
        this.quiet = quiet;
    }

    /**
     * Whether a packet is not to be decoded. A file's packets need not be those of the wire: half a second of G.711 may be one.
     *
     * @param atMicros when it begins; times go forward
     * @param durationMicros 0 when nobody knows
     */
    boolean isShut(long atMicros, long durationMicros) {
        while (next < quiet.size() && quiet.get(next).toMicros() <= atMicros) {
            next++;
        }
        long endMicros = atMicros + (durationMicros > 0 ? durationMicros : LONGEST_MICROS);
        return next < quiet.size()
                && atMicros >= quiet.get(next).fromMicros() + HELD_MICROS
                && endMicros <= quiet.get(next).toMicros() - RUN_IN_MICROS;
    }

    /**
     * Makes sound quieter where the gate is not quite open.
     *
     * @param atMicros of the first sample
     * @return false when nothing of it is to be heard
     */
    boolean fade(long atMicros, short[] sound) {
        if (next == quiet.size()) {
            return true;
        }
        long shutMicros = shutMicros(quiet.get(next));
        long openMicros = openMicros(quiet.get(next));
        long endMicros = atMicros + sound.length * 1_000_000L / OpusPacket.SAMPLE_RATE;
        if (shutMicros >= openMicros || endMicros <= shutMicros - FADE_MICROS || atMicros >= openMicros + FADE_MICROS) {
            return true;
        }
        for (int i = 0; i < sound.length; i++) {
            long micros = atMicros + i * 1_000_000L / OpusPacket.SAMPLE_RATE;
            long open = Math.max(shutMicros - micros, micros - openMicros);
            sound[i] = (short) (sound[i] * Math.clamp(open, 0, FADE_MICROS) / FADE_MICROS);
        }
        return atMicros < shutMicros || endMicros > openMicros;
    }

    /** From when on nothing is heard. */
    static long shutMicros(Job.Quiet quiet) {
        return quiet.fromMicros() + HELD_MICROS;
    }

    /** From when on something is heard again. */
    static long openMicros(Job.Quiet quiet) {
        return quiet.toMicros() - HEARD_BEFORE_MICROS;
    }
}

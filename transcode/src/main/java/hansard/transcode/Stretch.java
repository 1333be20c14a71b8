package hansard.transcode;

import java.util.Arrays;

/**
 * Makes sound longer or shorter by one period of it, by overlapping it with itself where it is most alike: what is heard neither stops nor
 * changes its pitch. (The WSOLA of Verhelst and Roelands, ICASSP 1993, for a single step.)
 */
final class Stretch {
    /** 2.5 ms: a voice of 400 Hz. */
    static final int SHORTEST = OpusPacket.SAMPLE_RATE / 400;
    /** What is blended: 4 ms. */
    private static final int OVERLAP = OpusPacket.SAMPLE_RATE / 250;
    /** How much further than asked for: the rest stays below what a timeline calls a hole. */
    private static final int FURTHER = OpusPacket.SAMPLE_RATE / 400;

    private Stretch() {}

    /**
     * The sound, longer ({@code by > 0}) or shorter by about as many samples, or as it is when it is too short for that. It begins and
     * ends with the samples that it began and ended with.
     */
    static short[] by(short[] sound, int by) {
        int longest = Math.min(Math.abs(by) + FURTHER, sound.length - OVERLAP);
        if (longest < SHORTEST) {
            return sound;
        }
        int period = mostAlike(sound, longest, Math.abs(by));
        int from = by > 0 ? period : 0;
        int to = by > 0 ? 0 : period;
        short[] changed = Arrays.copyOf(sound, sound.length + (by > 0 ? period : -period));
        for (int i = 0; i < OVERLAP; i++) {
            changed[from + i] = (short) ((sound[from + i] * (OVERLAP - i) + sound[to + i] * i) / OVERLAP);
        }
        int done = to + OVERLAP;
        System.arraycopy(sound, done, changed, from + OVERLAP, sound.length - done);
        return changed;
    }

    private static int mostAlike(short[] sound, int longest, int wanted) {
        int best = Math.min(longest, Math.max(SHORTEST, wanted)); // silence is alike everywhere
        double most = 0;
        for (int lag = SHORTEST; lag <= longest; lag++) {
            double product = 0;
            double energy = 1;
            for (int i = 0; i < OVERLAP; i++) {
                product += (double) sound[i] * sound[lag + i];
                energy += (double) sound[lag + i] * sound[lag + i];
            }
            double alike = product / Math.sqrt(energy);
            if (alike > most) {
                most = alike;
                best = lag;
            }
        }
        return best;
    }
}

package hansard.transcode;

import java.util.Arrays;

/**
 * Makes sound longer or shorter by one period of it, by overlapping it with itself where it is most alike: what is heard neither stops nor
 * changes its pitch. (The WSOLA of Verhelst and Roelands, ICASSP 1993, for a single step.)
 */
final class Stretch {
    /** 2.5 ms: a voice of 400 Hz. */
    private final int shortest;
    /** What is blended: 4 ms. */
    private final int overlap;
    /** How much further than asked for: the rest stays below what a timeline calls a hole. */
    private final int further;

    /** @param sampleRate of the sound, in a second */
    Stretch(int sampleRate) {
        shortest = sampleRate / 400;
        overlap = sampleRate / 250;
        further = sampleRate / 400;
    }

    /**
     * The sound, longer ({@code by > 0}) or shorter by about as many samples, or as it is when it is too short for that. It begins and
     * ends with the samples that it began and ended with.
     */
    short[] by(short[] sound, int by) {
        int longest = Math.min(Math.abs(by) + further, sound.length - overlap);
        if (longest < shortest) {
            return sound;
        }
        int period = mostAlike(sound, longest, Math.abs(by));
        int from = by > 0 ? period : 0;
        int to = by > 0 ? 0 : period;
        short[] changed = Arrays.copyOf(sound, sound.length + (by > 0 ? period : -period));
        for (int i = 0; i < overlap; i++) {
            changed[from + i] = (short) ((sound[from + i] * (overlap - i) + sound[to + i] * i) / overlap);
        }
        int done = to + overlap;
        System.arraycopy(sound, done, changed, from + overlap, sound.length - done);
        return changed;
    }

    private int mostAlike(short[] sound, int longest, int wanted) {
        int best = Math.min(longest, Math.max(shortest, wanted)); // silence is alike everywhere
        double most = 0;
        for (int lag = shortest; lag <= longest; lag++) {
            double product = 0;
            double energy = 1;
            for (int i = 0; i < overlap; i++) {
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

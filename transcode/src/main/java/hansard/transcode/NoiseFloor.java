package hansard.transcode;

import java.util.Arrays;

/**
 * How loud it is where nobody speaks, by minimum statistics: the least power, over 30 ms, of the last three seconds. Speech cannot hide it, since
 * nobody speaks for three seconds without a pause of 30 ms; noise that gets louder is known after three seconds, and until then taken for
 * speech.
 *
 * <p>Samples that are all zero were not sent, or were muted by a machine, and say nothing of the noise.
 */
final class NoiseFloor {
    private static final int SMOOTHED = 3;
    private static final int BLOCK = 25;
    private static final int BLOCKS = 12;
    /** Half a second of sound. Before, everything may be speech: a track may begin in the middle of a word. */
    private static final int FRAMES_TO_KNOW = 50;

    private final double[] last = new double[SMOOTHED];
    private final double[] least = new double[BLOCKS];
    private long frames;

    NoiseFloor() {
        Arrays.fill(least, Double.MAX_VALUE);
    }

    /** @param power of the next 10 ms */
    void hear(double power) {
        if (power <= FramePower.NONE) {
            return;
        }
        last[(int) (frames % SMOOTHED)] = power;
        int block = (int) (frames / BLOCK % BLOCKS);
        if (frames % BLOCK == 0) {
            least[block] = Double.MAX_VALUE;
        }
        frames++;
        if (frames >= SMOOTHED) {
            least[block] = Math.min(least[block], (last[0] + last[1] + last[2]) / SMOOTHED);
        }
    }

    /** Mean square of its samples; 0 while it is not known. */
    double power() {
        if (frames < FRAMES_TO_KNOW) {
            return 0;
        }
        double power = least[0];
        for (double block : least) {
            power = Math.min(power, block);
        }
        return power;
    }
}

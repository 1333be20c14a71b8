package hansard.transcode;

import java.util.Arrays;
import java.util.List;

/**
 * Adds speakers up. Each one more who speaks at the same time lowers all by 3 dB, so that a crowd is as loud as a person and
 * seldom clips; the gain moves slowly enough not to be heard, and what still is too loud is clipped at full scale.
 */
final class SpeakerSum {
    /** About -50 dBFS: below is the noise of an open microphone. */
    private static final int SPEAKING_PEAK = 100;
    /** Blocks for which somebody who fell silent still counts, so that the gain does not pump between words. */
    private static final int HOLD_BLOCKS = 15;

    private static final double PER_SPEAKER = Math.pow(10, -3.0 / 20);

    /** A block in which nothing is heard. */
    static final short[] SILENT = {};

    private final int[] hold;
    private double gain = 1;

    SpeakerSum(int speakers) {
        this.hold = new int[speakers];
    }

    /**
     * One block of the mix from one block of every speaker, all of the same length, always in the same order.
     *
     * @param blocks {@link #SILENT} for who is silent; not changed
     * @return {@link #SILENT} when everybody is; the block itself of who alone is heard
     */
    short[] add(List<short[]> blocks, int length) {
        int speaking = 0;
        for (int i = 0; i < hold.length; i++) {
            hold[i] = peak(blocks.get(i)) > SPEAKING_PEAK ? HOLD_BLOCKS : Math.max(0, hold[i] - 1);
            speaking += hold[i] > 0 ? 1 : 0;
        }
        double target = Math.pow(PER_SPEAKER, Math.max(0, speaking - 1));
        double before = gain;
        gain = target;
        int heard = 0;
        short[] one = SILENT;
        for (short[] block : blocks) {
            if (block.length > 0) {
                heard++;
                one = block;
            }
        }
        boolean asItIs = heard == 0 || heard == 1 && before == 1 && target == 1;
        return asItIs ? one : scaled(sums(blocks, length), (float) before, (float) target);
    }

    /** Whether a block of this speaker, with silence of all others, would be in the mix as it is. */
    boolean isAlone(int speaker) {
        for (int i = 0; i < hold.length; i++) {
            if (i != speaker && hold[i] > 1) {
                return false;
            }
        }
        return gain == 1;
    }

    /** Such a block is in the mix, and nobody has looked at its samples. */
    void passed(int speaker) {
        Arrays.fill(hold, 0);
        hold[speaker] = HOLD_BLOCKS;
    }

    private static int[] sums(List<short[]> blocks, int length) {
        int[] sums = new int[length];
        for (short[] block : blocks) {
            if (block.length > 0) { // block by block: no speaker is looked for at each sample
                for (int at = 0; at < length; at++) {
                    sums[at] += block[at];
                }
            }
        }
        return sums;
    }

    private static short[] scaled(int[] sums, float from, float to) {
        short[] mixed = new short[sums.length];
        boolean same = from == 1 && to == 1;
        float step = (to - from) / sums.length;
        for (int at = 0; at < mixed.length; at++) {
            int sum = sums[at];
            int now = same ? sum : Math.round(sum * (from + step * at));
            mixed[at] = (short) Math.min(Short.MAX_VALUE, Math.max(Short.MIN_VALUE, now));
        }
        return mixed;
    }

    private static int peak(short[] block) {
        int peak = 0;
        for (short sample : block) {
            peak = Math.max(peak, Math.abs((int) sample));
        }
        return peak;
    }
}

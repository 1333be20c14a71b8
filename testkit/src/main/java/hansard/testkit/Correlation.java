package hansard.testkit;

/** Where a stretch of one sound is in another, by the waveform itself. */
public final class Correlation {
    /**
     * @param samples how much later than expected it is
     * @param likeness 1 where one is the other times a number, 0 where they have nothing in common
     */
    public record Found(int samples, double likeness) {}

    private Correlation() {}

    /**
     * Where a stretch is most like the other sound.
     *
     * @param sound of which {@code count} samples from {@code from} on are looked for
     * @param expected where they should begin in the other; places before its beginning and after its end are silence
     * @param most how many samples earlier or later they may be
     */
    public static Found find(short[] sound, int from, int count, short[] in, int expected, int most) {
        Found best = new Found(0, -1);
        double own = energy(sound, from, count);
        double energy = energy(in, expected - most, count);
        for (int shift = -most; shift <= most; shift++) {
            int at = expected + shift;
            double together = 0;
            int first = Math.max(0, -at);
            int last = Math.min(count, in.length - at);
            for (int i = first; i < last; i++) {
                together += sound[from + i] * in[at + i];
            }
            double likeness = own == 0 || energy <= 0 ? 0 : together / Math.sqrt(own * energy);
            if (likeness > best.likeness) {
                best = new Found(shift, likeness);
            }
            energy += square(in, at + count) - square(in, at);
        }
        return best;
    }

    private static double energy(short[] sound, int from, int count) {
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += square(sound, i);
        }
        return sum;
    }

    private static double square(short[] sound, int at) {
        return at < 0 || at >= sound.length ? 0 : sound[at] * sound[at];
    }
}

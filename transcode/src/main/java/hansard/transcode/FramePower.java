package hansard.transcode;

/**
 * The power of sound, 10 ms at a time, without what is below the voice: an offset, and most of a mains hum. A Butterworth high-pass of second
 * order, 100 Hz at 16 kHz.
 */
final class FramePower {
    /** 10 ms. */
    static final int SAMPLES = 160;
    /** What is left of samples that are all the same. */
    static final double NONE = 1e-3;

    private static final double B0 = 0.9726138985;
    private static final double A1 = -1.9444776578;
    private static final double A2 = 0.9459779362;
    /** Below a millionth of a step: numbers that small are slow to calculate with, and mean nothing. */
    private static final double NOTHING = 1e-6;

    private double state1;
    private double state2;

    /** @return the mean square of the filtered samples, of {@value #SAMPLES} */
    double of(short[] samples) {
        double sum = 0;
        for (short sample : samples) {
            double out = B0 * sample + state1;
            state1 = -2 * B0 * sample - A1 * out + state2;
            state2 = B0 * sample - A2 * out;
            sum += out * out;
        }
        if (Math.abs(state1) + Math.abs(state2) < NOTHING) {
            state1 = 0;
            state2 = 0;
        }
        return sum / samples.length;
    }
}

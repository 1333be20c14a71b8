package hansard.transcode;

/** How loud decoded sound is, on the scale of RFC 6464: dB below full scale. */
final class SoundLevel {
    static final int SILENT = 127;

    private SoundLevel() {}

    /** Root mean square over all samples: 0 is the loudest, {@value #SILENT} digital silence. */
    static int of(short[] samples) {
        double sum = 0;
        for (short sample : samples) {
            sum += (double) sample * sample;
        }
        if (sum == 0) {
            return SILENT;
        }
        double decibels = 10 * Math.log10(sum / samples.length / (32_768.0 * 32_768.0));
        return (int) Math.clamp(Math.round(-decibels), 0, SILENT);
    }
}

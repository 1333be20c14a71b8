package hansard.transcode;

/** Measures where in a signal something is heard. */
final class Sound {
    private Sound() {}

    /** Root mean square of a stretch, in full scale. */
    static double level(short[] pcm, int from, int count) {
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += (double) pcm[i] * pcm[i];
        }
        return Math.sqrt(sum / count) / 32_768;
    }

    /** The energy at one frequency (Goertzel), in full scale amplitude. */
    static double toneLevel(short[] pcm, int from, int count, double hertz, int rate) {
        double w = 2 * Math.PI * hertz / rate;
        double re = 0;
        double im = 0;
        for (int i = 0; i < count; i++) {
            re += pcm[from + i] * Math.cos(w * i);
            im += pcm[from + i] * Math.sin(w * i);
        }
        return 2 * Math.hypot(re, im) / count / 32_768;
    }

    /** The first millisecond from which a tone is heard, or -1. */
    static long onsetMs(short[] pcm, double hertz, int rate, long fromMs) {
        int window = rate / 100;
        for (int at = (int) (fromMs * rate / 1_000); at + window <= pcm.length; at += rate / 1_000) {
            if (toneLevel(pcm, at, window, hertz, rate) > 0.1) {
                return (at + window / 2) * 1_000L / rate; // it is above the level when half of the window is in it
            }
        }
        return -1;
    }

    /** A sample, -1 to 1, in ITU-T G.711's mu-law. */
    static byte mulaw(double sample) {
        int sign = sample < 0 ? 0x80 : 0;
        int biased = Math.min(32_635, (int) Math.round(Math.abs(sample) * 32_767)) + 132;
        int exponent = 24 - Integer.numberOfLeadingZeros(biased);
        return (byte) ~(sign | exponent << 4 | biased >> exponent + 3 & 0x0f);
    }
}

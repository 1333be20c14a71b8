package hansard.transcode;

import hansard.wire.SpeechRecord;
import java.util.Random;

/** Sound at 16 kHz that is put together: something like a voice, and what is around it. Levels are in dB below full scale. */
final class TestVoice {
    static final int MILLI = SpeechRecord.SAMPLE_RATE / 1_000;

    private final double[] sound;

    TestVoice(int millis) {
        sound = new double[millis * MILLI];
    }

    /** Syllables, four a second: harmonics of a voice that sinks, from softly to loudly and back to a quarter of it. */
    TestVoice say(int fromMillis, int millis, double decibels) {
        double scale = amplitude(decibels);
        for (int i = 0; i < millis * MILLI; i++) {
            double t = i / (double) SpeechRecord.SAMPLE_RATE;
            double pitch = 150 - 5 * t % 40;
            double syllable = 0.25 + 0.75 * Math.pow(Math.sin(Math.PI * 4 * t), 2);
            double voice = 0;
            for (int harmonic = 1; harmonic <= 20; harmonic++) {
                voice += Math.sin(2 * Math.PI * pitch * harmonic * t + harmonic) / harmonic;
            }
            sound[fromMillis * MILLI + i] += scale * 1.8 * syllable * voice;
        }
        return this;
    }

    /** White noise. */
    TestVoice noise(int fromMillis, int millis, double decibels, long seed) {
        Random random = new Random(seed);
        double scale = amplitude(decibels);
        for (int i = fromMillis * MILLI; i < (fromMillis + millis) * MILLI; i++) {
            sound[i] += scale * random.nextGaussian();
        }
        return this;
    }

    TestVoice noise(double decibels) {
        return noise(0, sound.length / MILLI, decibels, 1);
    }

    /** Noise as of a fan: most of it below 300 Hz, and the blades' tone. */
    TestVoice fan(double decibels) {
        Random random = new Random(2);
        double low = 0;
        double scale = amplitude(decibels);
        for (int i = 0; i < sound.length; i++) {
            low += 0.11 * (random.nextGaussian() - low);
            sound[i] += scale * (3.6 * low + 0.4 * Math.sin(2 * Math.PI * 230 * i / SpeechRecord.SAMPLE_RATE));
        }
        return this;
    }

    /** The mains, with harmonics. */
    TestVoice hum(double decibels) {
        double scale = amplitude(decibels);
        for (int i = 0; i < sound.length; i++) {
            double t = 2 * Math.PI * 50 * i / SpeechRecord.SAMPLE_RATE;
            sound[i] += scale * (1.2 * Math.sin(t) + 0.5 * Math.sin(3 * t) + 0.3 * Math.sin(5 * t));
        }
        return this;
    }

    /** Four chords a second that are struck and fade. */
    TestVoice music(double decibels) {
        double scale = amplitude(decibels);
        for (int i = 0; i < sound.length; i++) {
            double t = i / (double) SpeechRecord.SAMPLE_RATE;
            int beat = (int) (t * 4);
            double struck = Math.exp(-6 * (t * 4 - beat));
            for (int note : new int[] {0, 4, 7}) {
                double hertz = 220 * Math.pow(2, (note + beat % 5) / 12.0);
                sound[i] += scale * struck * Math.sin(2 * Math.PI * hertz * t);
            }
        }
        return this;
    }

    /** One tone of 440 Hz. */
    TestVoice note(int fromMillis, int millis, double decibels) {
        for (int i = 0; i < millis * MILLI; i++) {
            sound[fromMillis * MILLI + i] +=
                    Math.sqrt(2) * amplitude(decibels) * Math.sin(2 * Math.PI * 440 * i / SpeechRecord.SAMPLE_RATE);
        }
        return this;
    }

    /** Every sample so many steps of 16 bits higher. */
    TestVoice offset(int steps) {
        for (int i = 0; i < sound.length; i++) {
            sound[i] += steps / 32_768.0;
        }
        return this;
    }

    TestVoice louder(int fromMillis, double decibels) {
        for (int i = fromMillis * MILLI; i < sound.length; i++) {
            sound[i] *= Math.pow(10, decibels / 20);
        }
        return this;
    }

    /** What is beyond full scale is cut off. */
    short[] samples() {
        short[] samples = new short[sound.length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) Math.clamp(Math.round(sound[i] * 32_768), Short.MIN_VALUE, Short.MAX_VALUE);
        }
        return samples;
    }

    private static double amplitude(double decibels) {
        return Math.pow(10, -decibels / 20);
    }
}

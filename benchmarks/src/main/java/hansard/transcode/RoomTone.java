package hansard.transcode;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * The noise that a microphone hears all the time.
 *
 * @param decibels in dB above full scale (so negative), RMS
 */
record RoomTone(Colour colour, double decibels) {
    enum Colour {
        /** As much at all frequencies. */
        WHITE,
        /** As much in each octave, as in most rooms. */
        PINK
    }

    /** Of a text such as {@code -50} (white) or {@code -50,pink-45}. */
    static List<RoomTone> of(String text) {
        return Arrays.stream(text.split(",")).map(RoomTone::one).toList();
    }

    private static RoomTone one(String text) {
        return text.startsWith("pink")
                ? new RoomTone(Colour.PINK, Double.parseDouble(text.substring("pink".length())))
                : new RoomTone(Colour.WHITE, Double.parseDouble(text));
    }

    /** 48 kHz mono. */
    short[] sound(Random random, int seconds) {
        double gain = Short.MAX_VALUE * Math.pow(10, decibels / 20) / Math.sqrt(power());
        Source source = new Source(random);
        short[] sound = new short[seconds * OpusPacket.SAMPLE_RATE];
        for (int i = 0; i < sound.length; i++) {
            sound[i] = (short) Math.round(gain * source.next(colour));
        }
        return sound;
    }

    /** What the source gives, as mean square. */
    private double power() {
        if (colour == Colour.WHITE) {
            return 1;
        }
        Source source = new Source(new Random(1));
        int samples = 20 * OpusPacket.SAMPLE_RATE;
        double sum = 0;
        for (int i = 0; i < samples; i++) {
            sum += Math.pow(source.next(colour), 2);
        }
        return sum / samples;
    }

    /** White noise; for pink noise also through low-passes an octave and more apart (Paul Kellet's), each softer than the one below. */
    private static final class Source {
        private static final double[] POLES = {0.99886, 0.99332, 0.96900, 0.86650, 0.55000};
        private static final double[] GAINS = {0.0555179, 0.0750759, 0.1538520, 0.3104856, 0.5329522};
        private static final double REST = 0.5362;

        private final Random random;
        private final double[] states = new double[POLES.length];

        Source(Random random) {
            this.random = random;
        }

        double next(Colour colour) {
            double white = random.nextGaussian();
            if (colour == Colour.WHITE) {
                return white;
            }
            double sum = REST * white;
            for (int i = 0; i < POLES.length; i++) {
                states[i] = POLES[i] * states[i] + GAINS[i] * white;
                sum += states[i];
            }
            return sum;
        }
    }
}

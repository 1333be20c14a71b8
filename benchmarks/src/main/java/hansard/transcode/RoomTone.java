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
        double[] noise = new double[seconds * OpusPacket.SAMPLE_RATE];
        // white noise through low-passes an octave and more apart (Paul Kellet's), each softer than the one below
        double[] poles = {0.99886, 0.99332, 0.96900, 0.86650, 0.55000};
        double[] gains = {0.0555179, 0.0750759, 0.1538520, 0.3104856, 0.5329522};
        double[] states = new double[poles.length];
        double energy = 0;
        for (int i = 0; i < noise.length; i++) {
            double white = random.nextGaussian();
            noise[i] = colour == Colour.WHITE ? white : 0.5362 * white;
            for (int pole = 0; pole < poles.length && colour == Colour.PINK; pole++) {
                states[pole] = poles[pole] * states[pole] + gains[pole] * white;
                noise[i] += states[pole];
            }
            energy += noise[i] * noise[i];
        }
        double gain = Short.MAX_VALUE * Math.pow(10, decibels / 20) / Math.sqrt(energy / noise.length);
        short[] sound = new short[noise.length];
        for (int i = 0; i < sound.length; i++) {
            sound[i] = (short) Math.round(gain * noise[i]);
        }
        return sound;
    }
}

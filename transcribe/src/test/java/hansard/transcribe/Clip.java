package hansard.transcribe;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Six seconds of a LibriVox reading: see NOTICE.md. */
final class Clip {
    static final String WORDS =
            "had he married a more amiable woman he might have been made still more respectable than he was";
    static final long DURATION_MICROS = 6_050_000;

    private static final int WAV_HEADER = 44;

    private Clip() {}

    static byte[] pcm() {
        return pcm("amiable-woman.wav");
    }

    /** Of another recording: its samples. */
    static byte[] pcm(String resource) {
        try (InputStream in = Objects.requireNonNull(Clip.class.getResourceAsStream(resource))) {
            byte[] wav = in.readAllBytes();
            return Arrays.copyOfRange(wav, WAV_HEADER, wav.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The clip in pieces of so many milliseconds, the first starting then. */
    static List<Pcm> pieces(long startMicros, int millis) {
        return pieces(pcm(), startMicros, millis);
    }

    static List<Pcm> pieces(byte[] pcm, long startMicros, int millis) {
        int step = 2 * 16 * millis;
        List<Pcm> pieces = new ArrayList<>();
        for (int from = 0; from < pcm.length; from += step) {
            byte[] part = Arrays.copyOfRange(pcm, from, Math.min(pcm.length, from + step));
            pieces.add(new Pcm(startMicros + from / 2 * 1_000_000L / 16_000, part));
        }
        return pieces;
    }
}

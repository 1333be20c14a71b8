package hansard.transcribe;

import hansard.wire.SpeechRecord;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * When the samples that one recogniser was fed were spoken. Vosk tells times as audio fed to it since it was made, which is
 * not when it was said as soon as a pause was left out; this keeps the mapping, in pieces, and decides how speech that
 * arrives is joined to what was fed before.
 *
 * <p>Pure; one thread. Positions are samples fed since the recogniser was made, times are microseconds since 1970.
 */
final class SpeechClock {
    /** Less than this is how far a media clock and an arrival clock drift, not a pause. */
    static final long JOIN_MICROS = 20_000;
    /** Pauses up to this are fed as silence, so that a word cut by lost packets stays in its sentence. */
    static final long BRIDGE_MICROS = 300_000;

    /** How speech follows on what was fed before. */
    sealed interface Seam {
        /** Feed it as if nothing were between. */
        record Joined() implements Seam {}

        /** Feed this many samples of silence first. */
        record Bridged(int samples) implements Seam {}

        /** End the utterance, then begin anew. */
        record Cut() implements Seam {}
    }

    private record Piece(long fromSample, long startMicros) {
        long micros(long sample) {
            return startMicros + samplesToMicros(sample - fromSample);
        }
    }

    private final Deque<Piece> pieces = new ArrayDeque<>();
    private long fed;

    /** How speech that starts then is joined. Changes nothing. */
    Seam seam(long startMicros) {
        if (pieces.isEmpty()) {
            return new Seam.Joined();
        }
        long pause = startMicros - pieces.getLast().micros(fed);
        if (Math.abs(pause) > BRIDGE_MICROS) {
            return new Seam.Cut();
        }
        return pause > JOIN_MICROS ? new Seam.Bridged((int) microsToSamples(pause)) : new Seam.Joined();
    }

    /** What is fed from here on was spoken from then on. */
    void anchor(long startMicros) {
        if (!pieces.isEmpty() && pieces.getLast().micros(fed) == startMicros) {
            return;
        }
        if (!pieces.isEmpty() && pieces.getLast().fromSample() == fed) {
            pieces.removeLast();
        }
        pieces.addLast(new Piece(fed, startMicros));
    }

    void fed(int samples) {
        fed += samples;
    }

    long fedSamples() {
        return fed;
    }

    /** When the sample at a position was spoken. */
    long startMicros(long sample) {
        return last(sample).micros(sample);
    }

    /** When what ends before a position was over: at a seam, the end of the earlier piece, not the start of the later. */
    long endMicros(long sample) {
        return last(Math.max(0, sample - 1)).micros(sample);
    }

    /** Lets go of the pieces that lie wholly before a position. */
    void forgetBefore(long sample) {
        while (pieces.size() > 1) {
            Piece first = pieces.removeFirst();
            if (pieces.getFirst().fromSample() > sample) {
                pieces.addFirst(first);
                return;
            }
        }
    }

    int pieces() {
        return pieces.size();
    }

    private Piece last(long sample) {
        var newestFirst = pieces.descendingIterator();
        Piece piece = null;
        while (newestFirst.hasNext()) {
            piece = newestFirst.next();
            if (piece.fromSample() <= sample) {
                return piece;
            }
        }
        if (piece == null) {
            throw new IllegalStateException("no speech was placed yet");
        }
        return piece;
    }

    static long samplesToMicros(long samples) {
        return samples * 1_000_000L / SpeechRecord.SAMPLE_RATE;
    }

    static long microsToSamples(long micros) {
        return micros * SpeechRecord.SAMPLE_RATE / 1_000_000L;
    }
}

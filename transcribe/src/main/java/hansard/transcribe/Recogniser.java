package hansard.transcribe;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.SpeechRecord;
import java.io.IOException;
import org.vosk.Model;
import org.vosk.Recognizer;

/**
 * One native recogniser, for one stretch after another. Vosk ends the whole process when it is used by two threads, used after
 * close, or given a length that is not there: all of that is refused here.
 *
 * <p>After {@link #finish()} Vosk begins with a new decoder and new features, so that nothing of one stretch is in the words of the
 * next; only its count of samples goes on.
 */
final class Recogniser implements AutoCloseable {
    /** Vosk tells times as 32-bit floats of seconds since the recogniser was made: after an hour, still to a quarter of a millisecond. */
    private static final long WORN_SAMPLES = 3_600L * SpeechRecord.SAMPLE_RATE;

    private final Recognizer vosk;
    private final Thread owner = Thread.currentThread();
    private long samplesFed;
    private long began;
    private boolean closed;

    /** Belongs from now on to the thread that made it. */
    Recogniser(Model model) {
        try {
            vosk = new Recognizer(model, SpeechRecord.SAMPLE_RATE);
        } catch (IOException e) {
            throw new HansardException(
                    ErrorCode.MEDIA_FAILED,
                    "Vosk makes no recogniser: memory may be short (1 MB for each speaker, 50 when the model is not prepared)",
                    e);
        }
        vosk.setWords(true);
    }

    /** The sample at which the stretch began: {@link Hypothesis#ofResult} counts from it. */
    long began() {
        return began;
    }

    /**
     * @param pcm signed 16-bit little-endian mono at {@link SpeechRecord#SAMPLE_RATE}
     * @return true when the speaker has paused: an utterance is over, ask for {@link #result()}
     */
    boolean accept(byte[] pcm) {
        guard();
        if (pcm.length == 0 || pcm.length % Short.BYTES != 0) {
            throw new IllegalArgumentException(pcm.length + " bytes are not samples of two");
        }
        byte[] noisy =
                Dither.added(pcm, samplesFed - began); // by the place in the stretch: it is the same whoever hears it
        samplesFed += pcm.length / Short.BYTES;
        return vosk.acceptWaveForm(noisy, noisy.length);
    }

    /** Vosk's JSON of the utterance that is over. */
    String result() {
        guard();
        return vosk.getResult();
    }

    /** Vosk's JSON of the utterance that goes on, as it looks now. */
    String partial() {
        guard();
        return vosk.getPartialResult();
    }

    /** Ends the stretch with what was fed so far. @return Vosk's JSON of the rest */
    String finish() {
        guard();
        String last = vosk.getFinalResult();
        began = samplesFed;
        return last;
    }

    /** True when it has counted so far that its times grow inexact: close it, and make another. */
    boolean isWorn() {
        return samplesFed > WORN_SAMPLES;
    }

    private void guard() {
        if (closed) {
            throw new IllegalStateException("this recogniser is closed");
        }
        if (Thread.currentThread() != owner) {
            throw new IllegalStateException("this recogniser belongs to " + owner.getName() + ", not to "
                    + Thread.currentThread().getName());
        }
    }

    @Override
    public void close() {
        if (!closed) {
            guard();
            closed = true;
            vosk.close();
        }
    }
}

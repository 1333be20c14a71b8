package hansard.transcribe;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.SpeechRecord;
import java.io.IOException;
import org.vosk.Model;
import org.vosk.Recognizer;

/**
 * One native recogniser. Vosk ends the whole process when it is used by two threads, used after close, or given a length that
 * is not there: all of that is refused here, and audio comes as {@link Pcm}, whose length was checked.
 */
final class Recogniser implements AutoCloseable {
    private final Recognizer vosk;
    private final Thread owner = Thread.currentThread();
    private long samplesFed;
    private boolean closed;

    /** Belongs from now on to the thread that made it. */
    Recogniser(Model model) {
        try {
            vosk = new Recognizer(model, SpeechRecord.SAMPLE_RATE);
        } catch (IOException e) {
            throw new HansardException(
                    ErrorCode.MEDIA_FAILED,
                    "Vosk makes no recogniser: memory may be short (27 MB for each live track)",
                    e);
        }
        vosk.setWords(true);
    }

    /** @return true when the speaker has paused: an utterance is over, ask for {@link #result()} */
    boolean accept(byte[] pcm) {
        guard();
        byte[] noisy = Dither.added(pcm, samplesFed);
        samplesFed += pcm.length / 2;
        return vosk.acceptWaveForm(noisy, noisy.length);
    }

    Hypothesis result() {
        guard();
        return Hypothesis.ofResult(vosk.getResult());
    }

    /** The words of the utterance that goes on, as they look now; empty while there are none. */
    String partial() {
        guard();
        return Hypothesis.partialText(vosk.getPartialResult());
    }

    /** Ends the utterance with what was fed so far. More may be fed after it; positions go on counting. */
    Hypothesis finish() {
        guard();
        return Hypothesis.ofResult(vosk.getFinalResult());
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

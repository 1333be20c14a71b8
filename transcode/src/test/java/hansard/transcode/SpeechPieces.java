package hansard.transcode;

import hansard.wire.SpeechRecord;
import java.util.ArrayList;
import java.util.List;

/** Keeps what a cutter gives. */
final class SpeechPieces implements SpeechCutter.Sink {
    final List<Piece> pieces = new ArrayList<>();

    record Piece(long startMicros, int samples, byte[] pcm) {
        long endMicros() {
            return startMicros + samples * 1_000_000L / SpeechRecord.SAMPLE_RATE;
        }
    }

    @Override
    public void began(long startMicros) {}

    @Override
    public void speech(long startMicros, int samples, byte[] pcm) {
        pieces.add(new Piece(startMicros, samples, pcm));
    }

    @Override
    public void paused(long startMicros) {}
}

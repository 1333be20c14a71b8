package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.wire.SpeechRecord;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Takes the stretches of a sound, and sees to it that they are told as they must be. */
final class Stretches implements SpeechGate.Sink {
    /** @param pieces how many it came in */
    record Heard(long startMicros, short[] pcm, int pieces) {
        long endMicros() {
            return startMicros + pcm.length * 1_000_000L / SpeechRecord.SAMPLE_RATE;
        }

        boolean holds(long fromMicros, long toMicros) {
            return startMicros <= fromMicros && toMicros <= endMicros();
        }
    }

    private record Piece(long startMicros, byte[] pcm) {}

    private final List<Heard> all = new ArrayList<>();
    private final List<Piece> open = new ArrayList<>();
    private boolean begun;
    private long startMicros;
    private int samples;

    @Override
    public void began(long at) {
        assertTrue(!begun, "a stretch begins in another");
        assertTrue(all.isEmpty() || at >= all.getLast().endMicros(), "a stretch begins before the last one is over");
        begun = true;
        startMicros = at;
        samples = 0;
    }

    @Override
    public void speech(long at, int count, byte[] pcm) {
        assertTrue(begun, "speech outside a stretch");
        assertTrue(count > 0 && count <= SpeechGate.PIECE, count + " samples");
        assertEquals(count * 2, pcm.length);
        assertEquals(startMicros + samples * 1_000_000L / SpeechRecord.SAMPLE_RATE, at, 1);
        samples += count;
        open.add(new Piece(at, pcm));
    }

    @Override
    public void paused(long of) {
        assertTrue(begun && !open.isEmpty(), "a stretch without speech");
        assertEquals(startMicros, of);
        ByteBuffer bytes = ByteBuffer.allocate(2 * samples).order(ByteOrder.LITTLE_ENDIAN);
        open.forEach(piece -> bytes.put(piece.pcm()));
        short[] pcm = new short[samples];
        bytes.flip().asShortBuffer().get(pcm);
        all.add(new Heard(startMicros, pcm, open.size()));
        open.clear();
        begun = false;
    }

    /** The stretches, when the sound is over. */
    List<Heard> all() {
        assertTrue(!begun, "a stretch without an end");
        return all;
    }

    long totalMillis() {
        return all().stream().mapToLong(heard -> heard.pcm().length).sum() / TestVoice.MILLI;
    }

    /** Whether one stretch has all of it, with 100 ms before and after. */
    boolean hold(long fromMicros, long toMicros) {
        return all().stream().anyMatch(heard -> heard.holds(fromMicros - 100_000, toMicros + 100_000));
    }
}

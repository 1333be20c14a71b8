package hansard.transcribe;

import java.util.BitSet;

/** A recogniser that is a stretch's until it is closed. One thread. */
final class Listening implements AutoCloseable {
    private final Recognisers recognisers;
    private final RecogniserProcess process;
    private final int slot;
    private final BitSet slots;
    private boolean begun;

    Listening(Recognisers recognisers, RecogniserProcess process, int slot, BitSet slots) {
        this.recognisers = recognisers;
        this.process = process;
        this.slot = slot;
        this.slots = slots;
    }

    /** @throws RecogniserProcess.Crashed it, or another's recogniser in the same process, has crashed */
    RecogniserProcess.Heard hear(byte[] pcm, boolean urgent, boolean partial) {
        begun = true;
        return process.hear(slot, pcm, urgent, partial);
    }

    /** @throws RecogniserProcess.Crashed as {@link #hear} */
    RecogniserProcess.Heard finish(boolean urgent) {
        RecogniserProcess.Heard rest = process.finish(slot, urgent);
        begun = false;
        return rest;
    }

    @Override
    public void close() {
        try {
            if (begun) { // left in the middle: the next stretch must not begin with it
                process.finish(slot, false);
            }
        } catch (RecogniserProcess.Crashed e) {
            // then the slot is gone with the process
        } finally {
            recognisers.giveBack(slot, slots);
        }
    }
}

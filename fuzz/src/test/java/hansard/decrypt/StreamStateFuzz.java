package hansard.decrypt;

import static hansard.fuzz.Promises.readOrRefused;
import static hansard.fuzz.Promises.sameBytes;

import hansard.fuzz.FuzzTarget;
import java.util.List;

/** A stream's state, read from the store and written again, reads the same; what is not a state is refused. */
public final class StreamStateFuzz implements FuzzTarget {
    @Override
    public List<byte[]> seeds() {
        return List.of(
                Waiting.none(null)
                        .andParked(700, 1_795_387_864_000_000L)
                        .andTurnedAway(3)
                        .toBytes(),
                new StreamState.Ended(1_795_387_864_000_000L, 2, 1).toBytes(),
                SrtpStreamFuzz.stateInMidStream());
    }

    @Override
    public void run(byte[] input) {
        StreamState state = readOrRefused(() -> StreamState.fromBytes(input));
        if (state != null) {
            byte[] again = state.toBytes();
            sameBytes(again, StreamState.fromBytes(again).toBytes(), "the state written again");
        }
    }
}

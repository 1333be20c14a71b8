package hansard.wire;

import static hansard.fuzz.Promises.readOrRefused;
import static hansard.fuzz.Promises.same;

import hansard.fuzz.FuzzTarget;
import java.util.List;

/** The frames inside the seal, written again, are the same. */
public final class FrameFuzz implements FuzzTarget {
    @Override
    public List<byte[]> seeds() {
        Frame frame = new Frame(SampleRecords.NOW, 960, SampleRecords.NOW, 1, true, false, 40, SampleRecords.SEALED);
        return List.of(Frame.toBytes(List.of(frame, frame)), Frame.toBytes(List.of()));
    }

    @Override
    public void run(byte[] input) {
        List<Frame> frames = readOrRefused(() -> Frame.fromBytes(input));
        if (frames != null) {
            same(frames, Frame.fromBytes(Frame.toBytes(frames)), "the frames written again");
        }
    }
}

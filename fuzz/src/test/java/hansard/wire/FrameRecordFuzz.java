package hansard.wire;

import static hansard.fuzz.Promises.readOrRefused;
import static hansard.fuzz.Promises.same;

import hansard.fuzz.FuzzTarget;
import java.util.List;
import java.util.Map;

/** A record of media.frames, written again, is the same. */
public final class FrameRecordFuzz implements FuzzTarget {
    private static final StreamAccount ACCOUNT =
            new StreamAccount(10, 7, Map.of(RejectReason.AUTH_FAILED, 2L, RejectReason.RTCP, 1L), 0, 9, 2);

    @Override
    public List<byte[]> seeds() {
        return List.of(
                new FrameRecord.Opened(SampleRecords.STREAM, 0).toBytes(),
                new FrameRecord.Frames(5, SampleRecords.SEALED).toBytes(),
                new FrameRecord.Observed(List.of(
                                new Observation.Missing(0, 5, 7, 1, 2),
                                new Observation.Refused(RejectReason.NO_KEY, 4, 5, 6)))
                        .toBytes(),
                new FrameRecord.Ended(SampleRecords.STREAM, 0, ACCOUNT, SampleRecords.NOW, "left").toBytes());
    }

    @Override
    public void run(byte[] input) {
        FrameRecord record = readOrRefused(() -> FrameRecord.fromBytes(input));
        if (record != null) {
            same(record, FrameRecord.fromBytes(record.toBytes()), "the record written again");
        }
    }
}

package hansard.wire;

import static hansard.fuzz.Promises.readOrRefused;
import static hansard.fuzz.Promises.same;

import hansard.fuzz.FuzzTarget;
import java.util.List;

/** A record of media.speech, written again, is the same. */
public final class SpeechRecordFuzz implements FuzzTarget {
    @Override
    public List<byte[]> seeds() {
        return List.of(
                new SpeechRecord.Opened(SampleRecords.STREAM, 0).toBytes(),
                new SpeechRecord.Opened(SampleRecords.STREAM, 0, new Hearing(1, "o", "large")).toBytes(),
                new SpeechRecord.Speech(SampleRecords.NOW, 320, SampleRecords.SEALED).toBytes(),
                new SpeechRecord.Ended(SampleRecords.STREAM, 0, SampleRecords.NOW).toBytes(),
                new SpeechRecord.Began(SampleRecords.STREAM, 0, SampleRecords.NOW, SampleRecords.NOW).toBytes(),
                new SpeechRecord.Paused(SampleRecords.NOW).toBytes());
    }

    @Override
    public void run(byte[] input) {
        SpeechRecord record = readOrRefused(() -> SpeechRecord.fromBytes(input));
        if (record != null) {
            same(record, SpeechRecord.fromBytes(record.toBytes()), "the record written again");
        }
    }
}

package hansard.wire;

import static hansard.fuzz.Promises.hold;
import static hansard.fuzz.Promises.readOrRefused;
import static hansard.fuzz.Promises.same;

import hansard.fuzz.FuzzTarget;
import hansard.fuzz.Seeds;
import java.util.ArrayList;
import java.util.List;

/** A record of media.srtp says of itself only what can be, and written again it is the same. */
public final class SrtpRecordFuzz implements FuzzTarget {
    @Override
    public List<byte[]> seeds() {
        List<SrtpRecord.Datagram> datagrams = new ArrayList<>();
        for (byte[] datagram : Seeds.datagrams(1)) {
            datagrams.add(new SrtpRecord.Datagram(SampleRecords.NOW + 20_000L * datagrams.size(), Octets.of(datagram)));
        }
        return List.of(
                new SrtpRecord.Datagrams(7, datagrams).toBytes(),
                new SrtpRecord.Paused(SampleRecords.NOW).toBytes(),
                new SrtpRecord.Resumed(SampleRecords.NOW, 50, 1).toBytes(),
                new SrtpRecord.Closed(SampleRecords.NOW, 0, "left").toBytes());
    }

    @Override
    public void run(byte[] input) {
        SrtpRecord record = readOrRefused(() -> SrtpRecord.fromBytes(input));
        if (record == null) {
            return;
        }
        switch (record) {
            case SrtpRecord.Datagrams d -> hold(d.firstOrdinal() >= 0, "an ordinal counts from 0");
            case SrtpRecord.Resumed r -> hold(r.discarded() >= 0 && r.sequenceWraps() >= 0, "counts are not negative");
            case SrtpRecord.Closed c -> hold(c.notDurable() >= 0, "a count is not negative");
            case SrtpRecord.Paused ignored -> {}
        }
        same(record, SrtpRecord.fromBytes(record.toBytes()), "the record written again");
    }
}

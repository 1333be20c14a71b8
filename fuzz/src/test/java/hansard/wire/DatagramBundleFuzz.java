package hansard.wire;

import static hansard.fuzz.Promises.hold;
import static hansard.fuzz.Promises.same;

import hansard.fuzz.FuzzTarget;
import hansard.fuzz.Pieces;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A bundle gives back what was put in, whatever the arrival times are, and refuses what does not fit before it takes it. */
public final class DatagramBundleFuzz implements FuzzTarget {
    @Override
    public List<byte[]> seeds() {
        return List.of(Pieces.join(9, List.of(arrival(1, 30), arrival(20_001, 700), arrival(Long.MIN_VALUE, 5))));
    }

    private static byte[] arrival(long micros, int length) {
        return ByteBuffer.allocate(8 + length).putLong(micros).array();
    }

    @Override
    public void run(byte[] input) {
        DatagramBundle bundle = new DatagramBundle(input.length == 0 ? 0 : input[0]);
        List<SrtpRecord.Datagram> added = new ArrayList<>();
        for (byte[] piece : Pieces.split(input, 1)) {
            if (piece.length <= 8) {
                continue;
            }
            long arrival = ByteBuffer.wrap(piece).getLong();
            byte[] datagram = Pieces.after(piece, 8);
            if (!bundle.fits(arrival)) {
                check(bundle, added);
                added.clear();
                hold(bundle.fits(arrival), "an empty bundle takes any arrival");
            }
            bundle.add(arrival, ByteBuffer.wrap(datagram));
            added.add(new SrtpRecord.Datagram(arrival, Octets.of(datagram)));
        }
        if (!added.isEmpty()) {
            check(bundle, added);
        }
    }

    private static void check(DatagramBundle bundle, List<SrtpRecord.Datagram> added) {
        int length = bundle.length();
        byte[] record = bundle.take(3);
        same(length, record.length, "the length that was told");
        same(new SrtpRecord.Datagrams(3, added), SrtpRecord.fromBytes(record), "what came back");
        hold(bundle.isEmpty(), "a bundle that was taken is empty");
    }
}

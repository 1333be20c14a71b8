package hansard.decrypt;

import static hansard.fuzz.Promises.hold;

import hansard.fuzz.FuzzTarget;
import hansard.fuzz.Pieces;
import hansard.fuzz.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A frame is made of its payloads' bytes and little else: no depacketiser makes more of them than there are. */
public final class DepacketiserFuzz implements FuzzTarget {
    private static final List<String> CODECS = List.of("opus", "vp8", "h264");

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        seeds.add(Pieces.join(0, List.of(Seeds.hex("f8 ff fe"))));
        seeds.add(Pieces.join(
                1, List.of(Seeds.hex("90 e0 80 01 05 20 50 01 00 9d 01 2a 80 02 e0 01"), Seeds.hex("80 80 05 44"))));
        // parameter sets in a STAP-A, then a slice in FU-A
        seeds.add(Pieces.join(
                2,
                List.of(
                        Seeds.hex("78 00 04 67 42 c0 1f 00 02 68 ce"),
                        Seeds.hex("7c 85 88 84 00"),
                        Seeds.hex("7c 05 33 ff"),
                        Seeds.hex("7c 45 11"))));
        seeds.add(Pieces.join(2, List.of(Seeds.hex("61 9a 00 10"))));
        return seeds;
    }

    @Override
    public void run(byte[] input) {
        String codec = CODECS.get(input.length == 0 ? 0 : (input[0] & 0xff) % CODECS.size());
        List<byte[]> payloads =
                Pieces.split(input, 1).stream().filter(p -> p.length > 0).toList();
        if (payloads.isEmpty()) {
            return;
        }
        EncodedFrame frame = Objects.requireNonNull(Depacketiser.of(codec)).assemble(payloads);
        if (frame != null) {
            long given = payloads.stream().mapToLong(p -> p.length).sum();
            hold(frame.bytes().length > 0, "an empty frame");
            // a STAP-A's size of 2 bytes becomes a start code of 4, around a unit of at least 1
            hold(frame.bytes().length <= 2 * given + 4L * payloads.size(), "a frame larger than its packets");
        }
    }
}

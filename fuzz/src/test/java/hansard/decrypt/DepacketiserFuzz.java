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
    private static final List<String> CODECS =
            List.of("opus", "vp8", "h264", "vp9", "av1", "pcmu", "telephone-event", "red");

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
        // two layers of a VP9 picture, the first with a structure
        seeds.add(Pieces.join(
                3,
                List.of(
                        Seeds.hex("9b 9a ed 10 01 40 00 f0 82 49 83 42 00 13 f0 0e"),
                        Seeds.hex("95 9a ed 6f 7f"),
                        Seeds.hex("bc 9a ed 22 01 86 00"))));
        // a sequence header, and a frame in two fragments
        seeds.add(Pieces.join(
                4, List.of(Seeds.hex("68 0b 08 00 00 00 04 3c ff bc 01 a0 08 30 10 4d"), Seeds.hex("90 2c 59 47 cb"))));
        seeds.add(Pieces.join(5, List.of(Seeds.hex("ff 7f d5"))));
        seeds.add(Pieces.join(6, List.of(Seeds.hex("05 8a 03 20"))));
        seeds.add(Pieces.join(7, List.of(Seeds.hex("ef 0f 00 02 6f 01 02 03"))));
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
        if (codec.equals("red")) {
            payloads.forEach(DepacketiserFuzz::red);
            return;
        }
        EncodedFrame frame = Objects.requireNonNull(Depacketiser.of(codec)).assemble(payloads);
        if (frame != null) {
            long given = payloads.stream().mapToLong(p -> p.length).sum();
            hold(frame.bytes().length > 0, "an empty frame");
            // a STAP-A's size of 2 bytes becomes a start code of 4, around a unit of at least 1; eight layers have an
            // index of 34
            hold(frame.bytes().length <= 2 * given + 4L * payloads.size() + 34, "a frame larger than its packets");
        }
    }

    private static void red(byte[] payload) {
        Red red = Red.parse(payload);
        if (red != null) {
            long held = red.earlier().stream().mapToLong(b -> b.bytes().length).sum()
                    + red.primary().bytes().length;
            hold(held < payload.length, "more in the blocks than in the packet");
            hold(red.primary().bytes().length > 0, "an empty primary block");
        }
    }
}

package hansard.decrypt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * RFC 2198 section 3: a payload that carries, before what is new in it, what earlier packets carried.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |1|   block PT  |  timestamp offset         |   block length    |  for each earlier block
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |0|   block PT  |  for the primary one; then all blocks' bytes
 * +-+-+-+-+-+-+-+-+
 * </pre>
 *
 * @param earlier the oldest first; those without bytes are left out
 */
record Red(List<Block> earlier, Block primary) {
    private static final int MAX_BLOCKS = 32;

    /** @param offset timestamp units before the packet's own */
    record Block(int payloadType, int offset, byte[] bytes) {
        @Override
        public String toString() {
            return "Block[" + bytes.length + " bytes]";
        }
    }

    /** The blocks, or null when headers or lengths go beyond the payload, or the primary block has no bytes. */
    static @Nullable Red parse(byte[] payload) {
        record Head(int payloadType, int offset, int length) {}
        List<Head> heads = new ArrayList<>();
        int at = 0;
        while (at < payload.length && (payload[at] & 0x80) != 0) {
            if (payload.length - at < 4 || heads.size() == MAX_BLOCKS) {
                return null;
            }
            int rest = (payload[at + 1] & 0xff) << 16 | (payload[at + 2] & 0xff) << 8 | payload[at + 3] & 0xff;
            heads.add(new Head(payload[at] & 0x7f, rest >> 10, rest & 0x3ff));
            at += 4;
        }
        if (at >= payload.length) {
            return null;
        }
        int primaryType = payload[at++] & 0x7f;
        List<Block> earlier = new ArrayList<>();
        for (Head head : heads) {
            if (head.length > payload.length - at) {
                return null;
            }
            if (head.length > 0 && head.offset > 0) {
                earlier.add(
                        new Block(head.payloadType, head.offset, Arrays.copyOfRange(payload, at, at + head.length)));
            }
            at += head.length;
        }
        return at == payload.length
                ? null
                : new Red(
                        List.copyOf(earlier),
                        new Block(primaryType, 0, Arrays.copyOfRange(payload, at, payload.length)));
    }
}

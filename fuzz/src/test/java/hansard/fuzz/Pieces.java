package hansard.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Several byte strings in one input, each behind its length in 16 bits; the last one may be cut short. */
public final class Pieces {
    private static final int MOST = 256;

    private Pieces() {}

    public static List<byte[]> split(byte[] input, int from) {
        List<byte[]> pieces = new ArrayList<>();
        int at = from;
        while (at + 2 <= input.length && pieces.size() < MOST) {
            int length = (input[at] & 0xff) << 8 | (input[at + 1] & 0xff);
            at += 2;
            int end = Math.min(input.length, at + length);
            pieces.add(Arrays.copyOfRange(input, at, end));
            at = end;
        }
        return pieces;
    }

    public static byte[] join(int first, List<byte[]> pieces) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(first);
        for (byte[] piece : pieces) {
            out.write(piece.length >> 8);
            out.write(piece.length);
            out.writeBytes(piece);
        }
        return out.toByteArray();
    }

    /** The input without its first bytes. */
    public static byte[] after(byte[] input, int from) {
        return from >= input.length ? new byte[0] : Arrays.copyOfRange(input, from, input.length);
    }

    /** One byte in front of the others. */
    public static byte[] behind(int first, byte[] rest) {
        byte[] all = new byte[1 + rest.length];
        all[0] = (byte) first;
        System.arraycopy(rest, 0, all, 1, rest.length);
        return all;
    }
}

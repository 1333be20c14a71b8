package hansard.index;

import static hansard.fuzz.Promises.hold;

import hansard.fuzz.FuzzTarget;
import hansard.fuzz.Pieces;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A byte range lies within the object, whatever the header asks for. The first 8 bytes are the object's size. */
public final class ByteRangeFuzz implements FuzzTarget {
    @Override
    public List<byte[]> seeds() {
        return List.of(
                of(1_000, "bytes=0-99"),
                of(1_000, "bytes=-5"),
                of(1_000, "bytes=990-"),
                of(0, "bytes=0-"),
                of(Long.MAX_VALUE, "bytes=999999999999999999-999999999999999999"),
                of(10, "bytes=1-2,4-5"),
                of(10, "lines=1-2"));
    }

    private static byte[] of(long size, String header) {
        byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(8 + text.length).putLong(size).put(text).array();
    }

    @Override
    public void run(byte[] input) {
        if (input.length < 8) {
            return;
        }
        long size = ByteBuffer.wrap(input).getLong() & Long.MAX_VALUE;
        String header = new String(Pieces.after(input, 8), StandardCharsets.ISO_8859_1);
        if (ByteRange.of(header, size) instanceof ByteRange.Part part) {
            hold(part.first() >= 0 && part.first() <= part.last() && part.last() < size, "a range outside the object");
            hold(part.length() > 0 && part.length() <= size, "a range longer than the object");
        }
    }
}

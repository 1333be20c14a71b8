package hansard.transcode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Copies an MP4 file with its index ({@code moov}) ahead of its samples, so that a browser plays and seeks without reading the
 * end first. The chunk offsets (ISO/IEC 14496-12 section 8.7.5) move by the index's size. A file whose offsets would no
 * longer fit, or that is not laid out as expected, is copied as it is, and plays too.
 */
final class FastStart {
    private static final int COPY_BYTES = 65_536;
    private static final int HEADER_BYTES = 8;
    private static final int MAX_INDEX_BYTES = 512 * 1024 * 1024;
    private static final Set<String> HOLDS_OTHERS = Set.of("moov", "trak", "mdia", "minf", "stbl");

    private record Box(String type, long start, long size) {}

    private FastStart() {}

    static void copy(SeekableByteChannel from, WritableByteChannel to) throws IOException {
        List<Box> boxes = boxes(from);
        int index = 0;
        while (index < boxes.size() && !boxes.get(index).type.equals("moov")) {
            index++;
        }
        boolean movable = boxes.size() > 1
                && boxes.get(0).type.equals("ftyp")
                && index == boxes.size() - 1
                && boxes.get(index).size <= MAX_INDEX_BYTES;
        if (movable) {
            Box moov = boxes.get(index);
            ByteBuffer moved = ByteBuffer.allocate((int) moov.size);
            readFully(from, moov.start, moved);
            if (shift(moved.flip(), moov.size)) {
                copyRange(from, 0, boxes.get(0).size, to);
                writeFully(to, moved.rewind());
                copyRange(from, boxes.get(0).size, moov.start, to);
                return;
            }
        }
        copyRange(from, 0, from.size(), to);
    }

    /** All of a channel, as it is. */
    static void copyRange(SeekableByteChannel from, long start, long end, WritableByteChannel to) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(COPY_BYTES);
        from.position(start);
        for (long left = end - start; left > 0; ) {
            buffer.clear().limit((int) Math.min(COPY_BYTES, left));
            int n = from.read(buffer);
            if (n < 0) {
                throw new IOException("the container ends " + left + " bytes early");
            }
            left -= n;
            writeFully(to, buffer.flip());
        }
    }

    private static List<Box> boxes(SeekableByteChannel from) throws IOException {
        List<Box> boxes = new ArrayList<>();
        ByteBuffer header = ByteBuffer.allocate(16);
        for (long at = 0; at + HEADER_BYTES <= from.size(); ) {
            header.clear().limit((int) Math.min(16, from.size() - at));
            readFully(from, at, header);
            header.flip();
            long size = Integer.toUnsignedLong(header.getInt(0));
            if (size == 1 && header.limit() == 16) {
                size = header.getLong(8);
            }
            if (size < HEADER_BYTES || size > from.size() - at) {
                return List.of();
            }
            boxes.add(new Box(type(header, 4), at, size));
            at += size;
        }
        return boxes;
    }

    /** Adds to every chunk offset below; false when one does not fit, with the buffer in an undefined state. */
    private static boolean shift(ByteBuffer boxes, long by) {
        int at = boxes.position();
        while (at + HEADER_BYTES <= boxes.limit()) {
            int size = boxes.getInt(at);
            if (size < HEADER_BYTES || size > boxes.limit() - at) {
                return false;
            }
            String type = type(boxes, at + 4);
            ByteBuffer inside = boxes.duplicate().position(at + HEADER_BYTES).limit(at + size);
            boolean shifted =
                    switch (type) {
                        case "stco" -> shiftOffsets(inside, by, Integer.BYTES);
                        case "co64" -> shiftOffsets(inside, by, Long.BYTES);
                        default -> !HOLDS_OTHERS.contains(type) || shift(inside, by);
                    };
            if (!shifted) {
                return false;
            }
            at += size;
        }
        return true;
    }

    private static boolean shiftOffsets(ByteBuffer box, long by, int width) {
        int first = box.position() + 8; // version and flags, count
        if (first > box.limit()) {
            return false;
        }
        long count = Integer.toUnsignedLong(box.getInt(first - 4));
        if (count * width > box.limit() - first) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            int at = first + i * width;
            if (width == Long.BYTES) {
                box.putLong(at, box.getLong(at) + by);
            } else {
                long moved = Integer.toUnsignedLong(box.getInt(at)) + by;
                if (moved > 0xffff_ffffL) {
                    return false;
                }
                box.putInt(at, (int) moved);
            }
        }
        return true;
    }

    private static String type(ByteBuffer from, int at) {
        byte[] type = new byte[4];
        from.get(at, type);
        return new String(type, StandardCharsets.ISO_8859_1);
    }

    private static void readFully(SeekableByteChannel from, long at, ByteBuffer into) throws IOException {
        from.position(at);
        while (into.hasRemaining()) {
            if (from.read(into) < 0) {
                throw new IOException("the container ends early");
            }
        }
    }

    private static void writeFully(WritableByteChannel to, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            to.write(buffer);
        }
    }
}

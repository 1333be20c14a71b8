package hansard.retention;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Predicate;

/** Reads a file of lines from its end, in blocks. */
final class LedgerTail {
    private static final int BLOCK = 64 * 1024;

    private LedgerTail() {}

    /** Where the last whole line ends, its line break included; 0 when there is none. */
    static long endOfLastLine(FileChannel channel) throws IOException {
        long end = channel.size();
        while (end > 0) {
            byte[] block = block(channel, Math.max(0, end - BLOCK), end);
            for (int i = block.length - 1; i >= 0; i--) {
                if (block[i] == '\n') {
                    return end - block.length + i + 1;
                }
            }
            end -= block.length;
        }
        return 0;
    }

    /** Gives the lines from the last to the first until one is answered with false. */
    static void lastToFirst(Path file, Predicate<String> line) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long end = endOfLastLine(channel);
            ByteArrayOutputStream reversed = new ByteArrayOutputStream();
            while (end > 0) {
                byte[] block = block(channel, Math.max(0, end - BLOCK), end);
                for (int i = block.length - 1; i >= 0; i--) {
                    if (block[i] != '\n') {
                        reversed.write(block[i]);
                    } else if (!give(reversed, line)) {
                        return;
                    }
                }
                end -= block.length;
            }
            give(reversed, line);
        }
    }

    private static boolean give(ByteArrayOutputStream reversed, Predicate<String> line) {
        byte[] bytes = reversed.toByteArray();
        reversed.reset();
        if (bytes.length == 0) {
            return true;
        }
        for (int i = 0, j = bytes.length - 1; i < j; i++, j--) {
            byte swap = bytes[i];
            bytes[i] = bytes[j];
            bytes[j] = swap;
        }
        return line.test(new String(bytes, StandardCharsets.UTF_8));
    }

    private static byte[] block(FileChannel channel, long from, long to) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(Math.toIntExact(to - from));
        while (block.hasRemaining() && channel.read(block, from + block.position()) >= 0) {
            // until it is full or the file has shrunk
        }
        return block.array();
    }
}

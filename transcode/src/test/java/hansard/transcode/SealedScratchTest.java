package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.HansardException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealedScratchTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 100})
    void anyWriteReadsBackLikeAnArray(int keptBlocks) throws IOException {
        Random random = new Random(7);
        byte[] plain = new byte[10 * SealedScratch.BLOCK_BYTES + 777];
        int size = 0;
        try (SealedScratch scratch = new SealedScratch(directory, keptBlocks)) {
            for (int i = 0; i < 400; i++) {
                int at = random.nextInt(plain.length);
                int length = Math.min(random.nextInt(40_000), plain.length - at);
                if (random.nextBoolean()) {
                    byte[] bytes = new byte[length];
                    random.nextBytes(bytes);
                    System.arraycopy(bytes, 0, plain, at, length);
                    scratch.position(at).write(ByteBuffer.wrap(bytes));
                    size = length == 0 ? size : Math.max(size, at + length);
                } else {
                    ByteBuffer read = ByteBuffer.allocate(length);
                    int n = scratch.position(at).read(read);
                    int expected = at >= size ? -1 : Math.min(length, size - at);
                    assertEquals(expected, n);
                    assertArrayEquals(
                            Arrays.copyOfRange(plain, at, at + Math.max(0, n)),
                            Arrays.copyOf(read.array(), Math.max(0, n)));
                }
                assertEquals(size, scratch.size());
            }
        }
    }

    @Test
    void theFileHoldsNoPlaintextAndIsGoneFromTheDirectory() throws IOException {
        byte[] word = "a spoken word ".repeat(5_000).getBytes(StandardCharsets.US_ASCII);
        try (SealedScratch scratch = new SealedScratch(directory)) {
            scratch.write(ByteBuffer.wrap(word));
            Path file = openFile();
            String onDisk = Files.readString(file, StandardCharsets.ISO_8859_1);
            assertTrue(onDisk.length() > 60_000);
            assertTrue(!onDisk.contains("spoken"));
            try (Stream<Path> left = Files.list(directory)) {
                assertEquals(0, left.count());
            }
        }
    }

    @Test
    void whatIsKeptInMemoryMakesNoFile() throws IOException {
        try (SealedScratch scratch = new SealedScratch(directory, 4)) {
            scratch.write(ByteBuffer.wrap(new byte[5 * SealedScratch.BLOCK_BYTES]));
            try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
                assertTrue(open.noneMatch(this::isScratch));
            }
        }
    }

    @Test
    void aBlockAlteredOnDiskDoesNotOpen() throws IOException {
        try (SealedScratch scratch = new SealedScratch(directory)) {
            scratch.write(ByteBuffer.wrap(new byte[3 * SealedScratch.BLOCK_BYTES]));
            try (FileChannel file = FileChannel.open(openFile(), StandardOpenOption.WRITE)) {
                file.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), 100);
            }
            scratch.position(0);
            assertThrows(HansardException.class, () -> scratch.read(ByteBuffer.allocate(10)));
        }
    }

    /** The unlinked file, through this process's table of open files. */
    private Path openFile() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(this::isScratch).findFirst().orElseThrow();
        }
    }

    private boolean isScratch(Path fd) {
        try {
            return Files.readSymbolicLink(fd).toString().startsWith(directory.toString());
        } catch (IOException e) {
            return false; // closed since it was listed
        }
    }
}

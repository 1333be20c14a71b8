package hansard.store;

import static hansard.store.ObjectStoreContract.bytes;
import static hansard.store.ObjectStoreContract.read;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.keys.DataKey;
import hansard.keys.KeyRef;
import hansard.keys.Pkcs12Vault;
import hansard.keys.Vault;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.store.ObjectStore.Committed;
import hansard.store.SealedObjects.SealedUpload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealedObjectsTest {
    private static final KeyRef REF = new KeyRef("acme", "call-1", "mic");
    private static final String NAME = "acme/call-1/mic.webm";

    @TempDir
    Path directory;

    private Vault vault;
    private ObjectStore store;
    private SealedObjects objects;
    private DataKey key;

    @BeforeEach
    void open() {
        vault = Pkcs12Vault.open(directory.resolve("vault"));
        store = DirectoryStore.open(directory.resolve("store"));
        objects = new SealedObjects(store, vault);
        key = vault.newDataKey(REF);
    }

    @AfterEach
    void close() {
        vault.close();
    }

    private Committed seal(String name, DataKey under, byte[] content) throws IOException {
        try (SealedUpload upload = objects.create(name, under)) {
            ByteBuffer source = ByteBuffer.wrap(content);
            while (source.hasRemaining()) {
                upload.channel().write(source);
            }
            return upload.commit();
        }
    }

    private Path file(String name) {
        return directory.resolve("store").resolve(name);
    }

    @Test
    void aRangeInTheMiddleOfFiveMegabytesEquals() throws IOException {
        byte[] content = bytes(5_000_000, 7);
        Committed committed = seal(NAME, key, content);
        assertEquals(Files.size(file(NAME)), committed.length());
        Random random = new Random(8);
        try (SeekableByteChannel opened = objects.open(NAME, REF)) {
            assertEquals(content.length, opened.size());
            assertEquals(0, opened.position());
            for (int i = 0; i < 50; i++) {
                int start = random.nextInt(content.length - 200_000);
                int length = random.nextInt(200_000);
                assertArrayEquals(Arrays.copyOfRange(content, start, start + length), read(opened, start, length));
            }
            assertEquals(-1, opened.position(content.length).read(ByteBuffer.allocate(1)));
        }
        assertArrayEquals(content, read(objects.open(NAME, REF)));
    }

    @Test
    void objectsOfEverySizeAroundASegmentEqual() throws IOException {
        int segment = SealedObjects.SEGMENT_BYTES;
        for (int length :
                new int[] {0, 1, 100, segment - 57, segment - 56, segment - 55, segment - 16, segment, 3 * segment}) {
            byte[] content = bytes(length, length);
            seal(NAME, key, content);
            assertArrayEquals(content, read(objects.open(NAME, REF)), length + " bytes");
        }
    }

    @Test
    void theStoredBytesDoNotShowTheContent() throws IOException {
        seal(NAME, key, "spoken words".repeat(1000).getBytes(StandardCharsets.UTF_8));
        String stored = Files.readString(file(NAME), StandardCharsets.ISO_8859_1);
        assertTrue(stored.startsWith("HSO1"));
        assertFalse(stored.contains("spoken"));
    }

    @Test
    void aFlippedByteAnywhereDoesNotOpen() throws IOException {
        byte[] content = bytes(70_000, 1);
        seal(NAME, key, content);
        byte[] stored = Files.readAllBytes(file(NAME));
        int header = 4 + 2 + 4 + 2 + 6 + 2 + 3 + 2 + key.wrapped().length();
        for (int at = 0; at < stored.length; at += at < header + 80 ? 1 : 3_001) {
            assertAltered(flipped(stored, at));
        }
        assertAltered(flipped(stored, stored.length - 1));
    }

    @Test
    void aFlippedByteOfAnEmptyObjectDoesNotOpen() throws IOException {
        seal(NAME, key, new byte[0]);
        byte[] stored = Files.readAllBytes(file(NAME));
        for (int at = 0; at < stored.length; at++) {
            assertAltered(flipped(stored, at));
        }
    }

    @Test
    void anObjectCutShortOrContinuedDoesNotOpenAtAll() throws IOException {
        byte[] content = bytes(200_000, 1);
        seal(NAME, key, content);
        byte[] stored = Files.readAllBytes(file(NAME));
        int begin = stored.length - 200_000 % SealedObjects.SEGMENT_BYTES;
        for (int length = 0; length < stored.length; length += length < 200 || length > begin ? 1_009 : 10_007) {
            writeStored(Arrays.copyOf(stored, length));
            Refused.with(ErrorCode.NOT_AUTHENTIC, () -> objects.open(NAME, REF));
        }
        // at the boundary of a segment, where nothing but the last segment's mark shows it
        int offset = 4 + 2 + 4 + 2 + 6 + 2 + 3 + 2 + key.wrapped().length();
        for (int segments = 1; segments <= 3; segments++) {
            writeStored(Arrays.copyOf(stored, offset + segments * SealedObjects.SEGMENT_BYTES));
            Refused.with(ErrorCode.NOT_AUTHENTIC, () -> objects.open(NAME, REF));
        }
        writeStored(Arrays.copyOf(stored, stored.length + 1));
        Refused.with(ErrorCode.NOT_AUTHENTIC, () -> objects.open(NAME, REF));
    }

    @Test
    void swappedSegmentsDoNotOpen() throws IOException {
        seal(NAME, key, bytes(4 * SealedObjects.SEGMENT_BYTES, 1));
        byte[] stored = Files.readAllBytes(file(NAME));
        int segment = SealedObjects.SEGMENT_BYTES;
        int second = 4 + 2 + 4 + 2 + 6 + 2 + 3 + 2 + key.wrapped().length() + segment;
        byte[] swapped = stored.clone();
        System.arraycopy(stored, second, swapped, second + segment, segment);
        System.arraycopy(stored, second + segment, swapped, second, segment);
        assertAltered(swapped);
        // put back, it opens: it was the order that was refused
        writeStored(stored);
        assertArrayEquals(bytes(4 * segment, 1), read(objects.open(NAME, REF)));
    }

    private static byte[] flipped(byte[] stored, int at) {
        byte[] altered = stored.clone();
        altered[at] ^= 1;
        return altered;
    }

    private void writeStored(byte[] stored) throws IOException {
        Files.write(file(NAME), stored);
    }

    private void assertAltered(byte[] stored) throws IOException {
        writeStored(stored);
        Refused.with(ErrorCode.NOT_AUTHENTIC, () -> {
            try (SeekableByteChannel opened = objects.open(NAME, REF)) {
                read(opened, 0, Math.toIntExact(opened.size()));
            }
        });
    }

    @Test
    void aRenamedObjectDoesNotOpen() throws IOException {
        seal(NAME, key, bytes(1000, 1));
        Files.move(file(NAME), file("acme/call-1/other.webm"));
        Refused.with(ErrorCode.NOT_AUTHENTIC, () -> objects.open("acme/call-1/other.webm", REF));
    }

    @Test
    void anObjectOfAnotherCallDoesNotOpen() throws IOException {
        seal(NAME, key, bytes(1000, 1));
        KeyRef other = new KeyRef("acme", "call-2", "mic");
        vault.newDataKey(other);
        Refused.with(ErrorCode.NOT_AUTHENTIC, () -> objects.open(NAME, other));
        // also when somebody writes the other name into it
        byte[] stored = Files.readAllBytes(file(NAME));
        stored[4 + 2 + 4 + 2 + 5] = '2';
        writeStored(stored);
        Refused.with(ErrorCode.NOT_AUTHENTIC, () -> objects.open(NAME, other));
    }

    @Test
    void anObjectOfADestroyedKeyDoesNotOpen() throws IOException {
        seal(NAME, key, bytes(1000, 1));
        vault.destroy("acme", "call-1");
        Refused.with(ErrorCode.KEY_GONE, () -> objects.open(NAME, REF));
    }

    @Test
    void aMissingObjectIsNotFoundAndAStrangeOneNotAuthentic() throws IOException {
        Refused.with(ErrorCode.NOT_FOUND, () -> objects.open(NAME, REF));
        ObjectStoreContract.put(store, NAME, new byte[0]);
        Refused.with(ErrorCode.NOT_AUTHENTIC, () -> objects.open(NAME, REF));
        ObjectStoreContract.put(store, NAME, "HSO1\u00ff".getBytes(StandardCharsets.ISO_8859_1));
        Refused.with(ErrorCode.NOT_AUTHENTIC, () -> objects.open(NAME, REF));
    }

    @Test
    void anUploadThatIsNotCommittedLeavesNothing() throws IOException {
        try (SealedUpload upload = objects.create(NAME, key)) {
            upload.channel().write(ByteBuffer.wrap(bytes(200_000, 1)));
        }
        assertEquals(List.of(), store.list(""));
        try (var files = Files.list(directory.resolve("store/.incoming"))) {
            assertEquals(0, files.count());
        }
    }

    /** What was announced or signed before a crash must not get other bytes because it is made again. */
    @Test
    void whatIsMadeASecondTimeAndIsTheSameStaysAsItWas() throws IOException {
        byte[] content = bytes(200_000, 1);
        Committed first = seal(NAME, key, content);
        byte[] stored = Files.readAllBytes(file(NAME));
        assertEquals(first, seal(NAME, key, content));
        assertEquals(first, seal(NAME, vault.newDataKey(REF), content));
        assertArrayEquals(stored, Files.readAllBytes(file(NAME)));
        try (var files = Files.list(directory.resolve("store/.incoming"))) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void whatIsMadeASecondTimeAndIsNotTheSameTakesItsPlace() throws IOException {
        byte[] content = bytes(200_000, 1);
        Committed first = seal(NAME, key, content);
        for (byte[] other : List.of(flipped(content, 199_999), Arrays.copyOf(content, 199_999), new byte[0])) {
            assertNotEquals(first, seal(NAME, key, other));
            assertArrayEquals(other, read(objects.open(NAME, REF)));
        }
    }

    @Test
    void whatWasAlteredInTheStoreIsNotKept() throws IOException {
        byte[] content = bytes(200_000, 1);
        Committed first = seal(NAME, key, content);
        byte[] stored = Files.readAllBytes(file(NAME));
        for (byte[] altered : List.of(flipped(stored, stored.length - 1), flipped(stored, 0), new byte[0])) {
            writeStored(altered);
            assertNotEquals(first, seal(NAME, key, content));
            assertArrayEquals(content, read(objects.open(NAME, REF)));
        }
    }

    @Test
    void whatIsOfADestroyedKeyIsNotReplaced() throws IOException {
        seal(NAME, key, bytes(1000, 1));
        vault.destroy("acme", "call-1");
        Refused.with(ErrorCode.KEY_GONE, () -> seal(NAME, key, bytes(1000, 1)));
    }

    @Test
    void closingTheChannelBeforeTheCommitIsAllowed() throws IOException {
        byte[] content = bytes(1000, 1);
        try (SealedUpload upload = objects.create(NAME, key)) {
            try (var channel = upload.channel()) {
                channel.write(ByteBuffer.wrap(content));
            }
            upload.commit();
        }
        assertArrayEquals(content, read(objects.open(NAME, REF)));
    }

    @Test
    void refusalsPrintNoKey() throws IOException {
        seal(NAME, key, bytes(1000, 1));
        HansardException refusal = org.junit.jupiter.api.Assertions.assertThrows(
                HansardException.class, () -> objects.open(NAME, new KeyRef("acme", "x", "y")));
        assertFalse(
                refusal.toString().contains(Arrays.toString(key.key().reveal().getEncoded())));
    }
}

package hansard.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.ErrorCode;
import hansard.store.ObjectStore.Committed;
import hansard.store.ObjectStore.Upload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every object store must keep. */
abstract class ObjectStoreContract {
    /** The store under test, the same one at each call within a test. */
    abstract ObjectStore store();

    static byte[] bytes(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static Committed put(ObjectStore store, String key, byte[] content) throws IOException {
        try (Upload upload = store.create(key)) {
            int half = content.length / 2;
            upload.channel().write(ByteBuffer.wrap(content, 0, half));
            upload.channel().write(ByteBuffer.wrap(content, half, content.length - half));
            return upload.commit();
        }
    }

    static byte[] read(SeekableByteChannel channel) throws IOException {
        try (channel) {
            return read(channel, 0, Math.toIntExact(channel.size()));
        }
    }

    static byte[] read(SeekableByteChannel channel, long position, int length) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(length);
        channel.position(position);
        while (target.hasRemaining() && channel.read(target) >= 0) {}
        assertEquals(length, target.position());
        return target.array();
    }

    @Test
    void whatIsCommittedIsThere() throws Exception {
        byte[] content = bytes(300_000, 1);
        Committed committed = put(store(), "acme/call-1/mic.webm", content);
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        assertEquals(new Committed("acme/call-1/mic.webm", sha256, content.length), committed);
        assertArrayEquals(content, read(store().open("acme/call-1/mic.webm")));
        try (SeekableByteChannel channel = store().open("acme/call-1/mic.webm")) {
            assertArrayEquals(java.util.Arrays.copyOfRange(content, 7_001, 7_101), read(channel, 7_001, 100));
        }
    }

    @Test
    void anEmptyObjectIsAnObject() throws IOException {
        assertEquals(0, put(store(), "empty", new byte[0]).length());
        assertEquals(0, read(store().open("empty")).length);
        assertEquals(List.of("empty"), store().list(""));
    }

    @Test
    void whatIsNotCommittedLeavesNothing() throws IOException {
        try (Upload upload = store().create("acme/call-1/mic.webm")) {
            upload.channel().write(ByteBuffer.wrap(bytes(1000, 1)));
            assertEquals(List.of(), store().list(""));
            Refused.with(ErrorCode.NOT_FOUND, () -> store().open("acme/call-1/mic.webm"));
        }
        assertEquals(List.of(), store().list(""));
        assertFalse(store().delete("acme/call-1/mic.webm"));
    }

    @Test
    void nothingIsWrittenAfterTheEnd() throws IOException {
        Upload upload = store().create("a");
        upload.commit();
        assertThrows(ClosedChannelException.class, () -> upload.channel().write(ByteBuffer.allocate(1)));
        assertThrows(IllegalStateException.class, upload::commit);
        upload.close();
        assertEquals(0, read(store().open("a")).length);
    }

    @Test
    void anObjectIsReplacedAsAWhole() throws IOException {
        put(store(), "a/b", "one".getBytes(StandardCharsets.UTF_8));
        try (SeekableByteChannel reader = store().open("a/b")) {
            put(store(), "a/b", "twice".getBytes(StandardCharsets.UTF_8));
            assertEquals(3, reader.size()); // who reads, goes on reading what they opened
        }
        assertEquals("twice", new String(read(store().open("a/b")), StandardCharsets.UTF_8));
    }

    @Test
    void keysAreListedByPrefixSorted() throws IOException {
        for (String key : List.of("acme/c2/a", "acme/c1/b", "acme/c1/a", "acme/c10/a", "other/c1/a")) {
            put(store(), key, new byte[1]);
        }
        assertEquals(List.of("acme/c1/a", "acme/c1/b"), store().list("acme/c1/"));
        assertEquals(List.of("acme/c1/a", "acme/c1/b", "acme/c10/a"), store().list("acme/c1"));
        assertEquals(5, store().list("").size());
        assertEquals(List.of(), store().list("nobody/"));
    }

    @Test
    void aDeletedObjectIsGone() throws IOException {
        put(store(), "acme/c1/a", new byte[1]);
        put(store(), "acme/c1/b", new byte[1]);
        assertTrue(store().delete("acme/c1/a"));
        assertFalse(store().delete("acme/c1/a"));
        assertFalse(store().delete("acme/c1"));
        Refused.with(ErrorCode.NOT_FOUND, () -> store().open("acme/c1/a"));
        assertEquals(List.of("acme/c1/b"), store().list(""));
        put(store(), "acme/c1/a", new byte[2]);
        assertEquals(2, read(store().open("acme/c1/a")).length);
    }

    @Test
    void aKeyIsNotAPath() {
        for (String bad : List.of(
                "",
                "/a",
                "a/",
                "a//b",
                ".",
                "..",
                "../a",
                "a/../b",
                "a/.b",
                "a b",
                "ä",
                "a\\b",
                "a\nb",
                "x".repeat(201),
                "x/".repeat(600) + "x")) {
            Refused.with(ErrorCode.BAD_REQUEST, () -> store().create(bad));
            Refused.with(ErrorCode.BAD_REQUEST, () -> store().open(bad));
            Refused.with(ErrorCode.BAD_REQUEST, () -> store().delete(bad));
        }
        for (String bad : List.of("..", "../", "/", "a//", ".incoming")) {
            Refused.with(ErrorCode.BAD_REQUEST, () -> store().list(bad));
        }
    }

    @Test
    void manyWritersDoNotDisturbEachOther() throws Exception {
        try (var pool = Executors.newFixedThreadPool(4)) {
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                String key = "acme/c" + i % 2 + "/t" + i;
                writers.add(pool.submit(() -> {
                    for (int round = 0; round < 15; round++) {
                        put(store(), key, bytes(100, round));
                        assertTrue(store().delete(key)); // takes away directories that another is about to use
                    }
                    return put(store(), key, bytes(100, 99));
                }));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        }
        assertEquals(List.of("acme/c0/t0", "acme/c0/t2", "acme/c1/t1", "acme/c1/t3"), store().list("acme/"));
        assertArrayEquals(bytes(100, 99), read(store().open("acme/c1/t3")));
    }
}

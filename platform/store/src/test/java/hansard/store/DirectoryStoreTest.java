package hansard.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.ErrorCode;
import hansard.store.ObjectStore.Upload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStoreTest extends ObjectStoreContract {
    @TempDir
    Path directory;

    private ObjectStore store;

    @BeforeEach
    void open() {
        store = DirectoryStore.open(directory);
    }

    @Override
    ObjectStore store() {
        return store;
    }

    private List<Path> incoming() throws IOException {
        try (var files = Files.list(directory.resolve(".incoming"))) {
            return files.toList();
        }
    }

    @Test
    void closingWithoutCommitRemovesTheTemporaryFile() throws IOException {
        Upload upload = store.create("a");
        assertEquals(1, incoming().size());
        upload.close();
        assertEquals(0, incoming().size());
    }

    @Test
    void uploadsOfThisProcessSurviveAnotherOpen() throws IOException {
        Path link = directory.resolveSibling(directory.getFileName() + "-link");
        Files.createSymbolicLink(link, directory);
        try (Upload upload = store.create("a")) {
            upload.channel().write(ByteBuffer.allocate(10));
            DirectoryStore.open(directory);
            DirectoryStore.open(link);
            assertEquals(10, upload.commit().length());
        } finally {
            Files.delete(link);
        }
        assertEquals(List.of("a"), store.list(""));
    }

    @Test
    void uploadsOfALivingProcessSurviveAndThoseOfADeadOneAreRemoved() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process other = new ProcessBuilder(
                        java,
                        "-cp",
                        System.getProperty("java.class.path"),
                        UploadingProcess.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var said = other.inputReader()) {
            assertEquals("uploading", said.readLine());
            DirectoryStore.open(directory);
            assertEquals(1, incoming().size());

            other.destroyForcibly().waitFor(); // SIGKILL
            assertEquals(List.of(), store.list("")); // nothing visible
            assertEquals(1, incoming().size());
            DirectoryStore.open(directory);
            assertEquals(0, incoming().size());
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void emptyDirectoriesDoNotStay() throws IOException {
        put(store, "acme/c1/a", new byte[1]);
        put(store, "acme/c2/a", new byte[1]);
        store.delete("acme/c1/a");
        assertFalse(Files.exists(directory.resolve("acme/c1")));
        assertTrue(Files.exists(directory.resolve("acme")));
        store.delete("acme/c2/a");
        assertFalse(Files.exists(directory.resolve("acme")));
        assertTrue(Files.exists(directory));
    }

    @Test
    void aKeyThatContinuesAnotherIsAConflict() throws IOException {
        put(store, "a/b", new byte[1]);
        Refused.with(ErrorCode.CONFLICT, () -> put(store, "a", new byte[1]));
        Refused.with(ErrorCode.CONFLICT, () -> put(store, "a/b/c", new byte[1]));
        Refused.with(ErrorCode.NOT_FOUND, () -> store.open("a/b/c"));
        assertFalse(store.delete("a/b/c"));
        assertEquals(0, incoming().size());
    }

    @Test
    void anUnmountedStoreIsUnavailableAndItsObjectsAreNotGone() throws IOException {
        Path mounted = directory.resolve("store");
        ObjectStore other = DirectoryStore.open(mounted);
        put(other, "a", new byte[1]);
        Files.move(mounted, directory.resolve("away"));
        Refused.with(ErrorCode.STORE_UNAVAILABLE, () -> other.open("a"));
        Refused.with(ErrorCode.STORE_UNAVAILABLE, () -> other.delete("a"));
        Refused.with(ErrorCode.STORE_UNAVAILABLE, () -> other.list(""));
        Files.move(directory.resolve("away"), mounted);
        assertTrue(other.delete("a"));
    }

    @Test
    void aFailingDirectorySaysWhereAndHowMuchIsFree() throws IOException {
        Files.delete(directory.resolve(".incoming"));
        Files.createFile(directory.resolve(".incoming"));
        String message = Refused.with(ErrorCode.STORE_UNAVAILABLE, () -> store.create("a"));
        assertTrue(message.contains(directory.toString()), message);
        assertTrue(message.matches("(?s).*\\d+ bytes are free there.*"), message);
    }
}

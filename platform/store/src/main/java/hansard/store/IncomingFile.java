package hansard.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A temporary file, locked as long as its process lives, so that whoever opens the store next can tell a crash's leftovers from
 * an upload of a living process, however long that takes.
 */
final class IncomingFile implements AutoCloseable {
    /** Ours: these must not even be opened to look at their lock, since POSIX drops it when any handle of the process closes. */
    private static final Set<Path> LIVE = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel channel;

    private IncomingFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    static IncomingFile create(Path incoming) throws IOException {
        while (true) {
            Path path = incoming.resolve(UUID.randomUUID() + ".part");
            LIVE.add(path);
            FileChannel channel = null;
            try {
                channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                FileLock lock = channel.lock();
                if (lock.isValid() && Files.exists(path)) {
                    return new IncomingFile(path, channel);
                }
                // another process opened the store between our creating and our locking, and cleared it away: once more
                channel.close();
                LIVE.remove(path);
            } catch (IOException e) {
                LIVE.remove(path);
                if (channel != null) {
                    channel.close();
                }
                throw e;
            }
        }
    }

    /** Removes the files that nobody alive holds. */
    static void removeLeftovers(Path incoming) throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.list(incoming)) {
            files = found.toList();
        }
        for (Path file : files) {
            if (!LIVE.contains(file)) {
                removeUnlessHeld(file);
            }
        }
    }

    private static void removeUnlessHeld(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock != null) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException | OverlappingFileLockException e) {
            // committed, or being cleared away by another thread, in this moment: either way not ours to remove
            return;
        }
    }

    Path path() {
        return path;
    }

    FileChannel channel() {
        return channel;
    }

    /** Removes the file where it still is under its temporary name. */
    @Override
    public void close() throws IOException {
        try (channel) {
            Files.deleteIfExists(path);
        } finally {
            LIVE.remove(path);
        }
    }
}

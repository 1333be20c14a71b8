package hansard.keys;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.Set;

/** Files that only their owner may read, written so that a crash leaves either the old state or the new one. */
final class OwnerFiles {
    /** How the name of a file ends that is not whole yet. */
    static final String UNFINISHED = ".new";

    private static final FileAttribute<Set<PosixFilePermission>> DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /** File locks hold between processes only; this one holds between the threads of ours. */
    private static final Object IN_PROCESS = new Object();

    private OwnerFiles() {}

    interface Action<T> {
        T run() throws IOException;
    }

    interface SecureAction<T> {
        T run() throws IOException, GeneralSecurityException;
    }

    /** For callers who cannot tell a damaged key from a damaged file: both are reported as the file's. */
    static <T> Action<T> unchecked(SecureAction<T> action) {
        return () -> {
            try {
                return action.run();
            } catch (GeneralSecurityException e) {
                throw new IOException("its keys or certificates cannot be read or made", e);
            }
        };
    }

    /** Runs an action while no other process and no other thread holds the lock file. */
    static <T> T locked(Path lockFile, SecureAction<T> action) throws IOException {
        synchronized (IN_PROCESS) {
            try (FileChannel channel = FileChannel.open(
                            lockFile, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), FILE);
                    FileLock lock = channel.lock()) {
                if (!lock.isValid()) {
                    throw new IOException(lockFile + " could not be locked");
                }
                return unchecked(action).run();
            }
        }
    }

    /** Makes a directory and those above it that are missing, each durable in its parent. */
    static void createDirectories(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path parent = directory.toAbsolutePath().getParent();
        if (parent != null) {
            createDirectories(parent);
        }
        try {
            Files.createDirectory(directory, DIRECTORY);
        } catch (java.nio.file.FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        }
        if (parent != null) {
            syncDirectory(parent);
        }
    }

    /** Writes a whole file, replacing one of the same name; durable when it returns. Callers hold the lock. */
    static void write(Path file, byte[] content) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        Path temporary = unfinished(file);
        Files.deleteIfExists(temporary); // left behind by a crash
        try (FileChannel channel =
                FileChannel.open(temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), FILE)) {
            writeFully(channel, content);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        if (directory != null) {
            syncDirectory(directory);
        }
    }

    /** Where a file is written before it takes its place. */
    static Path unfinished(Path file) {
        return file.resolveSibling("." + file.getFileName() + UNFINISHED);
    }

    /** Overwrites a file's bytes in place; on file systems that copy on write, the old blocks may live on until reused. */
    static void overwrite(Path file, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            writeFully(channel, content);
        }
    }

    private static void writeFully(FileChannel channel, byte[] content) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(content);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        channel.force(true);
    }

    /** Makes creations, renames and deletions in a directory durable. */
    static void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}

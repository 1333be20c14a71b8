package hansard.access;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import java.util.UUID;

/** The files of the access directory, which only their owner may read. */
final class AccessFiles {
    private static final FileAttribute<Set<PosixFilePermission>> DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private static final int SECRET_BYTES = 32;
    private static final int MIN_SECRET_CHARACTERS = 32;

    /** File locks hold between processes only; this one holds between the threads of ours. */
    private static final Object IN_PROCESS = new Object();

    private AccessFiles() {}

    interface Action {
        void run() throws IOException;
    }

    static void makeDirectory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory, DIRECTORY);
        }
    }

    /** A secret of one line, made at random by whichever process is first. */
    static String secret(Path file) throws IOException {
        if (!Files.exists(file)) {
            byte[] random = new byte[SECRET_BYTES];
            new SecureRandom().nextBytes(random);
            String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
            Path temporary = temporary(file, secret.getBytes(StandardCharsets.US_ASCII));
            try {
                Files.createLink(file, temporary); // unlike a rename, takes nobody's place
                sync(file);
            } catch (FileAlreadyExistsException e) {
                return read(file);
            } finally {
                Files.delete(temporary);
            }
        }
        return read(file);
    }

    private static String read(Path file) throws IOException {
        String secret = Files.readString(file).strip();
        if (secret.length() < MIN_SECRET_CHARACTERS) {
            throw new HansardException(
                    ErrorCode.BAD_CONFIGURATION,
                    file + " holds " + secret.length() + " characters, which is too few for a secret; delete the file"
                            + " and a new one is made");
        }
        return secret;
    }

    /** Replaces a file; whoever reads it meanwhile sees the old one or the new one. */
    static void replace(Path file, byte[] content) throws IOException {
        Files.move(temporary(file, content), file, StandardCopyOption.ATOMIC_MOVE);
        sync(file);
    }

    private static Path temporary(Path file, byte[] content) throws IOException {
        Path temporary = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
        try (FileChannel channel =
                FileChannel.open(temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), FILE)) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        return temporary;
    }

    private static void sync(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** Runs an action while no other process and no other thread holds the lock file. */
    static void locked(Path lockFile, Action action) throws IOException {
        synchronized (IN_PROCESS) {
            try (FileChannel channel = FileChannel.open(
                            lockFile, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), FILE);
                    FileLock lock = channel.lock()) {
                if (!lock.isValid()) {
                    throw new IOException(lockFile + " could not be locked");
                }
                action.run();
            }
        }
    }

    static HansardException failed(Path directory, IOException e) {
        return new HansardException(
                ErrorCode.DATA_DIRECTORY,
                "the access directory " + directory.toAbsolutePath() + " cannot be used: " + e
                        + ". Check that it is there and belongs to this user.",
                e);
    }
}

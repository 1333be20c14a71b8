package hansard.store;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Objects as files below a directory: written to a temporary file, synced, renamed, the directory synced. */
public final class DirectoryStore implements ObjectStore {
    /** Begins with a dot, as no object does; on the same file system, so that a rename is atomic. */
    private static final String INCOMING = ".incoming";

    private final Path directory;
    private final Path incoming;

    private DirectoryStore(Path directory, Path incoming) {
        this.directory = directory;
        this.incoming = incoming;
    }

    /** Opens the store, making the directory if it is not there; removes temporary files that a crash left behind. */
    public static ObjectStore open(Path directory) {
        Path absolute = directory.toAbsolutePath().normalize();
        try {
            Files.createDirectories(absolute.resolve(INCOMING));
            // one name for one directory, also when it is reached by a link: uploads of this process are known by it
            Path real = absolute.toRealPath();
            IncomingFile.removeLeftovers(real.resolve(INCOMING));
            return new DirectoryStore(real, real.resolve(INCOMING));
        } catch (IOException e) {
            throw unavailable(absolute, "opened", e);
        }
    }

    @Override
    public Upload create(String key) {
        ObjectKeys.checked(key);
        try {
            return new DirectoryUpload(this, key, IncomingFile.create(incoming));
        } catch (IOException e) {
            throw unavailable("given a new object " + key, e);
        }
    }

    @Override
    public SeekableByteChannel open(String key) {
        Path file = path(key);
        try {
            if (cannotBeAnObject(file)) {
                throw new NoSuchFileException(key);
            }
            return FileChannel.open(file, StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            requireMounted();
            throw new HansardException(ErrorCode.NOT_FOUND, "the store has no object " + key, e);
        } catch (IOException e) {
            throw unavailable("read at " + key, e);
        }
    }

    @Override
    public List<String> list(String prefix) {
        ObjectKeys.checkedPrefix(prefix);
        Path start = directory.resolve(prefix.substring(0, prefix.lastIndexOf('/') + 1));
        requireMounted();
        List<String> keys = new ArrayList<>();
        try {
            Files.walkFileTree(start, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) {
                    return visited.equals(incoming) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    String key = directory.relativize(file).toString();
                    if (key.startsWith(prefix)) {
                        keys.add(key);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                    if (e instanceof NoSuchFileException) { // deleted while we look
                        return FileVisitResult.CONTINUE;
                    }
                    throw e;
                }
            });
        } catch (IOException e) {
            throw unavailable("listed at '" + prefix + "'", e);
        }
        Collections.sort(keys);
        return List.copyOf(keys);
    }

    @Override
    public boolean delete(String key) {
        Path file = path(key);
        try {
            if (cannotBeAnObject(file) || !Files.deleteIfExists(file)) {
                requireMounted();
                return false;
            }
            removeEmptyParents(file);
            sync(parent(file));
            return true;
        } catch (IOException e) {
            throw unavailable("made to delete " + key, e);
        }
    }

    private void removeEmptyParents(Path file) throws IOException {
        try {
            for (Path parent = parent(file); !parent.equals(directory); parent = parent(parent)) {
                Files.deleteIfExists(parent);
            }
        } catch (DirectoryNotEmptyException e) {
            // somebody else's objects are there: this one and those above stay
            return;
        }
    }

    /** Makes the directories that an object needs, each durable in the one above. */
    void makeParents(String key) throws IOException {
        Path needed = parent(path(key));
        List<Path> missing = new ArrayList<>();
        for (Path p = needed; !p.equals(directory) && !Files.isDirectory(p); p = parent(p)) {
            missing.addFirst(p);
        }
        for (Path p : missing) {
            Files.createDirectories(p);
            sync(parent(p));
        }
    }

    /** A directory, or below a file: keys that a directory store cannot hold beside those it has. */
    private boolean cannotBeAnObject(Path file) {
        boolean belowAnObject = false;
        for (Path p = parent(file); !p.equals(directory); p = parent(p)) {
            belowAnObject |= Files.isRegularFile(p);
        }
        return belowAnObject || Files.isDirectory(file);
    }

    /** A directory that is not mounted must not look like a store whose objects were deleted. */
    private void requireMounted() {
        if (!Files.isDirectory(incoming)) {
            throw unavailable("used", new NoSuchFileException(incoming.toString()));
        }
    }

    Path path(String key) {
        return directory.resolve(ObjectKeys.checked(key));
    }

    Path parent(Path path) {
        Path parent = path.getParent();
        return parent == null ? directory : parent;
    }

    /** Makes creations, renames and deletions in a directory durable; where another removed it meanwhile, in the one above. */
    void sync(Path changed) throws IOException {
        for (Path p = changed; ; p = parent(p)) {
            try (FileChannel channel = FileChannel.open(p, StandardOpenOption.READ)) {
                channel.force(true);
                return;
            } catch (NoSuchFileException e) {
                if (p.equals(directory)) {
                    throw e;
                }
            }
        }
    }

    HansardException unavailable(String what, IOException e) {
        return unavailable(directory, what, e);
    }

    private static HansardException unavailable(Path directory, String what, IOException e) {
        String free;
        try {
            free = Files.getFileStore(directory).getUsableSpace() + " bytes are free there";
        } catch (IOException unknown) {
            free = "its file system does not answer";
            e.addSuppressed(unknown);
        }
        return new HansardException(
                ErrorCode.STORE_UNAVAILABLE,
                "the store in " + directory + " cannot be " + what + ": " + e + "; " + free
                        + ". Free some space, or check that the directory is mounted and writable by this user.",
                e);
    }

    @Override
    public String toString() {
        return "DirectoryStore[" + directory + "]";
    }
}

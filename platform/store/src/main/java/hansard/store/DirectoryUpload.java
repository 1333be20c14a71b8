package hansard.store;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;

/** One object on its way into a directory store: hashed while it is written. */
final class DirectoryUpload implements ObjectStore.Upload {
    /** A delete of a neighbour may remove the directory that we have just made; it cannot do so for ever. */
    private static final int RENAME_ATTEMPTS = 16;

    private final DirectoryStore store;
    private final String key;
    private final IncomingFile file;
    private final StreamDigest digest = new StreamDigest();
    private final Writing writing = new Writing();
    private boolean finished;

    DirectoryUpload(DirectoryStore store, String key, IncomingFile file) {
        this.store = store;
        this.key = key;
        this.file = file;
    }

    @Override
    public WritableByteChannel channel() {
        return writing;
    }

    private final class Writing implements WritableByteChannel {
        private boolean open = true;

        @Override
        public int write(ByteBuffer source) throws IOException {
            if (!open || finished) {
                throw new ClosedChannelException();
            }
            int count = source.remaining();
            digest.update(source.duplicate());
            try {
                while (source.hasRemaining()) {
                    file.channel().write(source);
                }
            } catch (IOException e) {
                open = false; // the hash is ahead of the file now
                throw store.unavailable("written to at " + key + ", byte " + (digest.length() - count), e);
            }
            return count;
        }

        @Override
        public boolean isOpen() {
            return open && !finished;
        }

        @Override
        public void close() {
            open = false;
        }
    }

    @Override
    public ObjectStore.Committed commit() {
        if (finished) {
            throw new IllegalStateException(key + " was committed or closed before");
        }
        finished = true;
        try (file) {
            file.channel().force(true);
            rename();
        } catch (FileAlreadyExistsException e) {
            throw conflict(e);
        } catch (IOException e) {
            throw store.unavailable("given the finished object " + key, e);
        }
        return new ObjectStore.Committed(key, HexFormat.of().formatHex(digest.finished()), digest.length());
    }

    private void rename() throws IOException {
        Path target = store.path(key);
        if (Files.isDirectory(target)) {
            throw new FileAlreadyExistsException(key);
        }
        for (int attempt = 1; ; attempt++) {
            try {
                store.makeParents(key);
                Files.move(file.path(), target, StandardCopyOption.ATOMIC_MOVE);
                store.sync(store.parent(target));
                return;
            } catch (NoSuchFileException e) {
                if (attempt == RENAME_ATTEMPTS || !Files.exists(file.path())) {
                    throw e;
                }
            }
        }
    }

    private HansardException conflict(FileSystemException e) {
        return new HansardException(
                ErrorCode.CONFLICT,
                "the object " + key
                        + " cannot be stored: a directory store holds no object whose key continues another's",
                e);
    }

    @Override
    public void close() {
        if (finished) {
            return;
        }
        finished = true;
        try {
            file.close();
        } catch (IOException e) {
            throw store.unavailable("rid of the unfinished object " + key, e);
        }
    }
}

package hansard.app;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Settings;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Where an all-in-one keeps everything, used by one process at a time.
 *
 * <pre>
 * kafka/    the journal          vault/   keys, owner only       access/   users and tokens, owner only
 * store/    sealed media         index/   Lucene                 ledger/   the audit
 * kafka-tls/  who is who on the journal, owner only
 * streams/  what Kafka Streams keeps to start faster              run/      lock, and where the running process listens
 * </pre>
 */
final class DataDirectory implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;
    private final FileLock lock;

    private DataDirectory(Path path, FileChannel channel, FileLock lock) {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
    }

    /** @throws HansardException DATA_DIRECTORY when another process uses it or it cannot be written */
    static DataDirectory lock(Path path) {
        Path run = path.resolve("run");
        try {
            Files.createDirectories(run);
            FileChannel channel =
                    FileChannel.open(run.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new HansardException(
                        ErrorCode.DATA_DIRECTORY,
                        path + " is used by another Hansard process" + RunningInstance.describe(path)
                                + ". Stop it, or give another directory with --data.");
            }
            return new DataDirectory(path, channel, lock);
        } catch (IOException e) {
            throw new HansardException(
                    ErrorCode.DATA_DIRECTORY,
                    path + " cannot be used as data directory (" + e
                            + "). Give one that this user can write, with --data.",
                    e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) { // by this very process
            return null;
        }
    }

    Path path() {
        return path;
    }

    Path broker() {
        return path.resolve("kafka");
    }

    Path kafkaTls() {
        return path.resolve("kafka-tls");
    }

    Path access() {
        return path.resolve("access");
    }

    /** Tells each stage where its things are, unless the configuration says otherwise. */
    static void defaults(Settings settings, Path path) {
        settings.putDefault("data.directory", path.toString());
        settings.putDefault("vault.directory", path.resolve("vault").toString());
        settings.putDefault("store.directory", path.resolve("store").toString());
        settings.putDefault("index.directory", path.resolve("index").toString());
        settings.putDefault("access.directory", path.resolve("access").toString());
        settings.putDefault(
                "ingest.recipients",
                path.resolve("vault").resolve("recipients.pem").toString());
    }

    @Override
    public void close() {
        try {
            lock.release();
            channel.close();
        } catch (IOException e) {
            throw new HansardException(ErrorCode.DATA_DIRECTORY, "cannot release the lock on " + path, e);
        }
    }
}

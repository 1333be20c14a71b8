package hansard.store;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.List;

/**
 * Opaque objects by key, such as {@code acme/CALL/TRACK.webm}. A key is one or more path segments of letters, digits and {@code
 * . _ -}, joined by {@code /}. An S3 store will implement the same.
 */
public interface ObjectStore {
    /** Writes an object that becomes visible, whole and durable, when committed; replaces one of the same key. */
    Upload create(String key);

    /** @throws hansard.runtime.HansardException NOT_FOUND */
    SeekableByteChannel open(String key);

    /** The keys that begin with a prefix, sorted. */
    List<String> list(String prefix);

    /** Deletes durably. @return false when there was none */
    boolean delete(String key);

    /** An object in the making. Closing without commit leaves nothing behind. */
    interface Upload extends AutoCloseable {
        WritableByteChannel channel();

        /** Makes it durable and visible. */
        Committed commit() throws IOException;

        @Override
        void close();
    }

    /**
     * @param sha256 of the stored bytes, lower-case hex
     * @param length of the stored bytes
     */
    record Committed(String key, String sha256, long length) {}
}

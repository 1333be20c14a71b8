package hansard.store;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/** The part of a stored object behind its header, seen as a whole of its own: Tink reads this. */
final class SealedContent implements SeekableByteChannel {
    private final String objectKey;
    private final SeekableByteChannel stored;
    private final long offset;

    SealedContent(String objectKey, SeekableByteChannel stored, long offset) {
        this.objectKey = objectKey;
        this.stored = stored;
        this.offset = offset;
    }

    interface Call {
        long run() throws IOException;
    }

    /** Turns the store's failures into ours, so that an IOException from above this channel means altered bytes. */
    private long guarded(Call call) throws IOException {
        try {
            return call.run();
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            throw new HansardException(
                    ErrorCode.STORE_UNAVAILABLE, "the object " + objectKey + " cannot be read: " + e, e);
        }
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return Math.toIntExact(guarded(() -> {
            int before = target.position();
            while (target.hasRemaining()) {
                if (stored.read(target) < 0) {
                    break;
                }
            }
            int count = target.position() - before;
            return count == 0 && target.hasRemaining() ? -1 : count;
        }));
    }

    @Override
    public long position() throws IOException {
        return guarded(() -> stored.position() - offset);
    }

    @Override
    public SeekableByteChannel position(long position) throws IOException {
        guarded(() -> stored.position(offset + position).position());
        return this;
    }

    @Override
    public long size() throws IOException {
        return guarded(() -> Math.max(0, stored.size() - offset));
    }

    @Override
    public int write(ByteBuffer source) {
        throw new NonWritableChannelException();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
        throw new NonWritableChannelException();
    }

    @Override
    public boolean isOpen() {
        return stored.isOpen();
    }

    @Override
    public void close() throws IOException {
        stored.close();
    }
}

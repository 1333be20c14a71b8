package hansard.store;

import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/** Bytes in memory, as a store would give them. */
final class ByteChannelOfBytes implements SeekableByteChannel {
    private final byte[] bytes;
    private long at;
    private boolean open = true;

    ByteChannelOfBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    @Override
    public int read(ByteBuffer target) {
        if (at >= bytes.length) {
            return -1;
        }
        int count = Math.min(target.remaining(), bytes.length - (int) at);
        target.put(bytes, (int) at, count);
        at += count;
        return count;
    }

    @Override
    public long position() {
        return at;
    }

    @Override
    public SeekableByteChannel position(long position) {
        if (position < 0) {
            throw new IllegalArgumentException("a position of " + position);
        }
        at = position;
        return this;
    }

    @Override
    public long size() {
        return bytes.length;
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
        return open;
    }

    @Override
    public void close() {
        open = false;
    }
}

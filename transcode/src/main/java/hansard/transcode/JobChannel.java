package hansard.transcode;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/** A track as the process of a job sees it: read through its parent, who alone can open it. Reads ahead. Not thread-safe. */
final class JobChannel implements SeekableByteChannel {
    private static final int AHEAD_BYTES = 64 * 1024;

    private final int input;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final long size;
    private ByteBuffer ahead = ByteBuffer.allocate(0);
    private long position;
    private boolean open = true;

    JobChannel(int input, DataInputStream in, DataOutputStream out) throws IOException {
        this.input = input;
        this.in = in;
        this.out = out;
        out.writeByte(JobMessage.SIZE.ordinal());
        out.writeInt(input);
        out.flush();
        this.size = in.readLong();
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        if (position >= size) {
            return -1;
        }
        if (!ahead.hasRemaining()) {
            out.writeByte(JobMessage.READ.ordinal());
            out.writeInt(input);
            out.writeLong(position);
            out.writeInt((int) Math.min(AHEAD_BYTES, size - position));
            out.flush();
            byte[] bytes = new byte[in.readInt()];
            in.readFully(bytes);
            ahead = ByteBuffer.wrap(bytes);
            if (bytes.length == 0) {
                return -1;
            }
        }
        int count = Math.min(into.remaining(), ahead.remaining());
        into.put(ahead.slice(ahead.position(), count));
        ahead.position(ahead.position() + count);
        position += count;
        return count;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public SeekableByteChannel position(long to) {
        if (to != position) {
            long within = ahead.position() + (to - position);
            if (within >= 0 && within <= ahead.limit()) {
                ahead.position((int) within);
            } else {
                ahead = ByteBuffer.allocate(0);
            }
            position = to;
        }
        return this;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        open = false;
    }

    @Override
    public int write(ByteBuffer from) {
        throw new NonWritableChannelException();
    }

    @Override
    public SeekableByteChannel truncate(long to) {
        throw new NonWritableChannelException();
    }
}

package hansard.transcode;

import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_SIZE;
import static org.bytedeco.ffmpeg.global.avformat.avio_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avio_context_free;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_malloc;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.Read_packet_Pointer_BytePointer_int;
import org.bytedeco.ffmpeg.avformat.Seek_Pointer_long_int;
import org.bytedeco.ffmpeg.avformat.Write_packet_Pointer_BytePointer_int;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Lets FFmpeg read and write a channel. JavaCPP makes few native functions per callback class, so all channels share one of
 * each, which finds its channel by the number that FFmpeg hands back as the opaque pointer.
 */
final class NativeIo implements AutoCloseable {
    private static final int BUFFER_BYTES = 16_384;
    private static final int EIO = -5;
    private static final int SEEK_CUR = 1;
    private static final int SEEK_END = 2;

    private static final Map<Long, NativeIo> OPEN = new ConcurrentHashMap<>();
    private static final AtomicLong NUMBERS = new AtomicLong();
    private static final Read READ = new Read();
    private static final Write WRITE = new Write();
    private static final Seek SEEK = new Seek();

    private final long number = NUMBERS.incrementAndGet();
    private final SeekableByteChannel channel;
    private final AVIOContext context;
    private @Nullable Throwable failure;

    NativeIo(SeekableByteChannel channel, boolean writable) {
        Native.load();
        this.channel = channel;
        BytePointer buffer = new BytePointer(Native.present(av_malloc(BUFFER_BYTES), "an I/O buffer"));
        OPEN.put(number, this);
        this.context = Native.present(
                avio_alloc_context(buffer, BUFFER_BYTES, writable ? 1 : 0, new Number(number), READ, WRITE, SEEK),
                "an I/O context");
    }

    AVIOContext context() {
        return context;
    }

    /** Throws what a callback met, which FFmpeg only knows as an I/O error. */
    void rethrow() {
        Throwable cause = failure;
        if (cause instanceof HansardException known) {
            throw known;
        }
        if (cause != null) {
            throw new HansardException(
                    ErrorCode.INTERNAL,
                    "media could not be read or written (is the temporary directory full?): " + cause.getMessage(),
                    cause);
        }
    }

    @Override
    public void close() {
        if (OPEN.remove(number) != null) {
            av_free(context.buffer()); // FFmpeg may have replaced the first one
            avio_context_free(context);
        }
    }

    private int read(ByteBuffer into) throws IOException {
        int n = channel.read(into);
        return n < 0 ? AVERROR_EOF() : n;
    }

    private int write(ByteBuffer from) throws IOException {
        int n = from.remaining();
        while (from.hasRemaining()) {
            channel.write(from);
        }
        return n;
    }

    private long seek(long offset, int whence) throws IOException {
        int kind = whence & 0xffff;
        if ((whence & AVSEEK_SIZE) != 0) {
            return channel.size();
        }
        long from = kind == SEEK_CUR ? channel.position() : kind == SEEK_END ? channel.size() : 0;
        if (from + offset < 0) {
            return EIO;
        }
        channel.position(from + offset);
        return from + offset;
    }

    private interface Call {
        long of(NativeIo io) throws IOException;
    }

    /** Nothing may be thrown through native frames: it is kept for {@link #rethrow}. */
    private static long guarded(Pointer opaque, Call call) {
        NativeIo io = OPEN.get(opaque.address());
        if (io == null || io.failure != null) {
            return EIO;
        }
        try {
            return call.of(io);
        } catch (Throwable e) {
            io.failure = e;
            return EIO;
        }
    }

    /** An address that is only a number and is never followed. */
    private static final class Number extends Pointer {
        Number(long number) {
            super((Pointer) null);
            this.address = number;
        }
    }

    private static final class Read extends Read_packet_Pointer_BytePointer_int {
        @Override
        public int call(Pointer opaque, BytePointer buffer, int size) {
            return (int) guarded(opaque, io -> io.read(buffer.capacity(size).asByteBuffer()));
        }
    }

    private static final class Write extends Write_packet_Pointer_BytePointer_int {
        @Override
        public int call(Pointer opaque, BytePointer buffer, int size) {
            return (int) guarded(opaque, io -> io.write(buffer.capacity(size).asByteBuffer()));
        }
    }

    private static final class Seek extends Seek_Pointer_long_int {
        @Override
        public long call(Pointer opaque, long offset, int whence) {
            return guarded(opaque, io -> io.seek(offset, whence));
        }
    }
}

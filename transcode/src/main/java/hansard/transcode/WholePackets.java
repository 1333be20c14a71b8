package hansard.transcode;

import hansard.wire.Frame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The packets of a track that nobody here can read, in sealed scratch while the track lasts; then an rtpdump file, which Wireshark and the
 * RTP tools read, for whoever can.
 *
 * <pre>
 * #!rtpplay1.0 0.0.0.0/0\n
 * | i32 seconds | i32 microseconds | i32 source 0 | i16 port 0 | i16 0 |               of the first packet's arrival
 * | u16 length of all of this | u16 length of the packet | u32 ms since then | packet |  for each
 * </pre>
 */
final class WholePackets implements AutoCloseable {
    static final String CONTENT_TYPE = "application/x-rtpdump";

    private static final byte[] MAGIC = "#!rtpplay1.0 0.0.0.0/0\n".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER_BYTES = 16;
    private static final int RECORD_BYTES = 8;
    private static final int MOST_BYTES = 0xffff - RECORD_BYTES;

    private final Map<Integer, Long> byType = new TreeMap<>();
    private @Nullable SealedScratch scratch;
    private long firstMicros;
    private long count;

    void add(Frame frame) {
        int length = frame.payload().length();
        if (length > MOST_BYTES) {
            return; // no datagram is as long as that
        }
        try {
            SealedScratch to = scratch;
            if (to == null) {
                to = SealedScratch.create();
                scratch = to;
                firstMicros = frame.arrivalMicros();
                write(to, header());
            }
            long sinceMs = Math.clamp((frame.arrivalMicros() - firstMicros) / 1_000, 0, 0xffff_ffffL);
            write(
                    to,
                    ByteBuffer.allocate(RECORD_BYTES + length)
                            .putShort((short) (RECORD_BYTES + length))
                            .putShort((short) length)
                            .putInt((int) sinceMs)
                            .put(frame.payload().array())
                            .flip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        count++;
        byType.merge(frame.payloadType() - Frame.WHOLE_PACKET, 1L, Long::sum);
    }

    private ByteBuffer header() {
        return ByteBuffer.allocate(MAGIC.length + HEADER_BYTES)
                .put(MAGIC)
                .putInt((int) (firstMicros / 1_000_000))
                .putInt((int) (firstMicros % 1_000_000))
                .putLong(0)
                .flip();
    }

    private static void write(WritableByteChannel to, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
    }

    long count() {
        return count;
    }

    /** How many of which payload type. */
    Map<Integer, Long> byType() {
        return byType;
    }

    /** Copies the file. May be repeated. */
    void copyTo(WritableByteChannel to) {
        SealedScratch from = Native.present(scratch, "packets");
        try {
            FastStart.copyRange(from, 0, from.size(), to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (scratch != null) {
            try {
                scratch.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}

package hansard.wire;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The content of {@code TENANT/CALL/STREAM.frames}: all frames of a track of which some are still sealed end to end; none, once they
 * are all opened. The object says what is needed to make the track anew, however long after.
 *
 * <pre>
 * | i32 length, JSON of KeptFrames | i32 length, {@link Frame#toBytes} | i32 length, {@link Frame#toBytes} | …
 * </pre>
 *
 * @param generation of the track whose frames these are: each generation puts its own in the place of the earlier, so that what was
 *     opened once stays opened
 * @param account where the stream's datagrams went
 * @param endedMicros when the ingest closed the stream
 * @param reason why it ended
 */
public record KeptFrames(
        StreamDescription stream, long generation, StreamAccount account, long endedMicros, String reason) {
    /** Twice what a bundle of frames can be. */
    private static final int MAX_PART_BYTES = 8 << 20;

    /** Of the object's content. */
    public static final String CONTENT_TYPE = "application/vnd.hansard.frames";

    /** The object's name below {@code TENANT/CALL/}. */
    public static String objectName(StreamDescription stream) {
        return stream.streamId() + ".frames";
    }

    public static String objectKey(StreamDescription stream) {
        return stream.tenant() + "/" + stream.callId() + "/" + objectName(stream);
    }

    /** Writes what comes first. */
    public void writeTo(WritableByteChannel to) throws IOException {
        write(to, Json.bytes(this));
    }

    /** Writes a bundle, as {@link Frame#toBytes} made it. */
    public static void write(WritableByteChannel to, byte[] part) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(4 + part.length)
                .putInt(part.length)
                .put(part)
                .flip();
        while (out.hasRemaining()) {
            to.write(out);
        }
    }

    /** Reads what comes first. */
    public static KeptFrames readFrom(ReadableByteChannel from) throws IOException {
        byte[] part = part(from);
        if (part == null) {
            throw malformed("ends before it begins");
        }
        return Json.read(part, KeptFrames.class);
    }

    /** Reads the next bundle; null at the end. */
    public static @Nullable List<Frame> next(ReadableByteChannel from) throws IOException {
        byte[] part = part(from);
        return part == null ? null : Frame.fromBytes(part);
    }

    private static byte @Nullable [] part(ReadableByteChannel from) throws IOException {
        ByteBuffer length = ByteBuffer.allocate(4);
        if (!fill(from, length)) {
            if (length.position() == 0) {
                return null;
            }
            throw malformed("ends within a length");
        }
        int bytes = length.getInt(0);
        if (bytes < 0 || bytes > MAX_PART_BYTES) {
            throw malformed("claims a part of " + bytes + " bytes");
        }
        ByteBuffer part = ByteBuffer.allocate(bytes);
        if (!fill(from, part)) {
            throw malformed("ends " + part.remaining() + " bytes early");
        }
        return part.array();
    }

    private static boolean fill(ReadableByteChannel from, ByteBuffer into) throws IOException {
        while (into.hasRemaining()) {
            if (from.read(into) < 0) {
                return false;
            }
        }
        return true;
    }

    private static HansardException malformed(String why) {
        return new HansardException(ErrorCode.MALFORMED, "an object of kept frames " + why);
    }
}

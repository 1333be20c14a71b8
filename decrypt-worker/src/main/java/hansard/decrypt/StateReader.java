package hansard.decrypt;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads a stream's state: every length is checked against what is left before it is used. */
final class StateReader {
    private final ByteBuffer in;

    StateReader(byte[] bytes) {
        this.in = ByteBuffer.wrap(bytes);
    }

    HansardException malformed(String why) {
        return new HansardException(
                ErrorCode.MALFORMED,
                "state of a stream, " + in.limit() + " bytes, at byte " + in.position() + ": " + why);
    }

    private void need(int bytes) {
        if (bytes < 0 || bytes > in.remaining()) {
            throw malformed("needs " + bytes + " bytes, has " + in.remaining());
        }
    }

    int u8() {
        need(1);
        return in.get() & 0xff;
    }

    boolean flag() {
        return u8() == 1;
    }

    int i32() {
        need(4);
        return in.getInt();
    }

    long i64() {
        need(8);
        return in.getLong();
    }

    byte[] blob() {
        int length = i32();
        need(length);
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    String text() {
        return new String(blob(), StandardCharsets.UTF_8);
    }

    /** A count of things that take at least {@code each} bytes, so that a lie cannot make us allocate. */
    int count(int each) {
        int count = i32();
        if (count < 0 || (long) count * each > in.remaining()) {
            throw malformed("claims " + count + " entries in " + in.remaining() + " bytes");
        }
        return count;
    }

    void end() {
        if (in.hasRemaining()) {
            throw malformed(in.remaining() + " bytes too many");
        }
    }
}

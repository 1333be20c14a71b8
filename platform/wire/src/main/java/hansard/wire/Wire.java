package hansard.wire;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes and reads the binary records: big-endian, every length checked against what is left before it is used. */
final class Wire {
    private Wire() {}

    interface Body {
        void writeTo(DataOutputStream out) throws IOException;
    }

    static byte[] write(int type, Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(1); // format version
            out.writeByte(type);
            body.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** A number that does not fit is a defect of ours and must not be cut to one that does. */
    static void u16(DataOutputStream out, int value) throws IOException {
        if (value < 0 || value > 0xffff) {
            throw new IllegalArgumentException(value + " does not fit into 16 bits");
        }
        out.writeShort(value);
    }

    static void blob(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static void text(DataOutputStream out, String text) throws IOException {
        blob(out, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Reads with bounds; throws MALFORMED naming the record's kind and where it broke. */
    static final class In {
        private final String what;
        private final ByteBuffer in;

        /** @param bytes null for a record without a value: it is as malformed as an empty one */
        In(String what, byte @Nullable [] bytes) {
            this.what = what;
            this.in = ByteBuffer.wrap(bytes == null ? new byte[0] : bytes);
            if (u8() != 1) {
                throw malformed("unknown format version");
            }
        }

        HansardException malformed(String why) {
            return new HansardException(
                    ErrorCode.MALFORMED, what + " of " + in.limit() + " bytes, at byte " + in.position() + ": " + why);
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

        int u16() {
            need(2);
            return in.getShort() & 0xffff;
        }

        int i32() {
            need(4);
            return in.getInt();
        }

        long i64() {
            need(8);
            return in.getLong();
        }

        byte[] take(int length) {
            need(length);
            byte[] bytes = new byte[length];
            in.get(bytes);
            return bytes;
        }

        byte[] blob() {
            return take(i32());
        }

        String text() {
            return new String(blob(), StandardCharsets.UTF_8);
        }

        /** A number of things elsewhere: an account that took a negative one would not add up. */
        long counter() {
            long number = i64();
            if (number < 0) {
                throw malformed("a negative count");
            }
            return number;
        }

        int count(int count) {
            if (count < 0) {
                throw malformed("a negative count");
            }
            return count;
        }

        /** A count of things that take at least {@code each} bytes, so that a lie cannot make us allocate. */
        int count(int count, int each) {
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
}

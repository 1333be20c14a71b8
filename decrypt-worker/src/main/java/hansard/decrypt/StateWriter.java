package hansard.decrypt;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes a stream's state, big-endian; {@link StateReader} reads it. */
final class StateWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);

    void u8(int value) {
        out.write(value);
    }

    void flag(boolean value) {
        out.write(value ? 1 : 0);
    }

    void i32(int value) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            out.write(value >>> shift);
        }
    }

    void i64(long value) {
        i32((int) (value >>> 32));
        i32((int) value);
    }

    void blob(byte[] bytes) {
        i32(bytes.length);
        out.writeBytes(bytes);
    }

    void text(String text) {
        blob(text.getBytes(StandardCharsets.UTF_8));
    }

    byte[] toBytes() {
        return out.toByteArray();
    }
}

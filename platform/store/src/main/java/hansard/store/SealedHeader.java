package hansard.store;

import hansard.keys.DataKey;
import hansard.keys.KeyRef;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.Octets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;

/**
 * What stands in clear at the beginning of a sealed object.
 *
 * @param bytes the header itself
 */
record SealedHeader(KeyRef ref, Octets wrapped, byte[] bytes) {
    private static final byte[] MAGIC = {'H', 'S', 'O', '1'};

    /** Four fields of at most this; more is no header of ours, and is not read. */
    private static final int MAX_FIELD_BYTES = 4096;

    static SealedHeader of(DataKey key) {
        byte[][] fields = {
            key.ref().tenant().getBytes(StandardCharsets.UTF_8),
            key.ref().callId().getBytes(StandardCharsets.UTF_8),
            key.ref().track().getBytes(StandardCharsets.UTF_8),
            key.wrapped().array()
        };
        int length = MAGIC.length;
        for (byte[] field : fields) {
            if (field.length > MAX_FIELD_BYTES) {
                throw new HansardException(
                        ErrorCode.INTERNAL,
                        "a field of " + field.length + " bytes cannot be in the header of an object of " + key.ref());
            }
            length += 2 + field.length;
        }
        ByteBuffer out = ByteBuffer.allocate(length).put(MAGIC);
        for (byte[] field : fields) {
            out.putShort((short) field.length).put(field);
        }
        return new SealedHeader(key.ref(), key.wrapped(), out.array());
    }

    /** Reads it from the channel's beginning. Throws NOT_AUTHENTIC when there is none. */
    static SealedHeader read(String objectKey, SeekableByteChannel from) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(MAGIC.length + 4 * (2 + MAX_FIELD_BYTES));
        while (in.hasRemaining() && from.read(in) >= 0) {}
        in.flip();
        for (byte expected : MAGIC) {
            if (!in.hasRemaining() || in.get() != expected) {
                throw notOurs(objectKey);
            }
        }
        KeyRef ref = new KeyRef(text(objectKey, in), text(objectKey, in), text(objectKey, in));
        Octets wrapped = Octets.of(field(objectKey, in));
        byte[] bytes = new byte[in.position()];
        in.rewind().get(bytes);
        return new SealedHeader(ref, wrapped, bytes);
    }

    private static String text(String objectKey, ByteBuffer in) {
        return new String(field(objectKey, in), StandardCharsets.UTF_8);
    }

    private static byte[] field(String objectKey, ByteBuffer in) {
        int length = in.remaining() < 2 ? -1 : in.getShort() & 0xffff;
        if (length < 0 || length > MAX_FIELD_BYTES || length > in.remaining()) {
            throw notOurs(objectKey);
        }
        byte[] field = new byte[length];
        in.get(field);
        return field;
    }

    private static HansardException notOurs(String objectKey) {
        return new HansardException(
                ErrorCode.NOT_AUTHENTIC, "the object " + objectKey + " is not a sealed one, or its header was altered");
    }

    /** What the content is bound to: this header (its fields carry their lengths) and the object's key. */
    byte[] associatedData(String objectKey) {
        byte[] key = objectKey.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(bytes.length + key.length)
                .put(bytes)
                .put(key)
                .array();
    }
}

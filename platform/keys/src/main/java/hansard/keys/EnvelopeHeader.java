package hansard.keys;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.Octets;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What stands in clear at the beginning of an envelope.
 *
 * @param length bytes of it: where the nonce begins
 */
record EnvelopeHeader(KeyRef ref, Octets wrapped, int length) {
    private static final int VERSION = 1;

    static byte[] toBytes(KeyRef ref, Octets wrapped) {
        byte[] tenant = name(ref.tenant());
        byte[] call = name(ref.callId());
        byte[] track = name(ref.track());
        if (wrapped.length() > 0xffff) {
            throw new HansardException(
                    ErrorCode.INTERNAL,
                    "the wrapped key of " + ref + " has " + wrapped.length() + " bytes, over 65535");
        }
        ByteBuffer out = ByteBuffer.allocate(4 + tenant.length + call.length + track.length + 2 + wrapped.length());
        out.put((byte) VERSION);
        out.put((byte) tenant.length).put(tenant);
        out.put((byte) call.length).put(call);
        out.put((byte) track.length).put(track);
        out.putShort((short) wrapped.length()).put(wrapped.array());
        return out.array();
    }

    private static byte[] name(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0xff) {
            throw new HansardException(
                    ErrorCode.MALFORMED, "a name of " + bytes.length + " bytes cannot be in an envelope, 255 can");
        }
        return bytes;
    }

    static EnvelopeHeader parse(byte[] envelope) {
        ByteBuffer in = ByteBuffer.wrap(envelope);
        need(in, 1);
        int version = in.get() & 0xff;
        if (version != VERSION) {
            throw malformed(in, "its format version is " + version + ", this release knows " + VERSION);
        }
        KeyRef ref = new KeyRef(name(in), name(in), name(in));
        need(in, 2);
        byte[] wrapped = take(in, in.getShort() & 0xffff);
        return new EnvelopeHeader(ref, Octets.of(wrapped), in.position());
    }

    private static String name(ByteBuffer in) {
        need(in, 1);
        byte[] bytes = take(in, in.get() & 0xff);
        String name = new String(bytes, StandardCharsets.UTF_8);
        if (!Arrays.equals(
                name.getBytes(StandardCharsets.UTF_8), bytes)) { // two spellings of one name would be two seals
            throw malformed(in, "a name in it is not UTF-8");
        }
        return name;
    }

    private static byte[] take(ByteBuffer in, int length) {
        need(in, length);
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static void need(ByteBuffer in, int bytes) {
        if (bytes > in.remaining()) {
            throw malformed(in, "needs " + bytes + " bytes, has " + in.remaining());
        }
    }

    private static HansardException malformed(ByteBuffer in, String why) {
        return new HansardException(
                ErrorCode.MALFORMED, "an envelope of " + in.limit() + " bytes, at byte " + in.position() + ": " + why);
    }
}

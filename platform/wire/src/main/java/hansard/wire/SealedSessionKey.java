package hansard.wire;

import hansard.runtime.Json;
import java.util.Objects;

/**
 * The SRTP master key and salt of one stream, sealed by whoever knew it, on {@link Topics#SESSION_KEYS}.
 *
 * @param stream the stream it is for, so that a worker needs nothing else to open it
 * @param cms DER of a CMS ContentInfo: EnvelopedData (RFC 5652) or AuthEnvelopedData (RFC 5083) to the certificates of the
 *     workers' key group; the content is master key followed by master salt (30 bytes for the AES_CM_128 suites)
 */
public record SealedSessionKey(StreamDescription stream, Octets cms) {
    public SealedSessionKey {
        Objects.requireNonNull(stream, "stream");
        Objects.requireNonNull(cms, "cms");
    }

    public byte[] toBytes() {
        return Json.bytes(this);
    }

    public static SealedSessionKey fromBytes(byte[] json) {
        return Json.read(json, SealedSessionKey.class);
    }
}

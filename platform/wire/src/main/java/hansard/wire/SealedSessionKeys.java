package hansard.wire;

import hansard.runtime.Json;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * All that opens one stream, sealed by whoever knew it, on {@link Topics#SESSION_KEYS}. A later record of the stream adds to what is
 * known of it; a tombstone ends it.
 *
 * @param stream the stream it is for, so that a worker needs nothing else to open it
 * @param masterKeys the stream's SRTP master keys, in the order in which they were given; the last is the newest. Empty in a
 *     record that only brings frame keys
 * @param frameKeys the SFrame base keys that were released for it (RFC 9605); empty while none was
 */
public record SealedSessionKeys(StreamDescription stream, List<MasterKey> masterKeys, List<FrameKey> frameKeys) {
    public SealedSessionKeys {
        Objects.requireNonNull(stream, "stream");
        masterKeys = List.copyOf(masterKeys);
        frameKeys = List.copyOf(frameKeys);
    }

    /** Of a stream with one master key without an identifier. */
    public static SealedSessionKeys of(StreamDescription stream, Octets cms) {
        return new SealedSessionKeys(stream, List.of(new MasterKey(Octets.of(new byte[0]), cms)), List.of());
    }

    /**
     * An SRTP master key followed by its master salt.
     *
     * @param mki master key identifier that packets under it bear (RFC 3711 section 3.1), up to 128 bytes; empty for none
     * @param cms DER of a CMS ContentInfo: EnvelopedData (RFC 5652) or AuthEnvelopedData (RFC 5083) to the certificates of the
     *     workers' key group
     */
    public record MasterKey(Octets mki, Octets cms) {
        /** RFC 4568 section 6.1. */
        public static final int MAX_MKI_BYTES = 128;

        public MasterKey {
            Objects.requireNonNull(mki, "mki");
            Objects.requireNonNull(cms, "cms");
            if (mki.length() > MAX_MKI_BYTES) {
                throw new IllegalArgumentException(
                        "a master key identifier of " + mki.length() + " bytes, at most " + MAX_MKI_BYTES);
            }
        }

        /** SHA-256 over length of the identifier, identifier and sealed key, in hex. */
        public String digest() {
            try {
                MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
                sha256.update((byte) mki.length());
                sha256.update(mki.array());
                return HexFormat.of().formatHex(sha256.digest(cms.array()));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        }
    }

    /**
     * An SFrame base key (RFC 9605).
     *
     * @param kid key identifier, unsigned
     * @param ratchetBits how many of the identifier's low bits count ratchet steps (section 5.1): the key opens frames under the
     *     identifiers that follow it up to the next that has these bits 0; 0 for a key of one identifier
     * @param cms as for a master key
     */
    public record FrameKey(long kid, int ratchetBits, Octets cms) {
        /** Each step is a derivation, and which one is asked for is said by bytes nobody has verified yet. */
        public static final int MAX_RATCHET_BITS = 8;

        public FrameKey {
            Objects.requireNonNull(cms, "cms");
            if (ratchetBits < 0 || ratchetBits > MAX_RATCHET_BITS) {
                throw new IllegalArgumentException(ratchetBits + " ratchet bits, at most " + MAX_RATCHET_BITS);
            }
        }
    }

    /** What is known after a later record of the same stream: its keys and these, each once. */
    public SealedSessionKeys with(SealedSessionKeys later) {
        return new SealedSessionKeys(
                later.stream, union(masterKeys, later.masterKeys), union(frameKeys, later.frameKeys));
    }

    private static <T> List<T> union(List<T> some, List<T> more) {
        return Stream.concat(some.stream(), more.stream()).distinct().toList();
    }

    public byte[] toBytes() {
        return Json.bytes(this);
    }

    public static SealedSessionKeys fromBytes(byte[] json) {
        return Json.read(json, SealedSessionKeys.class);
    }
}

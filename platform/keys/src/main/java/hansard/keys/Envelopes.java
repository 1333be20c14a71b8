package hansard.keys;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.Octets;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.LongSupplier;
import javax.crypto.AEADBadTagException;
import javax.crypto.SecretKey;

/**
 * Seals small things (frames, speech, utterances) under a track's data key and opens them. Keeps unwrapped keys for at most a
 * minute, so that a destroyed key stops working within that time in every process. Thread-safe.
 *
 * <pre>
 * | version u8 = 1 | tenant, call, track: u8 length + UTF-8 | u16 length + wrapped key | nonce 12 | ciphertext, tag 16 |
 * </pre>
 *
 * The associated data is everything before the nonce, followed by the purpose and the subject, each as i32 length
 * + UTF-8. The cipher is AES-256-GCM with a random nonce.
 */
public final class Envelopes {
    private final OpenedKeys keys;
    private final Vault vault;

    public Envelopes(Vault vault) {
        this(vault, System::nanoTime);
    }

    /** @param nanos a clock that only goes forward, such as {@link System#nanoTime} */
    Envelopes(Vault vault, LongSupplier nanos) {
        this.keys = new OpenedKeys(vault, nanos);
        this.vault = vault;
    }

    /** A further data key of a track, for what is sealed of it when no envelope of it is there. */
    public DataKey newKey(KeyRef ref) {
        return vault.newDataKey(ref);
    }

    /**
     * @param purpose where it is for: the topic's name
     * @param subject what it is within the purpose, such as the record's key and start; an envelope moved there does not open
     */
    public Octets seal(DataKey key, String purpose, String subject, byte[] plaintext) {
        byte[] header = EnvelopeHeader.toBytes(key.ref(), key.wrapped());
        ByteBuffer out = ByteBuffer.allocate(header.length + AesGcm.OVERHEAD_BYTES + plaintext.length);
        out.put(header);
        AesGcm.seal(key.key().reveal(), plaintext, out, header, place(purpose, subject));
        return Octets.of(out.array());
    }

    /**
     * @param expected whose it should be
     * @throws hansard.runtime.HansardException NOT_AUTHENTIC, KEY_GONE, MALFORMED or VAULT_UNAVAILABLE
     */
    public byte[] open(KeyRef expected, String purpose, String subject, Octets sealed) {
        byte[] envelope = sealed.array();
        EnvelopeHeader header = headerOf(expected, sealed);
        SecretKey key = keys.get(expected, header.wrapped()).reveal();
        try {
            byte[] clear = Arrays.copyOf(envelope, header.length());
            return AesGcm.open(key, envelope, header.length(), clear, place(purpose, subject));
        } catch (AEADBadTagException e) {
            throw new HansardException(
                    ErrorCode.NOT_AUTHENTIC,
                    "an envelope of " + expected + " does not open as " + purpose + " " + subject
                            + ": it was altered, or moved here from elsewhere",
                    e);
        }
    }

    /** The data key an envelope is sealed under, to seal what is made from its content under the same key. */
    public DataKey keyOf(KeyRef expected, Octets sealed) {
        EnvelopeHeader header = headerOf(expected, sealed);
        return new DataKey(expected, keys.get(expected, header.wrapped()), header.wrapped());
    }

    private static EnvelopeHeader headerOf(KeyRef expected, Octets sealed) {
        EnvelopeHeader header = EnvelopeHeader.parse(sealed.array());
        if (!header.ref().equals(expected)) {
            // the name it bears is not printed: nobody has vouched for it yet
            throw new HansardException(
                    ErrorCode.NOT_AUTHENTIC, "an envelope that should be of " + expected + " bears another name");
        }
        return header;
    }

    /** Each with its length in front, so that no two places have the same bytes. */
    private static byte[] place(String purpose, String subject) {
        byte[] first = purpose.getBytes(StandardCharsets.UTF_8);
        byte[] second = subject.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + first.length + second.length)
                .putInt(first.length)
                .put(first)
                .putInt(second.length)
                .put(second)
                .array();
    }
}

package hansard.store;

import com.google.crypto.tink.subtle.AesGcmHkdfStreaming;
import hansard.keys.DataKey;
import hansard.keys.KeyRef;
import hansard.keys.Vault;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.SecretKey;

/**
 * Objects sealed under a data key, readable at any position without opening the rest.
 *
 * <pre>
 * | "HSO1" | u16 length + tenant | u16 length + call | u16 length + track | u16 length + wrapped key | Tink streaming AEAD … |
 * </pre>
 *
 * The streaming AEAD is AES256-GCM-HKDF with HMAC-SHA256, segments of 64 KiB, and the data key as input key material.
 *
 * The associated data is the header and the object's key: an object renamed, or moved to another call, does not open.
 */
public final class SealedObjects {
    static final int SEGMENT_BYTES = 64 * 1024;
    private static final int KEY_BYTES = 32;

    private final ObjectStore store;
    private final Vault vault;

    public SealedObjects(ObjectStore store, Vault vault) {
        this.store = store;
        this.vault = vault;
    }

    /**
     * A sealed object in the making; write plaintext to {@link SealedUpload#channel()}. When an object of this name and ref holds the
     * same plaintext already, that one stays, and its digest is what the commit returns: made a second time after a crash, it is what was
     * announced, and perhaps signed, the first time.
     */
    public SealedUpload create(String objectKey, DataKey key) {
        SealedHeader header = SealedHeader.of(key);
        ObjectStore.Upload upload = store.create(objectKey);
        try {
            ByteBuffer clear = ByteBuffer.wrap(header.bytes());
            while (clear.hasRemaining()) {
                upload.channel().write(clear);
            }
            WritableByteChannel plaintext = streaming(key.key().reveal())
                    .newEncryptingChannel(upload.channel(), header.associatedData(objectKey));
            return new TinkUpload(objectKey, upload, plaintext, sha256 -> stored(objectKey, key.ref(), sha256));
        } catch (IOException e) {
            upload.close();
            throw failed(objectKey, "begun", e);
        } catch (GeneralSecurityException e) {
            upload.close();
            throw new HansardException(ErrorCode.INTERNAL, "the object " + objectKey + " could not be sealed", e);
        } catch (HansardException e) {
            upload.close();
            throw e;
        }
    }

    /**
     * The plaintext, seekable; {@code size()} is the plaintext's.
     *
     * @throws hansard.runtime.HansardException NOT_FOUND, KEY_GONE, NOT_AUTHENTIC, VAULT_UNAVAILABLE
     */
    public SeekableByteChannel open(String objectKey, KeyRef expected) {
        SeekableByteChannel stored = store.open(objectKey);
        OpenedObject opened = null;
        try {
            opened = open(objectKey, expected, stored);
            return opened;
        } catch (IOException e) {
            throw failed(objectKey, "read", e);
        } catch (GeneralSecurityException e) {
            throw new HansardException(ErrorCode.INTERNAL, "the object " + objectKey + " could not be opened", e);
        } finally {
            if (opened == null) {
                close(objectKey, stored);
            }
        }
    }

    /** What is stored under this name, when its plaintext has this digest. */
    private Optional<ObjectStore.Committed> stored(String objectKey, KeyRef expected, byte[] sha256) {
        try (SeekableByteChannel opened = open(objectKey, expected)) {
            if (!MessageDigest.isEqual(sha256, new StreamDigest().of(opened).finished())) {
                return Optional.empty();
            }
        } catch (HansardException e) {
            if (e.code() == ErrorCode.NOT_FOUND || e.code() == ErrorCode.NOT_AUTHENTIC) {
                return Optional.empty(); // none, or one that is of no use to anybody
            }
            throw e;
        } catch (IOException e) {
            throw failed(objectKey, "read", e);
        }
        try (SeekableByteChannel bytes = store.open(objectKey)) {
            StreamDigest digest = new StreamDigest().of(bytes);
            return Optional.of(
                    new ObjectStore.Committed(objectKey, HexFormat.of().formatHex(digest.finished()), digest.length()));
        } catch (IOException e) {
            throw failed(objectKey, "read", e);
        }
    }

    private OpenedObject open(String objectKey, KeyRef expected, SeekableByteChannel stored)
            throws IOException, GeneralSecurityException {
        SealedHeader header = SealedHeader.read(objectKey, stored);
        if (!header.ref().equals(expected)) {
            throw new HansardException(
                    ErrorCode.NOT_AUTHENTIC,
                    "the object " + objectKey + " should be of " + expected + " and bears another name");
        }
        SecretKey key = vault.unwrap(expected, header.wrapped()).reveal();
        SealedContent content = new SealedContent(objectKey, stored, header.bytes().length);
        content.position(0);
        return OpenedObject.prove(objectKey, streaming(key), content, header.associatedData(objectKey));
    }

    private static void close(String objectKey, SeekableByteChannel stored) {
        try {
            stored.close();
        } catch (IOException e) {
            throw failed(objectKey, "closed", e);
        }
    }

    private static AesGcmHkdfStreaming streaming(SecretKey key) throws GeneralSecurityException {
        return new AesGcmHkdfStreaming(key.getEncoded(), "HmacSha256", KEY_BYTES, SEGMENT_BYTES, 0);
    }

    static HansardException failed(String objectKey, String what, IOException e) {
        return new HansardException(
                ErrorCode.STORE_UNAVAILABLE, "the object " + objectKey + " cannot be " + what + ": " + e, e);
    }

    /** Plaintext goes in, a sealed object comes out. Closing without commit leaves nothing behind. */
    public interface SealedUpload extends AutoCloseable {
        WritableByteChannel channel();

        ObjectStore.Committed commit();

        @Override
        void close();
    }
}

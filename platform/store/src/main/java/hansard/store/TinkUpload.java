package hansard.store;

import hansard.store.SealedObjects.SealedUpload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Optional;
import java.util.function.Function;

/** A sealed object in the making. */
final class TinkUpload implements SealedUpload {
    private final String objectKey;
    private final ObjectStore.Upload upload;
    private final WritableByteChannel sealing;
    private final Function<byte[], Optional<ObjectStore.Committed>> stored;
    private final Plaintext plaintext = new Plaintext();
    private final StreamDigest digest = new StreamDigest();

    /**
     * @param sealing takes plaintext and writes it sealed to the upload
     * @param stored what is stored under this name already and has a plaintext of that SHA-256
     */
    TinkUpload(
            String objectKey,
            ObjectStore.Upload upload,
            WritableByteChannel sealing,
            Function<byte[], Optional<ObjectStore.Committed>> stored) {
        this.objectKey = objectKey;
        this.upload = upload;
        this.sealing = sealing;
        this.stored = stored;
    }

    @Override
    public WritableByteChannel channel() {
        return plaintext;
    }

    private final class Plaintext implements WritableByteChannel {
        @Override
        public int write(ByteBuffer source) throws IOException {
            ByteBuffer seen = source.duplicate();
            int count = sealing.write(source);
            digest.update(seen.limit(source.position()));
            return count;
        }

        @Override
        public boolean isOpen() {
            return sealing.isOpen();
        }

        @Override
        public void close() throws IOException {
            sealing.close(); // seals the last segment
        }
    }

    @Override
    public ObjectStore.Committed commit() {
        try {
            plaintext.close();
            Optional<ObjectStore.Committed> same = stored.apply(digest.finished());
            if (same.isPresent()) {
                upload.close();
                return same.get();
            }
            return upload.commit();
        } catch (IOException e) {
            throw SealedObjects.failed(objectKey, "finished", e);
        }
    }

    @Override
    public void close() {
        // the sealing channel is left as it is: closing it would only write a last segment for nobody
        upload.close();
    }
}

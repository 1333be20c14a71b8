package hansard.store;

import hansard.store.SealedObjects.SealedUpload;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/** A sealed object in the making. */
final class TinkUpload implements SealedUpload {
    private final String objectKey;
    private final ObjectStore.Upload upload;
    private final WritableByteChannel plaintext;

    TinkUpload(String objectKey, ObjectStore.Upload upload, WritableByteChannel plaintext) {
        this.objectKey = objectKey;
        this.upload = upload;
        this.plaintext = plaintext;
    }

    @Override
    public WritableByteChannel channel() {
        return plaintext;
    }

    @Override
    public ObjectStore.Committed commit() {
        try {
            plaintext.close(); // seals the last segment
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

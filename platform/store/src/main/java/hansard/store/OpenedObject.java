package hansard.store;

import com.google.crypto.tink.subtle.AesGcmHkdfStreaming;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;

/** The plaintext of a sealed object. Every byte it gives was authenticated, and so is its size. */
final class OpenedObject implements SeekableByteChannel {
    private final String objectKey;
    private final SeekableByteChannel plaintext;

    private OpenedObject(String objectKey, SeekableByteChannel plaintext) {
        this.objectKey = objectKey;
        this.plaintext = plaintext;
    }

    /** Opens an object whose size is proved: throws NOT_AUTHENTIC when its end is missing or is not its own. */
    static OpenedObject prove(
            String objectKey, AesGcmHkdfStreaming streaming, SealedContent content, byte[] associatedData)
            throws IOException, GeneralSecurityException {
        SeekableByteChannel plaintext;
        try {
            plaintext = streaming.newSeekableDecryptingChannel(content, associatedData);
        } catch (IOException e) {
            throw notAuthentic(objectKey, e); // too short for what must be there
        }
        OpenedObject opened = new OpenedObject(objectKey, plaintext);
        opened.proveSize();
        return opened;
    }

    /** Opens the last segment: only the last one of an object opens as such, so nothing is missing behind it. */
    private void proveSize() throws IOException {
        long size = plaintext.size();
        plaintext.position(Math.max(0, size - 1));
        if (read(ByteBuffer.allocate(1)) != (size == 0 ? -1 : 1)) {
            throw notAuthentic(objectKey, null);
        }
        plaintext.position(0);
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        try {
            return plaintext.read(target);
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            throw notAuthentic(objectKey, e);
        }
    }

    private static HansardException notAuthentic(String objectKey, @Nullable IOException e) {
        return new HansardException(
                ErrorCode.NOT_AUTHENTIC,
                "the object " + objectKey
                        + " does not open: it was altered, cut short, renamed, or moved here from elsewhere",
                e);
    }

    @Override
    public long position() throws IOException {
        return plaintext.position();
    }

    @Override
    public SeekableByteChannel position(long position) throws IOException {
        plaintext.position(position);
        return this;
    }

    @Override
    public long size() throws IOException {
        return plaintext.size();
    }

    @Override
    public int write(ByteBuffer source) {
        throw new NonWritableChannelException();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
        throw new NonWritableChannelException();
    }

    @Override
    public boolean isOpen() {
        return plaintext.isOpen();
    }

    @Override
    public void close() throws IOException {
        plaintext.close();
    }
}

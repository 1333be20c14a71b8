package hansard.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The SHA-256 of bytes that come by in pieces, and how many they were. */
final class StreamDigest {
    private static final int PIECE_BYTES = 64 * 1024;

    private final MessageDigest sha256;
    private long length;

    StreamDigest() {
        try {
            this.sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    void update(ByteBuffer piece) {
        length += piece.remaining();
        sha256.update(piece);
    }

    /** Takes all that is left in a channel. */
    StreamDigest of(ReadableByteChannel rest) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
        while (rest.read(piece) >= 0) {
            update(piece.flip());
            piece.clear();
        }
        return this;
    }

    /** May be called once. */
    byte[] finished() {
        return sha256.digest();
    }

    long length() {
        return length;
    }
}

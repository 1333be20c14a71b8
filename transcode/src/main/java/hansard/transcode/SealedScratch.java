package hansard.transcode;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A file to write and read at any position, as muxers do, whose plaintext never reaches the disk. One block is in memory, and the first
 * ones if so many are to be kept there; the others are in a temporary file, sealed with AES-256-GCM under a key that exists only here and
 * dies with this object.
 *
 * <pre>
 * file: slot 0, slot 1, …      slot: | nonce 12 | ciphertext 16384 | tag 16 |      associated data: the slot's number
 * </pre>
 *
 * The nonce is a counter of writes, so none is used twice under the key. The file is unlinked while open: a crash leaves
 * nothing behind. Not thread-safe.
 */
final class SealedScratch implements SeekableByteChannel {
    static final int BLOCK_BYTES = 16_384;

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;
    private static final int SLOT_BYTES = NONCE_BYTES + BLOCK_BYTES + TAG_BYTES;

    private final Path directory;
    private final List<byte[]> kept = new ArrayList<>();
    private final int keptBlocks;
    private @Nullable SecretKeySpec key;
    private final byte[] block = new byte[BLOCK_BYTES];
    private final ByteBuffer slot = ByteBuffer.allocate(SLOT_BYTES);
    private @Nullable FileChannel file;
    private long blockIndex;
    private boolean dirty;
    private long writes;
    private long position;
    private long size;
    private boolean open = true;

    /** Makes an empty one; the file appears with the second block. */
    SealedScratch(Path directory) {
        this(directory, 0);
    }

    /** @param keptBlocks how many of the first blocks stay in memory */
    SealedScratch(Path directory, int keptBlocks) {
        this.directory = directory;
        this.keptBlocks = keptBlocks;
    }

    /** In the system's temporary directory. */
    static SealedScratch create() {
        return inMemoryUpTo(0);
    }

    /** The same; what is longer than so many bytes goes to the file. */
    static SealedScratch inMemoryUpTo(int bytes) {
        return new SealedScratch(Path.of(System.getProperty("java.io.tmpdir")), bytes / BLOCK_BYTES);
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        requireOpen();
        if (position >= size) {
            return -1;
        }
        int total = 0;
        while (into.hasRemaining() && position < size) {
            load(position / BLOCK_BYTES);
            int at = (int) (position % BLOCK_BYTES);
            int n = (int) Math.min(Math.min(BLOCK_BYTES - at, into.remaining()), size - position);
            into.put(block, at, n);
            position += n;
            total += n;
        }
        return total;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        requireOpen();
        int total = from.remaining();
        while (from.hasRemaining()) {
            load(position / BLOCK_BYTES);
            int at = (int) (position % BLOCK_BYTES);
            int n = Math.min(BLOCK_BYTES - at, from.remaining());
            from.get(block, at, n);
            dirty = true;
            position += n;
            size = Math.max(size, position);
        }
        return total;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public SeekableByteChannel position(long to) {
        if (to < 0) {
            throw new IllegalArgumentException("position " + to);
        }
        position = to;
        return this;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public SeekableByteChannel truncate(long to) {
        throw new UnsupportedOperationException("a scratch only grows");
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    /** Forgets the key, the block and the file. */
    @Override
    public void close() throws IOException {
        open = false;
        Arrays.fill(block, (byte) 0);
        kept.forEach(bytes -> Arrays.fill(bytes, (byte) 0));
        kept.clear();
        if (file != null) {
            file.close();
            file = null;
        }
    }

    private void requireOpen() throws ClosedChannelException {
        if (!open) {
            throw new ClosedChannelException();
        }
    }

    private void load(long index) throws IOException {
        if (index == blockIndex) {
            return;
        }
        if (dirty) {
            store();
        }
        readSlot(index);
        blockIndex = index;
    }

    /** A slot that was never written, or is a hole in the file, is a block of zeros. */
    private void readSlot(long index) throws IOException {
        if (index < kept.size()) {
            System.arraycopy(kept.get((int) index), 0, block, 0, BLOCK_BYTES);
            return;
        }
        Arrays.fill(block, (byte) 0);
        if (file == null) {
            return;
        }
        slot.clear();
        while (slot.hasRemaining()) {
            int n = file.read(slot, index * SLOT_BYTES + slot.position());
            if (n < 0) {
                break;
            }
        }
        boolean written = slot.position() == SLOT_BYTES && slot.getLong(4) != 0;
        if (written) {
            crypt(Cipher.DECRYPT_MODE, index, slot.array(), NONCE_BYTES, BLOCK_BYTES + TAG_BYTES, block, 0);
        }
    }

    private void store() throws IOException {
        if (blockIndex < keptBlocks) {
            while (kept.size() <= blockIndex) {
                kept.add(new byte[BLOCK_BYTES]);
            }
            System.arraycopy(block, 0, kept.get((int) blockIndex), 0, BLOCK_BYTES);
            dirty = false;
            return;
        }
        FileChannel to = file;
        if (to == null) {
            to = openFile();
            file = to;
        }
        writes++; // from 1: a nonce of zeros marks a hole
        slot.clear();
        slot.putInt(0).putLong(writes);
        crypt(Cipher.ENCRYPT_MODE, blockIndex, block, 0, BLOCK_BYTES, slot.array(), NONCE_BYTES);
        slot.position(0).limit(SLOT_BYTES);
        while (slot.hasRemaining()) {
            to.write(slot, blockIndex * SLOT_BYTES + slot.position());
        }
        dirty = false;
    }

    private void crypt(int mode, long index, byte[] from, int at, int length, byte[] to, int toAt) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key(), new GCMParameterSpec(TAG_BYTES * 8, slot.array(), 0, NONCE_BYTES));
            cipher.updateAAD(ByteBuffer.allocate(Long.BYTES).putLong(0, index));
            cipher.doFinal(from, at, length, to, toAt);
        } catch (GeneralSecurityException e) {
            throw new HansardException(
                    ErrorCode.NOT_AUTHENTIC, "scratch block " + index + " was altered on disk, or cannot be sealed", e);
        }
    }

    private SecretKeySpec key() {
        SecretKeySpec there = key;
        if (there == null) {
            byte[] bytes = new byte[32];
            new SecureRandom().nextBytes(bytes);
            there = new SecretKeySpec(bytes, "AES");
            key = there;
            Arrays.fill(bytes, (byte) 0);
        }
        return there;
    }

    private FileChannel openFile() throws IOException {
        Path path = Files.createTempFile(
                directory,
                "hansard-scratch-",
                ".sealed",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return FileChannel.open(
                path, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE));
    }
}

package hansard.retention;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit's file: one line for each event, chained by hash ({@link LedgerLine}), only ever appended to. It is also the
 * memory of how far the topic was read: what is in the file was read, nothing else was. Thread-safe.
 */
final class Ledger implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Ledger.class);

    private final Path file;
    private final FileChannel channel;
    private final FileLock lock;
    private final Map<Integer, Long> offsets;
    private long length;
    private String head;
    private String problem;

    private Ledger(Path file, FileChannel channel, FileLock lock, LedgerChain chain) {
        this.file = file;
        this.channel = channel;
        this.lock = lock;
        this.offsets = new HashMap<>(chain.offsets());
        this.length = chain.length();
        this.head = chain.head();
        this.problem = chain.problem();
    }

    /**
     * How the chain stands.
     *
     * @param head hash of the last line; 64 zeros for an empty ledger
     * @param problem where it is broken, empty when it is intact
     */
    record Standing(long length, String head, String problem) {
        boolean isIntact() {
            return problem.isEmpty();
        }
    }

    /**
     * Opens or makes the file, takes away a last line that a crash left half-written, and walks the chain. A broken chain is
     * said by {@link #standing}, not thrown: later events must be written down all the same.
     *
     * @throws HansardException DATA_DIRECTORY when it cannot be written or another process has it
     */
    static Ledger open(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock lock = lock(file, channel);
            repairTail(file, channel);
            LedgerChain chain = walk(file, channel.size());
            if (!chain.problem().isEmpty()) {
                log.warn("the ledger {} is not intact: {}", file, chain.problem());
            }
            channel.position(channel.size());
            return new Ledger(file, channel, lock, chain);
        } catch (IOException e) {
            throw new HansardException(ErrorCode.DATA_DIRECTORY, "the ledger " + file + " cannot be opened", e);
        }
    }

    private static FileLock lock(Path file, FileChannel channel) throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            channel.close();
            throw new HansardException(
                    ErrorCode.DATA_DIRECTORY,
                    "the ledger " + file + " is written by another process; one retention stage may have it");
        }
        return lock;
    }

    private static void repairTail(Path file, FileChannel channel) throws IOException {
        long end = LedgerTail.endOfLastLine(channel);
        if (end < channel.size()) {
            log.info("took a half-written last line of {} bytes from {}", channel.size() - end, file);
            channel.truncate(end);
            channel.force(true);
        }
    }

    private static LedgerChain walk(Path file, long size) throws IOException {
        LedgerChain chain = new LedgerChain();
        var decoder = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPLACE);
        try (var in = new BufferedReader(
                new java.io.InputStreamReader(new BoundedStream(Files.newInputStream(file), size), decoder))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                chain.next(line);
            }
        }
        return chain;
    }

    /** Appends events and returns when they are on the disk. */
    synchronized void append(Iterable<Entry> entries) {
        StringBuilder lines = new StringBuilder();
        long n = length;
        String previous = head;
        Map<Integer, Long> read = new HashMap<>();
        for (Entry entry : entries) {
            LedgerLine line = LedgerLine.following(n, previous, entry.partition(), entry.offset(), entry.event());
            lines.append(line.text()).append('\n');
            n++;
            previous = line.hash();
            read.put(entry.partition(), entry.offset());
        }
        write(lines);
        length = n;
        head = previous;
        offsets.putAll(read);
    }

    /** An event as it was read. */
    @SuppressWarnings("ArrayRecordComponent")
    record Entry(int partition, long offset, byte[] event) {}

    private void write(StringBuilder lines) {
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(java.nio.CharBuffer.wrap(lines));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(false);
        } catch (IOException e) {
            throw new HansardException(ErrorCode.DATA_DIRECTORY, "the ledger " + file + " cannot be written", e);
        }
    }

    /** The last offset of a partition that is in the ledger. */
    synchronized OptionalLong lastOffset(int partition) {
        Long last = offsets.get(partition);
        return last == null ? OptionalLong.empty() : OptionalLong.of(last);
    }

    /** What is known without reading the file: as of the last walk. */
    synchronized Standing standing() {
        return new Standing(length, head, problem);
    }

    /** Walks the whole chain again. Takes as long as reading the file. */
    Standing verify() {
        long size;
        Standing expected;
        synchronized (this) {
            try {
                size = channel.position();
            } catch (IOException e) {
                throw new HansardException(ErrorCode.DATA_DIRECTORY, "the ledger " + file + " cannot be read", e);
            }
            expected = standing();
        }
        Standing seen = compare(walkOrThrow(size), expected);
        synchronized (this) {
            problem = seen.problem();
        }
        return seen;
    }

    private static Standing compare(LedgerChain chain, Standing expected) {
        String problem = chain.problem();
        if (problem.isEmpty()
                && (chain.length() != expected.length() || !chain.head().equals(expected.head()))) {
            problem = "it ends at line " + chain.length() + " and not at line " + expected.length() + " as written";
        }
        return new Standing(expected.length(), expected.head(), problem);
    }

    private LedgerChain walkOrThrow(long size) {
        try {
            return walk(file, size);
        } catch (IOException e) {
            throw new HansardException(ErrorCode.DATA_DIRECTORY, "the ledger " + file + " cannot be read", e);
        }
    }

    Path file() {
        return file;
    }

    @Override
    public void close() {
        try {
            lock.release();
            channel.close();
        } catch (IOException e) {
            log.warn("the ledger {} was not closed cleanly", file, e);
        }
    }
}

package hansard.transcode;

import java.nio.channels.SeekableByteChannel;
import java.util.Optional;

/** The packets of a stored track, in the file's order. */
public final class StoredPackets implements AutoCloseable {
    private final Demuxer demuxer;

    /** @param container an opened object */
    public StoredPackets(SeekableByteChannel container) {
        demuxer = new Demuxer(container);
    }

    /** The next one's payload, or empty at the end. */
    public Optional<byte[]> next() {
        return demuxer.next().map(Demuxer.Packet::payload);
    }

    @Override
    public void close() {
        demuxer.close();
    }
}

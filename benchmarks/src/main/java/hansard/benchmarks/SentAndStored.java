package hansard.benchmarks;

import hansard.keys.KeyRef;
import hansard.keys.Vault;
import hansard.store.DirectoryStore;
import hansard.store.SealedObjects;
import hansard.transcode.StoredPackets;
import hansard.wire.Artifact;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Compares the object of each track, frame by frame, with what its stream sent. */
final class SentAndStored {
    private final SealedObjects objects;
    private final List<String> differences = new ArrayList<>();
    private long equal;

    SentAndStored(Path store, Vault vault) {
        objects = new SealedObjects(DirectoryStore.open(store), vault);
    }

    void compare(StoredTracks tracks, SendingStream stream) throws IOException {
        Artifact.TrackStored track = tracks.bySsrc(stream.ssrc());
        if (track == null) {
            differences.add("nothing is stored of " + stream.ssrc());
            return;
        }
        var account = track.account();
        if (account.received() != stream.sent() || account.framed() != stream.sent() || account.lost() != 0) {
            differences.add(stream.ssrc() + ": sent " + stream.sent() + ", its account says " + account);
        }
        KeyRef ref = new KeyRef(track.tenant(), track.callId(), track.stream().streamId());
        try (SeekableByteChannel object = objects.open(track.object().objectKey(), ref);
                StoredPackets stored = new StoredPackets(object)) {
            compare(stored, stream);
        }
    }

    private void compare(StoredPackets stored, SendingStream stream) {
        SendingStream again = stream.again();
        ByteBuffer datagram = ByteBuffer.allocate(2_048);
        for (long i = 0; i < stream.sent(); i++) {
            again.next(datagram);
            ByteBuffer sent = datagram.slice(SendingStream.HEADER, datagram.limit() - SendingStream.HEADER);
            Optional<byte[]> found = stored.next();
            if (found.isEmpty() || !sent.equals(ByteBuffer.wrap(found.get()))) {
                differences.add(stream.ssrc() + ": frame " + i + (found.isEmpty() ? " is missing" : " is another"));
                return;
            }
            equal++;
        }
        if (stored.next().isPresent()) {
            differences.add(stream.ssrc() + ": there are more frames than the " + stream.sent() + " that were sent");
        }
    }

    long equal() {
        return equal;
    }

    /** What is not as it was sent; empty when all is. */
    List<String> differences() {
        return List.copyOf(differences);
    }
}

package hansard.decrypt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.wire.Frame;
import hansard.wire.RejectReason;
import hansard.wire.SrtpRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Loss, reordering, duplicates, forgeries and restarts from a seed: everything adds up, and frames come in order. */
class LossyWireTest {
    private static final int PACKETS = 3_000;
    /** Close to the wrap of the sequence number, so that every run crosses it. */
    private static final long FIRST = 65_536 - 1_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyPacketIsCountedOnceAndFramesKeepTheirOrder(long seed) {
        Random random = new Random(seed);
        SyntheticStream stream = new SyntheticStream("lossy", "opus", seed);
        List<SrtpRecord.Datagram> wire = new ArrayList<>();
        Set<Long> sent = new HashSet<>();
        long copies = 0;
        long forgeries = 0;
        for (long i = FIRST; i < FIRST + PACKETS; i++) {
            boolean inner = i > FIRST + 5 && i < FIRST + PACKETS - 1;
            if (inner && random.nextDouble() < 0.05) {
                continue;
            }
            long arrival = SyntheticStream.START + i * 20_000 + (inner ? random.nextInt(120_000) : 0);
            wire.add(stream.datagram(i, arrival));
            sent.add(i);
            if (inner && random.nextDouble() < 0.03) {
                wire.add(stream.datagram(i, arrival + 1 + random.nextInt(400_000)));
                copies++;
            }
            if (inner && random.nextDouble() < 0.02) {
                wire.add(stream.forged(i));
                forgeries++;
            }
        }
        wire.sort(Comparator.comparingLong(SrtpRecord.Datagram::arrivalMicros));

        StreamState state = new Track();
        List<Frame> frames = new ArrayList<>();
        KeyRing keys = stream.keys();
        for (int at = 0; at < wire.size(); ) {
            int size = Math.min(1 + random.nextInt(12), wire.size() - at);
            frames.addAll(take(stream, (Track) state, keys, stream.bundle(wire.subList(at, at + size))).frames);
            at += size;
            state = StreamState.fromBytes(state.toBytes()); // a crash between any two records
        }
        Track track = (Track) state;
        frames.addAll(take(stream, track, keys, SyntheticStream.closed()).frames);

        var account = track.account.toRecord();
        assertTrue(account.addsUp());
        assertEquals(wire.size(), account.received());
        assertEquals(sent.size(), account.framed());
        assertEquals(Map.of(RejectReason.REPLAYED, copies, RejectReason.AUTH_FAILED, forgeries), account.rejected());
        assertEquals(PACKETS - sent.size(), account.lost());
        assertEquals(sent.size(), frames.size());
        List<Long> inOrder = sent.stream().sorted().toList();
        for (int i = 0; i < frames.size(); i++) {
            assertArrayEquals(
                    SyntheticStream.payload(inOrder.get(i)),
                    frames.get(i).payload().array(),
                    "frame " + i);
        }
    }

    private static Outcome take(SyntheticStream stream, Track track, KeyRing keys, SrtpRecord record) {
        return new TrackDecryption(stream.description, track, keys, null, 250_000, "highest").take(record);
    }
}

package hansard.decrypt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.keys.Pkcs12Vault;
import hansard.keys.Vault;
import hansard.testkit.SrtpSender;
import hansard.wire.Frame;
import hansard.wire.Octets;
import hansard.wire.RejectReason;
import hansard.wire.SrtpRecord;
import hansard.wire.StreamAccount;
import hansard.wire.StreamDescription;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A call from a seed in which everything happens at once: a key that comes late, loss, reordering, duplicates, forgeries, the wrap of
 * the sequence number, new master keys with and without MKI, a new SSRC, and a new process after every record. What comes out is what
 * was sent.
 */
class TroubledCallTest {
    /** Packets between one trouble and the next. */
    private static final int STRETCH = 100;

    @TempDir
    static Path directory;

    private static Vault vault;

    @BeforeAll
    static void openVault() {
        vault = Pkcs12Vault.open(directory.resolve("vault"));
    }

    @AfterAll
    static void closeVault() {
        vault.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void framesAreWhatWasSent(long seed) {
        new Call(seed).runs();
    }

    private static final class Call {
        private final Random random;
        private final SrtpSuite suite;
        private final boolean named;
        private final SyntheticStream stream;
        private final List<SrtpRecord.Datagram> wire = new ArrayList<>();
        /** Number of what was said, by arrival order of nothing: each packet that was not lost. */
        private final TreeMap<Long, Long> sent = new TreeMap<>();

        private final List<Key> keys = new ArrayList<>();
        private long copies;
        private long forgeries;
        private long lost;

        private record Key(byte[] mki, byte[] keyAndSalt, long beforeMicros) {}

        Call(long seed) {
            random = new Random(seed);
            suite = SrtpSuite.values()[(int) (seed % SrtpSuite.values().length)];
            named = seed % 2 == 0;
            long rate = seed % 3 == 0 ? 64 : 0;
            var srtp = new StreamDescription.Srtp(suite.name(), seed % 4 == 0 ? null : 2L, rate);
            stream = new SyntheticStream("troubled-" + seed, "opus", seed, srtp, null);
        }

        void runs() {
            long index = (2L << 16) + 65_536 - STRETCH / 2; // wraps in the first stretch
            index = speak(0, index, newKey(1), SyntheticStream.SSRC);
            index = speak(1, index, newKey(2), SyntheticStream.SSRC); // a new key, and the counter goes on
            speak(2, 0, keys.getLast(), 4712); // another SSRC, which begins with 0
            speak(3, STRETCH, newKey(3), 4712);
            wire.sort(Comparator.comparingLong(SrtpRecord.Datagram::arrivalMicros));

            DrivenWorker worker = new DrivenWorker(directory.resolve(stream.description.streamId()), vault);
            List<Key> toCome = new ArrayList<>(keys);
            for (int at = 0; at < wire.size(); ) {
                int size = Math.min(1 + random.nextInt(12), wire.size() - at);
                // the first key comes after a second of packets, the others before they are used
                while (!toCome.isEmpty()
                        && wire.get(at + size - 1).arrivalMicros()
                                >= toCome.getFirst().beforeMicros()) {
                    Key key = toCome.removeFirst();
                    worker.key(stream.description, key.mki, key.keyAndSalt);
                    worker = worker.restarted();
                }
                worker.send(stream.description.streamId(), stream.bundle(wire.subList(at, at + size)));
                worker = worker.restarted();
                at += size;
            }
            worker.send(stream.description.streamId(), SyntheticStream.closed());
            check(worker);
            worker.close();
        }

        private Key newKey(int number) {
            byte[] mki = named ? new byte[] {9, (byte) number} : new byte[0];
            long needed = number == 1 ? 50 : STRETCH * (number == 2 ? 1L : 3L) - 20;
            byte[] keyAndSalt = stream.otherKey(1_000 + number);
            keys.add(new Key(mki, keyAndSalt, SyntheticStream.START + needed * 20_000));
            return keys.getLast();
        }

        /** Sends a stretch of packets from an index on; returns the index after it. */
        private long speak(int stretch, long firstIndex, Key key, long ssrc) {
            SrtpSender sender = stream.sender(key.keyAndSalt, key.mki, ssrc);
            for (int i = 0; i < STRETCH; i++) {
                long number = (long) stretch * STRETCH + i;
                boolean inner = i > 2 && i < STRETCH - 3;
                if (inner && random.nextDouble() < 0.06) {
                    lost++;
                    continue;
                }
                long arrival = SyntheticStream.START + number * 20_000 + (inner ? random.nextInt(70_000) : 0);
                SrtpRecord.Datagram datagram = SyntheticStream.datagram(sender, firstIndex + i, number, arrival);
                wire.add(datagram);
                sent.put(number, arrival);
                if (inner && random.nextDouble() < 0.05) {
                    wire.add(new SrtpRecord.Datagram(arrival + random.nextInt(50_000) + 1, datagram.bytes()));
                    copies++;
                }
                if (inner && random.nextDouble() < 0.03) {
                    byte[] forged = datagram.bytes().array().clone();
                    forged[20] ^= 1;
                    wire.add(new SrtpRecord.Datagram(arrival, Octets.of(forged)));
                    forgeries++;
                }
            }
            return firstIndex + STRETCH;
        }

        private void check(DrivenWorker worker) {
            StreamAccount account = worker.ended(stream.description).account();
            assertTrue(account.addsUp());
            assertEquals(wire.size(), account.received());
            assertEquals(sent.size(), account.framed());
            assertEquals(
                    Map.of(RejectReason.REPLAYED, copies, RejectReason.AUTH_FAILED, forgeries), account.rejected());
            assertEquals(worker.rejectedSums(stream.description.streamId()), account.rejected());
            assertEquals(lost, account.lost());
            List<Frame> frames = worker.opened(stream.description);
            assertEquals(sent.size(), frames.size());
            int i = 0;
            for (long number : sent.keySet()) {
                assertArrayEquals(
                        SyntheticStream.payload(number),
                        frames.get(i++).payload().array(),
                        "packet " + number);
            }
        }
    }
}

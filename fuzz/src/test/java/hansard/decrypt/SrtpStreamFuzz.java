package hansard.decrypt;

import static hansard.fuzz.Promises.hold;
import static hansard.fuzz.Promises.same;
import static hansard.fuzz.Promises.sameBytes;

import hansard.fuzz.FuzzTarget;
import hansard.testkit.SrtpSender;
import hansard.wire.MediaKind;
import hansard.wire.Octets;
import hansard.wire.SrtpRecord;
import hansard.wire.StreamAccount;
import hansard.wire.StreamDescription;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A whole stream under attack, of any suite: the first two bytes choose it, with its master key identifiers, key derivation rate,
 * whether anybody knows the rollover counter, and a second key. The rest is a script of steps: an authentic packet, one that was sent
 * before, one that was changed or cut, bytes of the attacker's own, a report, a pause. Whatever the order, forged packets change nothing but counters, each
 * datagram is accounted for, and each authentic packet in reach comes out once.
 */
public final class SrtpStreamFuzz implements FuzzTarget {
    private static final int STEP = 6;
    private static final int MOST_STEPS = 300;
    private static final long START = 1_795_387_864_000_000L;
    private static final int CHOICES = 2;
    private static final SrtpSuite[] SUITES = SrtpSuite.values();

    /** What the stream is: its description, its keys and who sends under each. */
    private static final class Session {
        private final StreamDescription description;
        private final KeyRing keys;
        private final List<SrtpSender> senders = new ArrayList<>();

        Session(int suiteByte, int choices) {
            SrtpSuite suite = SUITES[(suiteByte & 0xff) % SUITES.length];
            int mkiLength = List.of(0, 1, 4, 128).get(choices & 3);
            long rate = (choices & 4) == 0 ? 0 : 1L << 4 + (choices >> 5 & 7);
            Long roc = (choices & 8) == 0 ? 0L : null;
            description = new StreamDescription(
                    "s1",
                    "c1",
                    "default",
                    "alice",
                    MediaKind.AUDIO,
                    "opus",
                    48_000,
                    2,
                    Map.of(111, "opus"),
                    Map.of(),
                    new StreamDescription.Srtp(suite.name(), roc, rate),
                    null,
                    20_000,
                    false,
                    "",
                    "");
            List<MasterKey> ring = new ArrayList<>();
            for (int ordinal = 0; ordinal <= (choices >> 4 & 1); ordinal++) {
                byte[] key = new byte[suite.keyLength() + suite.saltLength()];
                for (int i = 0; i < key.length; i++) {
                    key[i] = (byte) (7 * i + 3 * ordinal);
                }
                byte[] mki = new byte[mkiLength];
                Arrays.fill(mki, (byte) (ordinal + 1));
                ring.addFirst(new MasterKey(ordinal, suite, mki, rate, key.clone()));
                senders.add(new SrtpSender(suite.name(), key, mki, rate, 4711, 111));
            }
            keys = new KeyRing(ring, "");
        }
    }

    /** A burst of {@link SearchBudget} is 16,384 trials of a rollover counter with a key derivation each, some kilobytes, the script lasts six seconds more, and what is
     * instrumented allocates what would otherwise stay on the stack. */
    @Override
    public long budgetBytes() {
        return 1L << 30;
    }

    @Override
    public List<byte[]> seeds() {
        ByteArrayOutputStream quiet = new ByteArrayOutputStream();
        ByteArrayOutputStream attacked = new ByteArrayOutputStream();
        quiet.writeBytes(new byte[CHOICES]);
        attacked.writeBytes(new byte[CHOICES]);
        for (int i = 0; i < 30; i++) {
            quiet.writeBytes(new byte[] {0, 0, 0, 0, 0, 0});
            attacked.writeBytes(new byte[] {(byte) (i % 9), (byte) i, (byte) (3 * i), 5, 1, (byte) (11 * i)});
        }
        List<byte[]> seeds = new ArrayList<>(List.of(quiet.toByteArray(), attacked.toByteArray()));
        for (int suite = 0; suite < SUITES.length; suite++) {
            for (int choices : new int[] {0, 0x1d, 0x72, 0x1b}) {
                byte[] seed = attacked.toByteArray();
                seed[0] = (byte) suite;
                seed[1] = (byte) choices;
                seeds.add(seed);
            }
        }
        return seeds;
    }

    @Override
    public void run(byte[] input) {
        if (input.length < CHOICES) {
            return;
        }
        Stream stream = new Stream(new Session(input[0], input[1]));
        for (int at = CHOICES; at + STEP <= input.length && at / STEP < MOST_STEPS; at += STEP) {
            stream.step(Arrays.copyOfRange(input, at, at + STEP));
        }
        stream.close();
    }

    static byte[] stateInMidStream() {
        Stream stream = new Stream(new Session(0, 0));
        for (int i = 0; i < 20; i++) {
            stream.step(new byte[] {0, (byte) (i % 5 == 4 ? 3 : 0), 0, 0, 0, 0});
        }
        return stream.track.toBytes();
    }

    private static final class Stream {
        private final Session session;
        private SrtpSender sender;
        private int reports;
        private Track track = new Track();
        private final List<byte[]> sent = new ArrayList<>();
        private long nextIndex = 100;
        private long now = START;
        private long received;
        private long forged;
        private long frames;

        Stream(Session session) {
            this.session = session;
            this.sender = session.senders.getFirst();
        }

        /** kind, five bytes of detail. */
        void step(byte[] s) {
            now += 20_000;
            switch ((s[0] & 0xff) % 9) {
                case 0 -> authentic(s[1] & 0x0f);
                case 1 -> again(s[1] & 0xff);
                case 2 -> changed(s);
                case 3 -> cut(s);
                case 4 -> foreign(s);
                case 5 -> pause(s[1] & 0xff);
                case 6 -> report(s);
                case 7 -> sender = session.senders.getLast(); // re-keying goes one way
                default -> restart();
            }
        }

        private void authentic(int skip) {
            nextIndex += 1 + skip;
            byte[] payload = {(byte) 0xf8, (byte) nextIndex, (byte) (nextIndex >> 8)};
            byte[] datagram = sender.datagram(nextIndex, nextIndex * 960, false, payload);
            sent.add(datagram);
            take(datagram);
        }

        private void again(int back) {
            if (!sent.isEmpty()) {
                long before = authentic();
                take(sent.get(Math.max(0, sent.size() - 1 - back)).clone());
                same(before, authentic(), "an authentic packet was taken twice: the count");
            }
        }

        private void changed(byte[] s) {
            byte[] datagram = sender.datagram(nextIndex + 1 + (s[3] & 7), s[4] * 960L, false, new byte[20]);
            int at = ((s[1] & 0xff) << 8 | (s[2] & 0xff)) % datagram.length;
            datagram[at] ^= (byte) (s[5] == 0 ? 1 : s[5]);
            forge(datagram);
        }

        private void cut(byte[] s) {
            byte[] datagram = sender.datagram(nextIndex + 1, s[4] * 960L, false, new byte[20]);
            forge(Arrays.copyOf(datagram, (s[1] & 0xff) % datagram.length));
        }

        /** Bytes that may look like RTP but were made without the key: extensions, CSRCs, RTCP, padding. */
        private void foreign(byte[] s) {
            byte[] datagram = new byte[s[5] & 0x7f];
            Arrays.fill(datagram, s[4]);
            System.arraycopy(s, 1, datagram, 0, Math.min(4, datagram.length));
            forge(datagram);
        }

        /** A sender report, and the same with a bit changed. */
        private void report(byte[] s) {
            byte[] report = new byte[28];
            report[0] = (byte) 0x80;
            report[1] = (byte) 200;
            report[3] = 6;
            report[6] = (byte) (4711 >> 8);
            report[7] = (byte) 4711;
            System.arraycopy(s, 1, report, 8, 5);
            byte[] datagram = sender.rtcp(reports++, (s[5] & 1) == 0, report);
            byte[] changed = datagram.clone();
            changed[(s[1] & 0xff) % changed.length] ^= (byte) (1 << (s[2] & 7));
            forge(changed);
            take(datagram);
        }

        private void pause(int discarded) {
            deliver(new SrtpRecord.Paused(now));
            received += discarded;
            deliver(new SrtpRecord.Resumed(now, discarded, 0));
        }

        /** Another process takes the stream up from what the store has. */
        private void restart() {
            byte[] state = track.toBytes();
            track = (Track) StreamState.fromBytes(state);
            sameBytes(state, track.toBytes(), "the state after a restart");
        }

        private void forge(byte[] datagram) {
            byte[] before = receiverState();
            forged++;
            take(datagram);
            sameBytes(before, receiverState(), "the receiver's state after a forged packet");
        }

        private void take(byte[] datagram) {
            received++;
            deliver(new SrtpRecord.Datagrams(received - 1, List.of(new SrtpRecord.Datagram(now, Octets.of(datagram)))));
        }

        private void deliver(SrtpRecord record) {
            Outcome outcome = new TrackDecryption(session.description, track, session.keys, null, 250_000, "highest")
                    .take(record);
            frames += outcome.frames.size();
            check();
        }

        void close() {
            deliver(new SrtpRecord.Closed(now, 0, "left"));
            StreamAccount account = track.account.toRecord();
            same(0L, account.inFlight(), "what is in flight after the end");
            same(account.framed(), frames, "frames of an Opus stream");
            hold(account.rejectedTotal() >= forged, "a forged packet was not rejected");
            hold(account.framed() <= sent.size(), "more frames than packets were sent");
            hold(account.lost() >= 0, "a negative loss");
        }

        private void check() {
            StreamAccount account = track.account.toRecord();
            hold(account.addsUp(), "received = framed + rejected + paused + in flight");
            same(received, account.received(), "what was received");
            hold(account.inFlight() >= 0 && account.lost() >= 0, "the account is negative");
        }

        private long authentic() {
            return track.account.toRecord().expected()
                    - track.account.toRecord().lost();
        }

        /** What a forged packet must not touch: indexes and replay windows. What waits may go on, since time has passed. */
        private byte[] receiverState() {
            StateWriter out = new StateWriter();
            for (int i = 0; i < track.sources.size(); i++) {
                track.sources.get(i).index.write(out);
                track.sources.get(i).window.write(out);
            }
            track.rtcpWindows.write(out);
            return out.toBytes();
        }
    }
}

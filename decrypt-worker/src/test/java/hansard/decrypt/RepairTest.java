package hansard.decrypt;

import static hansard.decrypt.SyntheticStream.START;
import static hansard.decrypt.SyntheticStream.payload;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.testkit.SrtpSender;
import hansard.wire.Frame;
import hansard.wire.MediaKind;
import hansard.wire.Octets;
import hansard.wire.RejectReason;
import hansard.wire.Repair;
import hansard.wire.SrtpRecord;
import hansard.wire.StreamAccount;
import hansard.wire.StreamDescription;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the wire loses and the sender makes good, through the whole worker. */
class RepairTest extends ThroughTheWorker {
    private static final long SSRC = 4711;
    private static final long RTX_SSRC = 4712;
    private static final int OPUS = 111;
    private static final int RTX = 97;
    private static final int RED = 63;
    private static final int EVENT = 126;
    private static final byte[] KEY = SyntheticStream.keyAndSalt(SrtpSuite.AES_CM_128_HMAC_SHA1_80, 5);

    private final StreamDescription stream = new StreamDescription(
            id,
            "call-" + id,
            "default",
            "alice",
            MediaKind.AUDIO,
            "opus",
            48_000,
            2,
            Map.of(OPUS, "opus", RTX, "rtx;apt=111", RED, "red", EVENT, "telephone-event"),
            Map.of(),
            StreamDescription.Srtp.fresh("AES_CM_128_HMAC_SHA1_80"),
            SSRC,
            20_000,
            false,
            "",
            "");
    private final SrtpSender media = new SrtpSender(KEY, 10, SSRC, OPUS);
    private final SrtpSender again = new SrtpSender(KEY, 10, RTX_SSRC, RTX);
    private final SrtpSender red = new SrtpSender(KEY, 10, SSRC, RED);
    private final SrtpSender keypad = new SrtpSender(KEY, 10, SSRC, EVENT);

    @BeforeEach
    void giveKey() {
        worker.key(stream, KEY);
    }

    private static long at(long packet) {
        return START + packet * 20_000;
    }

    private void arrives(long micros, byte[] datagram) {
        wire.add(new SrtpRecord.Datagram(micros, Octets.of(datagram)));
    }

    private void packet(long n) {
        arrives(at(n), media.datagram(n, n * 960, false, payload(n)));
    }

    private void sentAgain(long rtxIndex, long n, long whenPacket) {
        byte[] original = payload(n);
        byte[] payload = new byte[original.length + 2];
        payload[0] = (byte) (n >> 8);
        payload[1] = (byte) n;
        System.arraycopy(original, 0, payload, 2, original.length);
        arrives(at(whenPacket) + 1_000, again.datagram(rtxIndex, n * 960, false, payload));
    }

    /** Packet n, with the packets before it as redundant blocks. */
    private void redundant(long n, int earlier) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int back = earlier; back > 0; back--) {
            int head = back * 960 << 10 | payload(n - back).length;
            out.write(0x80 | OPUS);
            out.write(head >> 16);
            out.write(head >> 8);
            out.write(head);
        }
        out.write(OPUS);
        for (int back = earlier; back >= 0; back--) {
            out.writeBytes(payload(n - back));
        }
        arrives(at(n), red.datagram(n, n * 960, false, out.toByteArray()));
    }

    /** Everything so far in one record for each packet, with a restart in the middle, and the end. */
    private StreamAccount ended() {
        long ordinal = 0;
        for (SrtpRecord.Datagram datagram : wire) {
            worker.send(id, new SrtpRecord.Datagrams(ordinal, List.of(datagram)));
            if (++ordinal == wire.size() / 2) {
                worker = worker.restarted();
                worker.key(stream, KEY);
            }
        }
        worker.send(id, SyntheticStream.closed());
        StreamAccount account = worker.ended(stream).account();
        assertTrue(account.addsUp(), account.toString());
        assertEquals(0, account.inFlight());
        return account;
    }

    private void assertFrames(long... packets) {
        List<Frame> frames = worker.opened(stream);
        assertEquals(packets.length, frames.size());
        for (int i = 0; i < packets.length; i++) {
            assertArrayEquals(payload(packets[i]), frames.get(i).payload().array(), "frame " + i);
            assertEquals(at(packets[i]), frames.get(i).mediaMicros(), 1_500, "time of frame " + i);
        }
    }

    @Test
    void packetThatIsSentAgainIsInItsPlaceAndNotLost() {
        for (long n = 0; n < 20; n++) {
            if (n != 7 && n != 8) {
                packet(n);
            }
            if (n == 11) {
                sentAgain(0, 7, 11);
                sentAgain(1, 8, 11);
            }
        }
        StreamAccount account = ended();
        assertEquals(new StreamAccount(20, 20, Map.of(), 0, 20, 0, 0, Map.of(Repair.RTX, 2L)), account);
        assertFrames(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19);
    }

    @Test
    void packetThatIsSentAgainWithoutNeedIsNotSaidTwice() {
        for (long n = 0; n < 10; n++) {
            packet(n);
        }
        sentAgain(0, 4, 10);
        arrives(at(10), again.datagram(1, 0, false, new byte[0])); // a probe
        arrives(at(10), again.datagram(2, 0, false, new byte[] {1}));
        sentAgain(3, 30_000, 10); // of a packet that cannot have been sent
        StreamAccount account = ended();
        assertEquals(Map.of(RejectReason.REDUNDANT, 4L), account.rejected());
        assertEquals(0, account.lost());
        assertEquals(Map.of(), account.recovered());
        assertFrames(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void originalThatComesAfterItsSecondCopyIsAReplay() {
        for (long n = 0; n < 10; n++) {
            if (n != 5) {
                packet(n);
            }
        }
        sentAgain(0, 5, 9);
        arrives(at(10), media.datagram(5, 5 * 960, false, payload(5)));
        StreamAccount account = ended();
        assertEquals(Map.of(RejectReason.REPLAYED, 1L), account.rejected());
        assertFrames(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void redundantBlocksFillWhatIsMissingAndOnlyThat() {
        for (long n = 0; n < 30; n++) {
            if (n != 10 && (n < 20 || n > 22)) {
                redundant(n, (int) Math.min(n, 2));
            }
        }
        StreamAccount account = ended();
        // of three in a row, the block of the oldest is in no packet that came
        assertEquals(new StreamAccount(26, 26, Map.of(), 0, 30, 1, 0, Map.of(Repair.RED, 3L)), account);
        List<Frame> frames = worker.opened(stream);
        assertEquals(29, frames.size());
        assertArrayEquals(payload(10), frames.get(10).payload().array());
        assertArrayEquals(payload(21), frames.get(20).payload().array());
        assertEquals(at(21), frames.get(20).mediaMicros(), 1_500);
    }

    @Test
    void packetThatComesAfterItWasFilledInIsNotSaidTwice() {
        for (long n = 0; n < 40; n++) {
            if (n != 10) {
                redundant(n, (int) Math.min(n, 1));
            }
        }
        arrives(at(40), red.datagram(10, 10 * 960, false, new byte[] {OPUS, 1, 2, 3}));
        StreamAccount account = ended();
        assertEquals(new StreamAccount(40, 39, Map.of(RejectReason.REDUNDANT, 1L), 0, 40, 0, 0, Map.of()), account);
        assertEquals(40, worker.opened(stream).size());
    }

    @Test
    void redThatLiesHarmsNobody() {
        packet(0);
        arrives(at(1), red.datagram(1, 960, false, new byte[] {(byte) (0x80 | OPUS), 0, 0x3f, (byte) 0xff, OPUS, 1}));
        arrives(at(2), red.datagram(2, 1920, false, new byte[] {(byte) 0x80}));
        arrives(at(3), red.datagram(3, 2880, false, new byte[] {OPUS})); // no bytes in its primary block
        packet(4);
        StreamAccount account = ended();
        assertEquals(5, account.framed());
        assertFrames(0, 4);
    }

    @Test
    void pressedKeysAreFramesOfTheirOwn() {
        packet(0);
        for (int i = 1; i <= 5; i++) {
            byte[] event = {5, (byte) (i > 2 ? 0x8a : 0x0a), (byte) (i * 960 >> 8), (byte) (i * 960)};
            arrives(at(i), keypad.datagram(i, 960, i == 1, event));
        }
        packet(6);
        StreamAccount account = ended();
        assertEquals(7, account.framed());
        List<Frame> frames = worker.opened(stream);
        assertEquals(7, frames.size());
        assertEquals(
                List.of(-1, EVENT, EVENT, EVENT, EVENT, EVENT, -1),
                frames.stream().map(Frame::payloadType).toList());
        for (Frame event : frames.subList(1, 6)) {
            assertEquals(at(1), event.mediaMicros(), 1_500);
        }
        assertEquals(at(6), frames.get(6).mediaMicros(), 1_500);
    }

    @Test
    void blocksAreParsedWithinBounds() {
        Red red = Red.parse(new byte[] {(byte) 0xef, 0x0f, 0x00, 2, 0x6f, 1, 2, 3});
        assertEquals(1, red.earlier().size());
        assertEquals(960, red.earlier().getFirst().offset());
        assertArrayEquals(new byte[] {1, 2}, red.earlier().getFirst().bytes());
        assertArrayEquals(new byte[] {3}, red.primary().bytes());
        assertTrue(Red.parse(new byte[] {(byte) 0xef, 0x0f, 0x00, 0, 0x6f, 3})
                .earlier()
                .isEmpty());
        assertNull(Red.parse(new byte[] {(byte) 0xef, 0x0f, 0x00, 2, 0x6f, 1}));
        assertNull(Red.parse(new byte[] {(byte) 0xef, 0x0f}));
        assertNull(Red.parse(new byte[0]));
        assertFalse(red.toString().contains("1, 2"));
    }
}

package hansard.decrypt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import hansard.rtp.RtpHeader;
import hansard.testkit.SrtpSender;
import hansard.wire.RejectReason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SrtpReceiverTest {
    private static final byte[] KEY = key(1);
    private static final byte[] HELLO = "hello, the desk".getBytes(StandardCharsets.UTF_8);

    private final SrtpSender sender = new SrtpSender(KEY, 10, 77, 111);
    private final PacketIndex index = new PacketIndex(0);
    private final ReplayWindow window = new ReplayWindow();
    private final SrtpReceiver receiver =
            new SrtpReceiver(new PacketCipher(SrtpSuite.AES_CM_128_HMAC_SHA1_80, KEY), index, window);

    @Test
    void opensWhatAnIndependentSenderSealed() {
        for (SrtpSuite suite : SrtpSuite.values()) {
            SrtpSender other = new SrtpSender(KEY, suite.tagLength(), 0xfffffff0L, 96);
            SrtpReceiver receives =
                    new SrtpReceiver(new PacketCipher(suite, KEY), new PacketIndex(3), new ReplayWindow());
            byte[] datagram = other.datagram((3L << 16) + 500, 1, true, HELLO);
            assertEquals(new Verdict.Authentic((3L << 16) + 500), receives.verify(datagram, header(datagram)));
            assertArrayEquals(HELLO, receives.open(datagram, header(datagram), (3L << 16) + 500));
        }
    }

    @Test
    void forgedPacketLeavesNoState() {
        accept(10);
        byte[] before = state();
        Random random = new Random(1);
        for (int i = 0; i < 500; i++) {
            byte[] forged = sender.datagram(11 + i, i, false, HELLO);
            forged[2 + random.nextInt(forged.length - 2)] ^= (byte) (1 << random.nextInt(8));
            RtpHeader header = RtpHeader.parse(forged, forged.length);
            if (header != null) {
                assertEquals(new Verdict.Refused(RejectReason.AUTH_FAILED), receiver.verify(forged, header));
            }
        }
        assertArrayEquals(before, state());
        accept(11);
    }

    @Test
    void replayIsRejected() {
        accept(10);
        accept(9);
        refuse(10, RejectReason.REPLAYED);
        refuse(9, RejectReason.REPLAYED);
        accept(8);
        accept(10 + ReplayWindow.SIZE);
        refuse(10, RejectReason.REPLAYED); // older than the window
        accept(11);
    }

    @Test
    void truncatedTagIsMalformed() {
        byte[] whole = sender.datagram(5, 5, false, new byte[0]);
        byte[] cut = Arrays.copyOf(whole, whole.length - 1);
        assertEquals(new Verdict.Refused(RejectReason.MALFORMED), receiver.verify(cut, header(cut)));
        assertInstanceOf(Verdict.Authentic.class, receiver.verify(whole, header(whole)));
    }

    @Test
    void keyOfAnotherCallOpensNothing() {
        SrtpSender stranger = new SrtpSender(key(2), 10, 77, 111);
        for (int i = 0; i < 100; i++) {
            byte[] datagram = stranger.datagram(i, i, false, HELLO);
            assertEquals(new Verdict.Refused(RejectReason.AUTH_FAILED), receiver.verify(datagram, header(datagram)));
        }
    }

    @Test
    void rocWrapsAndIsGuessedBackwards() {
        accept(65_530);
        accept(65_540); // 4 after the wrap
        accept(65_535); // from before it
        accept(65_536);
        accept(95_000);
        accept(120_000);
        accept(2 * 65_536 - 10);
        accept(2 * 65_536 + 1);
        accept(2 * 65_536 - 1);
    }

    @Test
    void firstPacketMayComeFromAfterTheFirstWrap() {
        accept(65_536 + 3);
        accept(65_534);
    }

    @Test
    void pauseLongerThanHalfTheSequenceSpaceKeepsTheRolloverCounter() {
        accept(1_000);
        index.skip(0);
        accept(60_000); // further than the RFC's guess can see
        index.skip(2);
        accept(3 * 65_536 + 5); // the third wrap fell between the last thrown away and this
        accept(3 * 65_536 + 6);
    }

    private void accept(long packet) {
        byte[] datagram = sender.datagram(packet, packet, false, HELLO);
        assertEquals(new Verdict.Authentic(packet), receiver.verify(datagram, header(datagram)));
    }

    private void refuse(long packet, RejectReason reason) {
        byte[] datagram = sender.datagram(packet, packet, false, HELLO);
        assertEquals(new Verdict.Refused(reason), receiver.verify(datagram, header(datagram)));
    }

    private byte[] state() {
        StateWriter out = new StateWriter();
        index.write(out);
        window.write(out);
        return out.toBytes();
    }

    private static RtpHeader header(byte[] datagram) {
        return Objects.requireNonNull(RtpHeader.parse(datagram, datagram.length));
    }

    private static byte[] key(long seed) {
        byte[] key = new byte[30];
        new Random(seed).nextBytes(key);
        return key;
    }
}

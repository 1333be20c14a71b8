package hansard.decrypt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import hansard.rtp.RtpHeader;
import hansard.testkit.LibSrtp;
import hansard.testkit.Require;
import hansard.testkit.SrtpSender;
import hansard.wire.RejectReason;
import hansard.wire.StreamDescription;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** libsrtp in both directions: every suite, with and without MKI, RTP over the wrap of the sequence number, and RTCP. */
class LibSrtpTest {
    private static final long FIRST = (5L << 16) + 65_500;
    private static final int PACKETS = 80;
    private static final int REPORTS = 20;
    private static final long SSRC = 0xfedcba98L;

    @TempDir
    static Path directory;

    private static LibSrtp libsrtp;

    @BeforeAll
    static void compile() {
        Require.present(LibSrtp.isPresent(), "gcc with libsrtp2-dev");
        libsrtp = LibSrtp.compiledInto(directory);
    }

    static Stream<Arguments> suitesAndMkis() {
        return Arrays.stream(SrtpSuite.values())
                .flatMap(suite -> Stream.of(0, 1, 4, 128).map(mki -> Arguments.of(suite, mki)));
    }

    @ParameterizedTest
    @MethodSource("suitesAndMkis")
    void whatLibsrtpProtectsWeOpen(SrtpSuite suite, int mkiLength) {
        Keys keys = Keys.of(suite, mkiLength);
        List<LibSrtp.Packet> plain = packets(suite, keys);
        List<byte[]> sealed = libsrtp.protect(suite.name(), keys.text(), plain);
        SrtpReceiver receiver = new SrtpReceiver(stream(suite), keys.ring(), new Sources());
        SrtcpReceiver control = new SrtcpReceiver(keys.ring(), new SrtcpReceiver.Windows());
        assertEquals(plain.size(), sealed.size());
        for (int i = 0; i < sealed.size(); i++) {
            byte[] expected = plain.get(i).bytes();
            byte[] datagram = sealed.get(i);
            if (plain.get(i).kind().equals("rtcp")) {
                MasterKey key = keys.ring().forRtcp(datagram).getFirst();
                byte[] opened = key.rtcp(key.rtcpIndex(datagram)).openRtcp(datagram, mkiLength);
                assertArrayEquals(expected, opened, "report " + i);
                assertEquals(RejectReason.RTCP, control.receive(datagram, report -> {}));
                assertEquals(RejectReason.REPLAYED, control.receive(datagram, report -> {}));
            } else {
                RtpHeader header = Objects.requireNonNull(RtpHeader.parse(datagram, datagram.length));
                Verdict.Authentic opened = assertInstanceOf(
                        Verdict.Authentic.class,
                        receiver.examine(datagram, header, SyntheticStream.START),
                        "packet " + i);
                receiver.remember(opened);
                assertEquals(plain.get(i).index(), opened.index());
                assertArrayEquals(Arrays.copyOfRange(expected, header.length(), expected.length), opened.payload());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("suitesAndMkis")
    void whatOurSenderProtectsLibsrtpOpens(SrtpSuite suite, int mkiLength) {
        Keys keys = Keys.of(suite, mkiLength);
        List<LibSrtp.Packet> plain = packets(suite, keys);
        List<LibSrtp.Packet> sealed = new ArrayList<>();
        for (LibSrtp.Packet p : plain) {
            SrtpSender sender = keys.sender(p.key());
            byte[] datagram = p.kind().equals("rtcp")
                    ? sender.rtcp((int) p.index(), true, p.bytes())
                    : sender.sealed(p.index(), p.bytes(), headerLength(p.bytes()));
            sealed.add(new LibSrtp.Packet(p.kind(), p.index(), p.key(), datagram));
        }
        byte[] forged = sealed.getLast().bytes().clone();
        forged[forged.length - 1] ^= 1;
        sealed.add(new LibSrtp.Packet("rtcp", 99, 0, forged));
        List<byte[]> opened = libsrtp.open(suite.name(), keys.text(), sealed);
        // libsrtp 2.5 looks for the MKI of SRTCP where the tag of SRTP would end it, which is wrong where SRTP's tag is
        // shorter
        boolean reportsOpen = mkiLength == 0 || suite.tagLength() == suite.rtcpTagLength();
        for (int i = 0; i < (reportsOpen ? PACKETS + REPORTS : PACKETS); i++) {
            assertArrayEquals(plain.get(i).bytes(), opened.get(i), plain.get(i).kind() + " " + i);
        }
        assertEquals(0, opened.getLast().length, "a forged report");
    }

    private record Keys(SrtpSuite suite, List<byte[]> mkis, List<byte[]> masters) {
        static Keys of(SrtpSuite suite, int mkiLength) {
            List<byte[]> mkis = new ArrayList<>();
            List<byte[]> masters = new ArrayList<>();
            for (int i = 0; i < (mkiLength == 0 ? 1 : 3); i++) {
                byte[] mki = new byte[mkiLength];
                Arrays.fill(mki, (byte) (i + 1));
                mkis.add(mki);
                masters.add(SyntheticStream.keyAndSalt(suite, 100 + i));
            }
            return new Keys(suite, mkis, masters);
        }

        String text() {
            HexFormat hex = HexFormat.of();
            List<String> keys = new ArrayList<>();
            for (int i = 0; i < masters.size(); i++) {
                String mki = hex.formatHex(mkis.get(i));
                keys.add((mki.isEmpty() ? "" : mki + ":") + hex.formatHex(masters.get(i)));
            }
            return String.join(",", keys);
        }

        KeyRing ring() {
            List<MasterKey> keys = new ArrayList<>();
            for (int i = 0; i < masters.size(); i++) {
                keys.addFirst(new MasterKey(i, suite, mkis.get(i), 0, masters.get(i)));
            }
            return new KeyRing(keys, "");
        }

        SrtpSender sender(int key) {
            return new SrtpSender(suite.name(), masters.get(key), mkis.get(key), 0, SSRC, 111);
        }
    }

    /** RTP with CSRCs and header extensions now and then, and receiver-free sender reports of a growing size. */
    private static List<LibSrtp.Packet> packets(SrtpSuite suite, Keys keys) {
        Random random = new Random(suite.ordinal());
        List<LibSrtp.Packet> packets = new ArrayList<>();
        for (int i = 0; i < PACKETS; i++) {
            long index = FIRST + i;
            int csrcs = i % 3;
            boolean extension = i % 2 == 1;
            byte[] payload = new byte[random.nextInt(400)];
            random.nextBytes(payload);
            ByteBuffer packet = ByteBuffer.allocate(12 + 4 * csrcs + (extension ? 8 : 0) + payload.length)
                    .put((byte) (0x80 | csrcs | (extension ? 0x10 : 0)))
                    .put((byte) 111)
                    .putShort((short) index)
                    .putInt(960 * i)
                    .putInt((int) SSRC);
            for (int c = 0; c < csrcs; c++) {
                packet.putInt(c);
            }
            if (extension) {
                packet.putShort((short) 0xbede).putShort((short) 1).putInt(0x10550000);
            }
            packets.add(new LibSrtp.Packet(
                    "rtp", index, i % keys.masters.size(), packet.put(payload).array()));
        }
        for (int i = 1; i <= REPORTS; i++) {
            ByteBuffer report = ByteBuffer.allocate(28 + 8 * i)
                    .put((byte) 0x80)
                    .put((byte) 200)
                    .putShort((short) (6 + 2 * i))
                    .putInt((int) SSRC);
            packets.add(new LibSrtp.Packet("rtcp", i, i % keys.masters.size(), report.array()));
        }
        return packets;
    }

    private static int headerLength(byte[] packet) {
        return 12 + 4 * (packet[0] & 15) + ((packet[0] & 0x10) != 0 ? 8 : 0);
    }

    private static StreamDescription stream(SrtpSuite suite) {
        var srtp = new StreamDescription.Srtp(suite.name(), FIRST >> 16, 0);
        return new SyntheticStream("libsrtp", "opus", 1, srtp, null).description;
    }
}

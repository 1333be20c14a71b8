package hansard.decrypt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.rtp.RtpHeader;
import hansard.testkit.Require;
import hansard.testkit.SrtpSender;
import hansard.wire.RejectReason;
import hansard.wire.StreamDescription;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** FFmpeg's srtp protocol, which has the suites of RFC 4568, as sender to us and as receiver of our sender. */
class FfmpegSrtpTest {
    private static final Path FFMPEG = Path.of("/usr/bin/ffmpeg");
    private static final int FRAME = 160;

    @TempDir
    Path directory;

    @BeforeAll
    static void requireFfmpeg() {
        Require.present(Files.isExecutable(FFMPEG), "ffmpeg");
    }

    @ParameterizedTest
    @ValueSource(strings = {"AES_CM_128_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_32"})
    void whatFfmpegSendsWeOpen(String name) throws Exception {
        SrtpSuite suite = SrtpSuite.valueOf(name);
        byte[] master = SyntheticStream.keyAndSalt(suite, 7);
        byte[] sound = sound(8_000);
        Path file = Files.write(directory.resolve("sound.ul"), sound);
        var srtp = StreamDescription.Srtp.fresh(name);
        StreamDescription stream = new SyntheticStream("ffmpeg", "pcmu", 1, srtp, null).description;
        KeyRing keys = new KeyRing(List.of(new MasterKey(0, suite, new byte[0], 0, master)), "");
        SrtpReceiver receiver = new SrtpReceiver(stream, keys, new Sources());
        SrtcpReceiver control = new SrtcpReceiver(keys, new SrtcpReceiver.Windows());
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        int reports = 0;
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            socket.setReceiveBufferSize(1 << 20);
            socket.setSoTimeout(3_000);
            int port = socket.getLocalPort();
            Process ffmpeg = ffmpeg(
                    "-f",
                    "mulaw",
                    "-ar",
                    "8000",
                    "-ac",
                    "1",
                    "-i",
                    file.toString(),
                    "-c",
                    "copy",
                    "-f",
                    "rtp",
                    "-srtp_out_suite",
                    nameToFfmpeg(name),
                    "-srtp_out_params",
                    Base64.getEncoder().encodeToString(master),
                    "srtp://127.0.0.1:" + port + "?rtcpport=" + port + "&pkt_size=200");
            try {
                byte[] room = new byte[2_048];
                while (heard.size() < sound.length || reports < 1) {
                    DatagramPacket packet = new DatagramPacket(room, room.length);
                    socket.receive(packet);
                    byte[] datagram = Arrays.copyOf(room, packet.getLength());
                    if (RtpHeader.isRtcp(datagram, datagram.length)) {
                        assertEquals(RejectReason.RTCP, control.receive(datagram, report -> {}));
                        reports++;
                    } else {
                        RtpHeader header = Objects.requireNonNull(RtpHeader.parse(datagram, datagram.length));
                        Verdict.Authentic opened = assertInstanceOf(
                                Verdict.Authentic.class, receiver.examine(datagram, header, SyntheticStream.START));
                        receiver.remember(opened);
                        heard.writeBytes(opened.payload());
                    }
                }
            } catch (SocketTimeoutException e) {
                throw new AssertionError(
                        "silence after " + heard.size() + " bytes and " + reports + " reports: " + said(ffmpeg), e);
            } finally {
                end(ffmpeg);
            }
        }
        assertArrayEquals(sound, heard.toByteArray());
    }

    @ParameterizedTest
    @ValueSource(strings = {"AES_CM_128_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_32"})
    void whatOurSenderSendsFfmpegOpens(String name) throws Exception {
        byte[] master = SyntheticStream.keyAndSalt(SrtpSuite.valueOf(name), 8);
        byte[] sound = sound(100 * FRAME);
        try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                DatagramSocket from = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            int port = free.getLocalPort();
            free.close();
            Path sdp = Files.writeString(directory.resolve("in.sdp"), """
                    v=0
                    o=- 0 0 IN IP4 127.0.0.1
                    s=-
                    c=IN IP4 127.0.0.1
                    t=0 0
                    m=audio %d RTP/SAVP 0
                    a=rtpmap:0 PCMU/8000
                    a=crypto:1 %s inline:%s
                    """.formatted(
                            port, name, Base64.getEncoder().encodeToString(master)));
            Path heard = directory.resolve("heard.ul");
            Process ffmpeg = ffmpeg(
                    "-protocol_whitelist",
                    "file,rtp,udp,srtp",
                    "-i",
                    sdp.toString(),
                    "-c",
                    "copy",
                    "-f",
                    "mulaw",
                    "-flush_packets",
                    "1",
                    heard.toString());
            SrtpSender sender = new SrtpSender(name, master, new byte[0], 0, 99, 0);
            try {
                // it does not say when it listens, so the beginning may be missed: what was heard must be the rest
                for (int i = 0; i < 100; i++) {
                    byte[] payload = Arrays.copyOfRange(sound, i * FRAME, (i + 1) * FRAME);
                    byte[] datagram = sender.datagram(65_500 + i, (long) i * FRAME, false, payload);
                    from.send(new DatagramPacket(datagram, datagram.length, InetAddress.getLoopbackAddress(), port));
                    Thread.sleep(30);
                }
                long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
                while (size(heard) < 20 * FRAME && System.nanoTime() < deadline) {
                    Thread.sleep(50);
                }
            } finally {
                end(ffmpeg);
            }
            byte[] opened = Files.readAllBytes(heard);
            assertTrue(opened.length >= 20 * FRAME, opened.length + " bytes: " + said(ffmpeg));
            int at = indexOf(sound, Arrays.copyOf(opened, FRAME));
            assertTrue(at >= 0, "it heard what was not sent");
            assertArrayEquals(Arrays.copyOfRange(sound, at, at + opened.length), opened);
        }
    }

    /** By the SDES name of the short tag it would shorten that of RTCP, too, against RFC 4568 section 6.2.2; by the DTLS name it does not. */
    private static String nameToFfmpeg(String suite) {
        return suite.equals("AES_CM_128_HMAC_SHA1_32") ? "SRTP_AES128_CM_HMAC_SHA1_32" : suite;
    }

    private static int indexOf(byte[] whole, byte[] part) {
        for (int at = 0; at + part.length <= whole.length; at += FRAME) {
            if (Arrays.equals(whole, at, at + part.length, part, 0, part.length)) {
                return at;
            }
        }
        return -1;
    }

    private static long size(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    private static byte[] sound(int bytes) {
        byte[] sound = new byte[bytes];
        new Random(5).nextBytes(sound);
        return sound;
    }

    private Process ffmpeg(String... arguments) throws IOException {
        var command =
                new ArrayList<>(List.of(FFMPEG.toString(), "-hide_banner", "-loglevel", "warning", "-nostdin", "-y"));
        command.addAll(Arrays.asList(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("ffmpeg.log").toFile())
                .start();
    }

    private String said(Process ffmpeg) throws IOException {
        return "ffmpeg " + (ffmpeg.isAlive() ? "runs" : "ended") + ": "
                + Files.readString(directory.resolve("ffmpeg.log"));
    }

    private static void end(Process ffmpeg) throws InterruptedException {
        ffmpeg.destroy();
        if (!ffmpeg.waitFor(10, TimeUnit.SECONDS)) {
            ffmpeg.destroyForcibly();
        }
    }
}

package hansard.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * rtpengine in user space, recording as many streams into capture files: one leg of each call under SRTP, the other plain, as between a
 * browser and a telephone network. It relays besides, which a fork spares Hansard, and writes plaintext, which Hansard must not.
 */
final class RtpenginePeer {
    private static final Pattern PORT = Pattern.compile("m=audio (\\d+)");
    private static final String KEY = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNk";
    private static final int CONTROL_PORT = 19_223;

    private RtpenginePeer() {}

    /** @return CPU seconds per stream-hour while it was sent to */
    static double cpuPerStreamHour(Path program, Path directory, int streams, int seconds) throws IOException {
        Path spool = Files.createDirectories(directory.resolve("rtpengine"));
        List<String> command = List.of(
                program.toString(),
                "--config-file=none",
                "--table=-1",
                "--interface=127.0.0.1",
                "--listen-ng=127.0.0.1:" + CONTROL_PORT,
                "--port-min=40000",
                "--port-max=60000",
                "--foreground",
                "--log-stderr",
                "--log-level=4",
                "--pidfile=" + directory.resolve("rtpengine.pid"),
                "--recording-dir=" + spool,
                "--recording-method=pcap",
                "--recording-format=eth");
        try (MeasuredProcess rtpengine = MeasuredProcess.start("rtpengine", directory, Map.of(), command);
                PacedSender sender = new PacedSender();
                Control control = new Control(new InetSocketAddress("127.0.0.1", CONTROL_PORT))) {
            LockSupport.parkNanos(Duration.ofMillis(1_500).toNanos());
            List<PacedSender.Target> targets = offered(control, streams);
            Thread reader = Thread.ofPlatform().daemon().start(() -> discard(sender.socket()));
            sender.send(targets, seconds / 3);
            double before = rtpengine.cpuSeconds();
            sender.send(targets, seconds - seconds / 3);
            double used = rtpengine.cpuSeconds() - before;
            reader.interrupt();
            try (var captures = Files.list(spool.resolve("pcaps"))) {
                if (captures.findAny().isEmpty()) {
                    throw new IllegalStateException("rtpengine has recorded nothing");
                }
            }
            return used / ((double) targets.size() * (seconds - seconds / 3)) * 3_600;
        }
    }

    private static List<PacedSender.Target> offered(Control control, int streams) throws IOException {
        byte[] keyAndSalt = java.util.Base64.getDecoder().decode(KEY);
        List<PacedSender.Target> targets = new ArrayList<>();
        for (int i = 0; targets.size() < streams; i++) {
            String call =
                    control.text("call-id", "c" + i) + control.text("from-tag", "A") + control.text("record-call", "on")
                            + control.text("ICE", "remove") + "5:flagsl13:trust-addresse7:replacel6:origine";
            String crypto = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + KEY + "\r\n";
            String offer = control.ask(call
                    + control.text("command", "offer")
                    + control.text("transport-protocol", "RTP/AVP")
                    + control.text("sdp", sdp("SAVP", crypto)));
            String answer = control.ask(call
                    + control.text("command", "answer")
                    + control.text("to-tag", "B")
                    + control.text("sdp", sdp("AVP", "")));
            targets.add(new PacedSender.Target(new SendingStream(1_000 + 2 * i, keyAndSalt), media(answer)));
            targets.add(new PacedSender.Target(new SendingStream(1_001 + 2 * i, null), media(offer)));
        }
        return targets;
    }

    private static String sdp(String profile, String more) {
        return "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9000 RTP/" + profile
                + " 111\r\n" + "a=rtpmap:111 opus/48000/2\r\n" + more + "a=sendrecv\r\n";
    }

    private static InetSocketAddress media(String answer) {
        Matcher port = PORT.matcher(answer);
        if (!port.find()) {
            throw new IllegalStateException("rtpengine refused a call: " + answer);
        }
        return new InetSocketAddress("127.0.0.1", Integer.parseInt(port.group(1)));
    }

    /** Takes what is relayed, so that it is not refused. */
    private static void discard(DatagramChannel socket) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(2_048);
        try {
            while (!Thread.interrupted()) {
                buffer.clear();
                var unused = socket.receive(buffer);
            }
        } catch (IOException e) {
            // the sender was closed: there is nothing more to take
        }
    }

    /** The control protocol "ng": bencoded dictionaries by UDP. */
    private record Control(DatagramChannel socket) implements AutoCloseable {
        Control(InetSocketAddress address) throws IOException {
            this(DatagramChannel.open().connect(address));
        }

        String text(String key, String value) {
            return key.length() + ":" + key + value.length() + ":" + value;
        }

        String ask(String dictionary) throws IOException {
            byte[] question = ("c" + System.nanoTime() + " d" + dictionary + "e").getBytes(StandardCharsets.ISO_8859_1);
            socket.write(ByteBuffer.wrap(question));
            socket.socket().setSoTimeout(5_000);
            byte[] answer = new byte[65_535];
            var packet = new java.net.DatagramPacket(answer, answer.length);
            socket.socket().receive(packet);
            return new String(answer, 0, packet.getLength(), StandardCharsets.ISO_8859_1);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}

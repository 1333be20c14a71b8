package hansard.app;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.rtp.Pcap;
import hansard.testkit.Captures;
import hansard.testkit.Require;
import java.io.File;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Another receiver of the same SRTP: an ffmpeg that is told key and codec in an SDP file opens, depacketises and decodes one stream of a
 * capture; of VP9, GStreamer. Datagrams go to it as fast as it takes them; a second without any is the end for it.
 */
final class SecondReceiver {
    private static final long PATIENCE_SECONDS = 60;

    /** Below any system's default receive buffer, with what the kernel counts for each datagram. */
    private static final long MOST_QUEUED_BYTES = 32_768;

    /** Of silence: a stream's end, for which ffmpeg's demuxer has no other sign (it waits that long three times). */
    private static final String END_SECONDS = "1";

    private SecondReceiver() {}

    /**
     * @param program an ffmpeg
     * @param stream of the capture's sidecar
     * @param arguments what comes after the input
     * @return what ffmpeg wrote, with the arguments given
     */
    static byte[] receive(Path program, Captures.Capture capture, JsonNode stream, Path directory, String... arguments)
            throws IOException, InterruptedException {
        int port = freePort();
        String name = capture.name() + "-" + stream.path("port").asInt();
        Path sdp = Files.writeString(directory.resolve(name + ".sdp"), description(stream, port));
        Path out = directory.resolve(name + ".out");
        Path log = directory.resolve(name + ".log");
        List<String> command = new ArrayList<>(List.of(
                program.toString(), "-v", "warning", "-nostdin", "-protocol_whitelist", "file,udp,rtp,srtp,crypto"));
        command.addAll(List.of("-listen_timeout", END_SECONDS));
        command.addAll(List.of("-i", sdp.toString()));
        command.addAll(List.of(arguments));
        command.add(out.toString());
        Process ffmpeg = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            send(datagrams(capture, stream), ffmpeg, port, log);
            assertTrue(ffmpeg.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), () -> name + " has no end for ffmpeg");
        } finally {
            ffmpeg.destroyForcibly();
        }
        assertTrue(ffmpeg.exitValue() == 0 && Files.exists(out), () -> name + ": " + said(log));
        return Files.readAllBytes(out);
    }

    /**
     * What GStreamer opens and depacketises of a VP9 stream, in WebM. FFmpeg's depacketiser does not understand what browsers send of VP9.
     * Skips the test where there is no GStreamer.
     */
    static Path receiveVp9(Captures.Capture capture, JsonNode stream, Path directory)
            throws IOException, InterruptedException {
        Path program = Path.of("/usr/bin/gst-launch-1.0");
        Require.present(Files.isExecutable(program), "GStreamer");
        int port = freePort();
        Path out = directory.resolve(capture.name() + ".gst.webm");
        Path log = directory.resolve(capture.name() + ".gst.log");
        List<byte[]> datagrams = datagrams(capture, stream);
        List<String> command = new ArrayList<>(List.of(program.toString(), "-q", "-e", "udpsrc", "port=" + port));
        command.add("caps=" + caps(stream, ByteBuffer.wrap(datagrams.getFirst()).getInt(8)));
        command.addAll(List.of("!", "srtpdec", "!", "rtpvp9depay", "!", "webmmux", "!", "filesink", "location=" + out));
        Process gst = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            send(datagrams, gst, port, log);
            Thread.sleep(500); // for what it has read and not yet written
            new ProcessBuilder("kill", "-INT", Long.toString(gst.pid())).start().waitFor();
            assertTrue(
                    gst.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS),
                    () -> capture.name() + " has no end for GStreamer");
        } finally {
            gst.destroyForcibly();
        }
        assertTrue(gst.exitValue() == 0 && Files.exists(out), () -> capture.name() + ": " + said(log));
        return out;
    }

    private static String caps(JsonNode stream, int ssrc) {
        String key = HexFormat.of()
                .formatHex(Base64.getDecoder()
                        .decode(stream.path("srtp_key_salt_base64").asText()));
        return "application/x-srtp,media=(string)video,clock-rate=(int)90000,encoding-name=(string)VP9,payload=(int)"
                + stream.path("payload_type").asInt() + ",ssrc=(uint)" + Integer.toUnsignedString(ssrc)
                + ",srtp-key=(buffer)" + key + ",srtp-cipher=(string)aes-128-icm,srtp-auth=(string)hmac-sha1-80"
                + ",srtcp-cipher=(string)aes-128-icm,srtcp-auth=(string)hmac-sha1-80";
    }

    private static void send(List<byte[]> datagrams, Process to, int port, Path log)
            throws IOException, InterruptedException {
        try (DatagramSocket from = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            for (byte[] datagram : datagrams) {
                awaitRoom(to, port, log);
                from.send(new DatagramPacket(datagram, datagram.length, InetAddress.getLoopbackAddress(), port));
            }
        }
    }

    /** RFC 4568: the key in the description of the media. */
    private static String description(JsonNode stream, int port) {
        int type = stream.path("payload_type").asInt();
        String channels = stream.path("kind").asText().equals("audio")
                ? "/" + stream.path("channels").asInt(1)
                : "";
        String format = stream.path("fmtp_answer").asText();
        return """
                v=0
                o=- 0 0 IN IP4 127.0.0.1
                s=-
                c=IN IP4 127.0.0.1
                t=0 0
                m=%s %d RTP/SAVP %d
                a=rtpmap:%d %s/%d%s
                %sa=crypto:1 %s inline:%s
                """.formatted(
                        stream.path("kind").asText(),
                        port,
                        type,
                        type,
                        stream.path("encoding_name").asText(),
                        stream.path("clock_rate").asInt(),
                        channels,
                        format.isEmpty() ? "" : "a=fmtp:" + type + " " + format + "\n",
                        stream.path("srtp_suite").asText(),
                        stream.path("srtp_key_salt_base64").asText());
    }

    /** The stream's datagrams as they were on the wire. */
    private static List<byte[]> datagrams(Captures.Capture capture, JsonNode stream) {
        return capture.datagrams().stream()
                .filter(datagram ->
                        datagram.destinationPort() == stream.path("port").asInt())
                .map(Pcap.Datagram::payload)
                .toList();
    }

    /** Waits until the receiver listens, and has read most of what it was sent. */
    private static void awaitRoom(Process receiver, int port, Path log) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        String socket = String.format(Locale.ROOT, ":%04X ", port);
        while (true) {
            for (String line : Files.readAllLines(Path.of("/proc/net/udp"))) {
                String[] fields = line.strip().split("\\s+");
                if ((fields[1] + " ").endsWith(socket)
                        && Long.parseLong(fields[4].substring(fields[4].indexOf(':') + 1), 16) < MOST_QUEUED_BYTES) {
                    return;
                }
            }
            assertTrue(receiver.isAlive() && System.nanoTime() < deadline, () -> said(log));
            Thread.sleep(1);
        }
    }

    /** An even one, of which the next is free, too: ffmpeg takes it for RTCP. */
    private static int freePort() throws IOException {
        while (true) {
            try (DatagramSocket some = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
                int port = some.getLocalPort() & ~1;
                some.close();
                try (DatagramSocket rtp = new DatagramSocket(port);
                        DatagramSocket rtcp = new DatagramSocket(port + 1)) {
                    return Math.min(rtp.getLocalPort(), rtcp.getLocalPort());
                } catch (java.net.BindException e) {
                    continue; // somebody else's
                }
            }
        }
    }

    private static String said(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }
}

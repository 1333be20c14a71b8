package hansard.app;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.rtp.Pcap;
import hansard.testkit.Captures;
import java.io.File;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Another receiver of the same SRTP: an ffmpeg that is told key and codec in an SDP file opens, depacketises and decodes one stream of a
 * capture. Datagrams go to it as fast as it takes them; a second without any is the end for it.
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
        try (DatagramSocket from = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            for (byte[] datagram : datagrams(capture, stream)) {
                awaitRoom(ffmpeg, port, log);
                from.send(new DatagramPacket(datagram, datagram.length, InetAddress.getLoopbackAddress(), port));
            }
            assertTrue(ffmpeg.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), () -> name + " has no end for ffmpeg");
        } finally {
            ffmpeg.destroyForcibly();
        }
        assertTrue(ffmpeg.exitValue() == 0 && Files.exists(out), () -> name + ": " + said(log));
        return Files.readAllBytes(out);
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

    /** Waits until ffmpeg listens, and has read most of what it was sent. */
    private static void awaitRoom(Process ffmpeg, int port, Path log) throws IOException, InterruptedException {
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
            assertTrue(ffmpeg.isAlive() && System.nanoTime() < deadline, () -> said(log));
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

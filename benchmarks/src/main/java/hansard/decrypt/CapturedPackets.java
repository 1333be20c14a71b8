package hansard.decrypt;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.rtp.Pcap;
import hansard.rtp.RtpHeader;
import hansard.testkit.Captures;
import hansard.wire.MediaKind;
import hansard.wire.StreamDescription;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** The Opus packets of one participant of a capture, opened as the worker opens them. */
public final class CapturedPackets {
    /** @param samples since the stream's first packet, at 48 kHz */
    public record Packet(long samples, byte[] payload) {}

    private CapturedPackets() {}

    /** In order; the capture has neither loss nor a wrap of the time stamp. */
    public static List<Packet> of(Captures.Capture capture, int participant) {
        for (JsonNode stream : capture.sidecar().get("streams")) {
            if (stream.get("participant").asInt() == participant
                    && stream.get("kind").asText().equals("audio")) {
                return opened(capture, stream);
            }
        }
        throw new IllegalArgumentException(capture.name() + " has no sound of participant " + participant);
    }

    private static List<Packet> opened(Captures.Capture capture, JsonNode stream) {
        SrtpReceiver receiver = receiver(stream);
        List<Packet> packets = new ArrayList<>();
        long first = -1;
        for (Pcap.Datagram datagram : capture.datagrams()) {
            byte[] bytes = datagram.payload();
            RtpHeader header = RtpHeader.parse(bytes, bytes.length);
            if (datagram.destinationPort() == stream.get("port").asInt()
                    && header != null
                    && header.payloadType() == stream.get("payload_type").asInt()
                    && receiver.examine(bytes, header, datagram.timeMicros()) instanceof Verdict.Authentic authentic) {
                receiver.remember(authentic);
                first = first < 0 ? header.timestamp() : first;
                packets.add(new Packet(header.timestamp() - first, authentic.payload()));
            }
        }
        return packets;
    }

    private static SrtpReceiver receiver(JsonNode stream) {
        byte[] keyAndSalt =
                Base64.getDecoder().decode(stream.get("srtp_key_salt_base64").asText());
        String suite = stream.get("srtp_suite").asText();
        MasterKey key = new MasterKey(0, SrtpSuite.valueOf(suite), new byte[0], 0, keyAndSalt);
        StreamDescription description = new StreamDescription(
                "s",
                "c",
                "t",
                "p",
                MediaKind.AUDIO,
                "opus",
                48_000,
                2,
                Map.of(stream.get("payload_type").asInt(), "opus"),
                Map.of(),
                StreamDescription.Srtp.fresh(suite),
                null,
                20_000,
                false,
                "",
                "");
        return new SrtpReceiver(description, new KeyRing(List.of(key), ""), new Sources());
    }
}

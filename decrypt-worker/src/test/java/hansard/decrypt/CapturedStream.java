package hansard.decrypt;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.rtp.Pcap;
import hansard.testkit.Captures.Capture;
import hansard.wire.MediaKind;
import hansard.wire.Octets;
import hansard.wire.SrtpRecord;
import hansard.wire.StreamDescription;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One stream of a capture as the ingest would have written it, and what its sidecar knows of it. */
record CapturedStream(
        StreamDescription description, byte[] keyAndSalt, JsonNode observed, List<SrtpRecord> records, int datagrams) {
    private static final long BUNDLE_MICROS = 100_000;

    static List<CapturedStream> of(Capture capture) {
        List<CapturedStream> streams = new ArrayList<>();
        for (JsonNode s : capture.sidecar().get("streams")) {
            int port = s.get("port").asInt();
            Map<Integer, String> extensions = new HashMap<>();
            s.get("extmap")
                    .properties()
                    .forEach(e -> extensions.put(
                            Integer.valueOf(e.getKey()), e.getValue().asText()));
            String codec = s.get("codec").asText();
            StreamDescription description = new StreamDescription(
                    capture.name() + "-" + port,
                    capture.name(),
                    "default",
                    "p" + s.get("participant").asInt(),
                    s.get("kind").asText().equals("audio") ? MediaKind.AUDIO : MediaKind.VIDEO,
                    codec.toLowerCase(Locale.ROOT),
                    s.get("clock_rate").asInt(),
                    s.path("channels").asInt(0),
                    Map.of(s.get("payload_type").asInt(), s.get("encoding_name").asText()),
                    extensions,
                    new StreamDescription.Srtp(
                            s.get("srtp_suite").asText(), s.get("initial_roc").asLong(), 0),
                    null,
                    port,
                    false,
                    s.get("mid").asText(),
                    "");
            List<Pcap.Datagram> own = capture.datagrams().stream()
                    .filter(d -> d.destinationPort() == port)
                    .toList();
            streams.add(new CapturedStream(
                    description,
                    Base64.getDecoder().decode(s.get("srtp_key_salt_base64").asText()),
                    s.path("observed").path(0),
                    records(own),
                    own.size()));
        }
        return streams;
    }

    private static List<SrtpRecord> records(List<Pcap.Datagram> datagrams) {
        List<SrtpRecord> records = new ArrayList<>();
        List<SrtpRecord.Datagram> bundle = new ArrayList<>();
        long ordinal = 0;
        for (Pcap.Datagram d : datagrams) {
            if (!bundle.isEmpty() && d.timeMicros() - bundle.getFirst().arrivalMicros() > BUNDLE_MICROS) {
                records.add(new SrtpRecord.Datagrams(ordinal, bundle));
                ordinal += bundle.size();
                bundle = new ArrayList<>();
            }
            bundle.add(new SrtpRecord.Datagram(d.timeMicros(), Octets.of(d.payload())));
        }
        if (!bundle.isEmpty()) {
            records.add(new SrtpRecord.Datagrams(ordinal, bundle));
        }
        long end = datagrams.isEmpty() ? 0 : datagrams.getLast().timeMicros() + 1_000_000;
        records.add(new SrtpRecord.Closed(end, 0, "left"));
        return records;
    }

    long observed(String name) {
        return observed.path(name).asLong();
    }

    void sendTo(DrivenWorker worker) {
        records.forEach(r -> worker.send(description.streamId(), r));
    }
}

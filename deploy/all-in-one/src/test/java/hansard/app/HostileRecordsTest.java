package hansard.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.broker.EmbeddedBroker;
import hansard.wire.Artifact;
import hansard.wire.AuditEvent;
import hansard.wire.CallEvent;
import hansard.wire.FrameRecord;
import hansard.wire.MediaKind;
import hansard.wire.Observation;
import hansard.wire.Octets;
import hansard.wire.Redaction;
import hansard.wire.RejectReason;
import hansard.wire.RetentionOrder;
import hansard.wire.SealedSessionKeys;
import hansard.wire.SpeechRecord;
import hansard.wire.SrtpRecord;
import hansard.wire.StreamAccount;
import hansard.wire.StreamDescription;
import hansard.wire.Topics;
import hansard.wire.Utterance;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever can write to the topics can waste our time, and nothing more: each stage passes over it, counts it, and goes on. */
class HostileRecordsTest {
    private static final String CALL = "opus-only-32";
    /** As long as the name that it takes the place of, so that the lengths in a record stay right. */
    private static final String NAME = "a-stream-name";

    private static final String PATH = "../../../../x";
    private static final long NOW = 1_795_387_864_000_000L;

    @TempDir
    Path directory;

    @org.junit.jupiter.api.Timeout(300)
    @Test
    void garbageOnEveryTopicHarmsNoCall() throws Exception {
        int port = EmbeddedBroker.freePort();
        ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
        try (AllInOne all = AllInOne.start(
                        Calls.settings(Map.of("broker.port", Integer.toString(port), "broker.tls", "false")),
                        directory.resolve("data"),
                        false,
                        (where, cause) -> faults.add(where + ": " + cause),
                        stage -> {});
                ApiClient api = Calls.owner(all)) {
            Connection.awaitReady(all);
            JsonNode before = Calls.play(api, CALL);
            write("127.0.0.1:" + port, garbage());
            JsonNode after = Calls.play(api, CALL);

            assertEquals(List.of(), List.copyOf(faults), "a stage could not go on");
            assertEquals(Records.comparable(before), Records.comparable(after));
            String metrics = api.text("/metrics");
            for (String counter : List.of(
                    "hansard_index_skipped_total",
                    "hansard_retention_unreadable_total",
                    "hansard_transcribe_refused_total",
                    "hansard_transcode_records_malformed_total")) {
                assertTrue(counted(metrics, counter) > 0, counter + " in:\n" + metrics);
            }
        }
        checkLedger(directory.resolve("data/ledger/audit.jsonl"));
    }

    /** As docs/topics.md says that anybody can, without our code. */
    private static void checkLedger(Path file) throws Exception {
        byte[] previous = new byte[32];
        int lines = 0;
        boolean sawGarbage = false;
        for (String line : Files.readString(file).split("\n")) {
            int event = line.indexOf("\"event\":") + "\"event\":".length();
            int end = line.lastIndexOf(",\"previous\":\"");
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(previous);
            previous = sha.digest(line.substring(event, end).getBytes(StandardCharsets.UTF_8));
            assertTrue(line.endsWith("\"hash\":\"" + HexFormat.of().formatHex(previous) + "\"}"), "line " + lines);
            sawGarbage |= line.contains("notAnEvent");
            lines++;
        }
        assertTrue(lines > 10 && sawGarbage, "the ledger has " + lines + " lines");
    }

    private static double counted(String metrics, String counter) {
        Matcher m = Pattern.compile(Pattern.quote(counter) + "(?:\\{[^}]*\\})? ([0-9.E]+)")
                .matcher(metrics);
        double sum = 0;
        while (m.find()) {
            sum += Double.parseDouble(m.group(1));
        }
        return sum;
    }

    private static void write(String bootstrap, List<ProducerRecord<String, byte[]>> records) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap, "acks", "all");
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (ProducerRecord<String, byte[]> record : records) {
                sent.add(producer.send(record));
            }
            for (Future<RecordMetadata> one : sent) {
                one.get(30, TimeUnit.SECONDS);
            }
        }
    }

    private static List<ProducerRecord<String, byte[]>> garbage() {
        Random random = new Random(11);
        List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
        for (String topic : Topics.ALL) {
            // a compacted topic takes no record without a key
            boolean keyless = !topic.equals(Topics.SESSION_KEYS);
            for (byte[] value : values(random)) {
                records.add(new ProducerRecord<>(topic, "garbage", value));
                if (keyless) {
                    records.add(new ProducerRecord<>(topic, null, value));
                }
            }
            for (byte[] plausible : plausible(topic)) {
                records.add(new ProducerRecord<>(topic, NAME, renamed(plausible)));
                records.add(new ProducerRecord<>(topic, PATH, renamed(plausible)));
                records.add(new ProducerRecord<>(topic, "of-another-call", plausible));
                records.add(new ProducerRecord<>(topic, NAME, cut(plausible)));
            }
        }
        return records;
    }

    private static List<byte[]> values(Random random) {
        List<byte[]> values = new ArrayList<>();
        values.add(null);
        values.add(new byte[0]);
        values.add("null".getBytes(StandardCharsets.UTF_8));
        values.add("{}".getBytes(StandardCharsets.UTF_8));
        values.add("{\"a\":".repeat(100_000).getBytes(StandardCharsets.UTF_8));
        for (int type = 0; type < 5; type++) { // each binary type with a length that is a lie
            values.add(new byte[] {1, (byte) type, 0x7f, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1});
        }
        for (int length = 1; length < 200; length += 7) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            values.add(bytes);
        }
        return values;
    }

    /** The name becomes a way out of every folder. */
    private static byte[] renamed(byte[] record) {
        String text = new String(record, StandardCharsets.ISO_8859_1);
        return text.replace(NAME, PATH).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] cut(byte[] record) {
        return java.util.Arrays.copyOf(record, record.length * 2 / 3);
    }

    private static List<byte[]> plausible(String topic) {
        StreamDescription stream = new StreamDescription(
                NAME,
                NAME,
                NAME,
                "nobody",
                MediaKind.AUDIO,
                "opus",
                48_000,
                2,
                Map.of(111, "opus"),
                Map.of(),
                StreamDescription.Srtp.fresh("AES_CM_128_HMAC_SHA1_80"),
                null,
                20_000,
                false,
                "",
                "");
        Octets bytes = Octets.of(new byte[] {1, 2, 3});
        Artifact.StoredObject object = new Artifact.StoredObject(PATH, "00", 5, "audio/webm");
        Artifact.TrackStored stored =
                new Artifact.TrackStored(NAME, NAME, NOW, stream, 0, StreamAccount.EMPTY, NOW, 1_000, 0, object);
        Artifact.TrackStored endless = new Artifact.TrackStored(
                NAME, NAME, NOW, stream, 0, StreamAccount.EMPTY, Long.MIN_VALUE, Long.MAX_VALUE, 0, object);
        List<Redaction> silent = List.of(new Redaction(Long.MIN_VALUE, Long.MAX_VALUE, Redaction.Kind.CARD_NUMBER));
        return switch (topic) {
            case Topics.CALLS ->
                List.of(
                        new CallEvent.CallOpened("g1", NAME, NAME, NOW, "", "", "", Map.of()).toBytes(),
                        new CallEvent.StreamAnnounced("g2", NAME, NAME, NOW, stream, "").toBytes(),
                        new CallEvent.CallClosed("g3", NAME, NAME, NOW, "", List.of(NAME)).toBytes());
            case Topics.SESSION_KEYS ->
                List.of(SealedSessionKeys.of(stream, bytes).toBytes());
            case Topics.MEDIA_SRTP ->
                List.of(
                        new SrtpRecord.Datagrams(
                                        Long.MAX_VALUE, List.of(new SrtpRecord.Datagram(Long.MIN_VALUE, bytes)))
                                .toBytes(),
                        new SrtpRecord.Resumed(NOW, Long.MAX_VALUE, Integer.MAX_VALUE).toBytes(),
                        new SrtpRecord.Closed(NOW, Long.MAX_VALUE, NAME).toBytes());
            case Topics.MEDIA_FRAMES ->
                List.of(
                        new FrameRecord.Opened(stream, 0).toBytes(),
                        new FrameRecord.Frames(Long.MAX_VALUE, bytes).toBytes(),
                        new FrameRecord.Observed(List.of(
                                        new Observation.Missing(
                                                -1, Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE),
                                        new Observation.Found(-1, Long.MAX_VALUE),
                                        new Observation.Paused(Long.MAX_VALUE, Long.MIN_VALUE, -1),
                                        new Observation.Refused(
                                                RejectReason.NO_KEY, -1, Long.MIN_VALUE, Long.MAX_VALUE)))
                                .toBytes(),
                        new FrameRecord.Ended(stream, 0, StreamAccount.EMPTY, NOW, "").toBytes());
            case Topics.MEDIA_SPEECH ->
                List.of(
                        new SpeechRecord.Opened(stream, 0).toBytes(),
                        new SpeechRecord.Speech(NOW, Integer.MAX_VALUE, bytes).toBytes(),
                        new SpeechRecord.Ended(stream, 0, 0).toBytes());
            case Topics.TRANSCRIPTS ->
                List.of(new Utterance("g", NAME, NAME, NAME, 0, "nobody", NOW, NOW, false, "m", bytes).toBytes());
            case Topics.RECORDING_ARTIFACTS ->
                List.of(
                        new Artifact.TrackBegun(NAME, NAME, NOW, stream, NOW).toBytes(),
                        stored.toBytes(),
                        new Artifact.RedactionDue(NAME, NAME, NOW, stored, "", silent).toBytes(),
                        new Artifact.RedactionDue(NAME, NAME, NOW, endless, "", silent).toBytes(),
                        new Artifact.RedactionStored(
                                        NAME,
                                        NAME,
                                        NOW,
                                        NAME,
                                        -1,
                                        "",
                                        silent,
                                        List.of(new Artifact.Segment("opus", 2, NOW, 1, object, object)),
                                        "")
                                .toBytes(),
                        new Artifact.TracksComplete(NAME, NAME, NOW, 0, List.of(stored)).toBytes(),
                        new Artifact.TracksComplete(NAME, NAME, NOW, 0, List.of(stored, endless)).toBytes(),
                        new Artifact.PartsComplete(
                                        NAME,
                                        NAME,
                                        NOW,
                                        -1,
                                        List.of(
                                                new CallEvent.StreamAnnounced(
                                                        "g1", NAME, NAME, Long.MAX_VALUE, stream, ""),
                                                new CallEvent.StreamEnded("g2", NAME, NAME, Long.MIN_VALUE, NAME, ""),
                                                new CallEvent.CallClosed(
                                                        "g3", NAME, NAME, Long.MIN_VALUE, "", List.of())),
                                        List.of(
                                                stored,
                                                endless,
                                                new Artifact.CoverageStored(NAME, NAME, NOW, NAME, 0, object)))
                                .toBytes());
            case Topics.RETENTION_ORDERS ->
                List.of(
                        new RetentionOrder.HoldPlaced("g", NAME, NAME, NOW, "h", "nobody", "").toBytes(),
                        new RetentionOrder.HoldReleased("g", NAME, NAME, NOW, "none", "nobody", "").toBytes());
            case Topics.AUDIT_EVENTS ->
                List.of(
                        // U+2028 ends a line for some readers of a file, and not for the ledger
                        new AuditEvent("g", NAME, NOW, "nobody", "search", "", "ok", Map.of("q", "a\u2028b\u0085c"))
                                .toBytes());
            default -> List.of();
        };
    }
}

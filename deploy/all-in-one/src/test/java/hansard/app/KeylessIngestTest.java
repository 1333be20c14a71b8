package hansard.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.keys.KeyRef;
import hansard.keys.Pkcs12Vault;
import hansard.keys.Vault;
import hansard.rtp.Pcap;
import hansard.runtime.KafkaSettings;
import hansard.runtime.KafkaTls;
import hansard.testkit.CallSecrets;
import hansard.testkit.Captures;
import hansard.testkit.SecretSearch;
import hansard.wire.FrameRecord;
import hansard.wire.Octets;
import hansard.wire.Role;
import hansard.wire.Topics;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real call goes through processes of their own, and everything that ingest and broker have of it, in memory and on disk, is
 * searched for what opens it and for what was said. The client that knows the keys is this test's process.
 */
class KeylessIngestTest {
    private static final String CALL = "opus-vp8-80";
    private static final Captures.Capture CAPTURE = Captures.load(CALL);
    private static final int WORDS_IN_A_ROW = 4;

    @TempDir
    Path directory;

    @Test
    void memoryAndTopicsOfIngestAndBrokerYieldNoKeyAndNoWord() throws Exception {
        SecretSearch session = new SecretSearch()
                .add("session: ", CallSecrets.given(CAPTURE))
                .add("session: ", CallSecrets.derived(CAPTURE))
                .add("media: ", CallSecrets.payloads(CAPTURE));
        try (TestKafka kafka = TestKafka.startSecured(directory);
                Cluster cluster = Cluster.startSecured(directory, kafka.bootstrap());
                ApiClient api = cluster.api();
                InputStream json = Captures.open(CALL + ".json")) {
            Sidecar sidecar = Sidecar.read(json, CALL);
            List<Pcap.Datagram> datagrams = CAPTURE.datagrams();
            int half = datagrams.size() / 2;
            Replay first = new Replay(api, sidecar, datagrams.subList(0, half), Map.of("title", CALL), Map.of(), true);
            Replay.Announced call = first.announce(Calls.QUIET);
            first.send(call, Replay.Speed.MAX, Calls.QUIET);
            awaitFrames(kafka);

            // in mid-call, when a process has the most of it; the worker first, before what it opened is collected
            Path worker = dump(cluster.pid(Stage.DECRYPT_WORKER));
            assertKeyless(session, "the ingest", dump(cluster.pid(Stage.INGEST)));
            assertKeyless(session, "the broker", dump(kafka.pid()));
            assertFinds(session, worker);

            Replay second =
                    new Replay(api, sidecar, datagrams.subList(half, datagrams.size()), Map.of(), Map.of(), true);
            second.send(call, Replay.Speed.MAX, Calls.QUIET);
            second.end(call.callId(), datagrams.size(), Calls.QUIET);
            cluster.keepMetricsAndHealth();
            JsonNode report = api.get("/v1/recordings/" + call.callId() + "/report");

            SecretSearch all = session;
            dataKeys(kafka, cluster.data().resolve("vault")).forEach(all::add);
            int phrases = addPhrases(all, report);
            assertTrue(phrases > 5, "something was said: " + phrases);
            assertKeyless(all, "the ingest", dump(cluster.pid(Stage.INGEST)));
            assertKeyless(all, "the broker", dump(kafka.pid()));
            assertKeyless(all, "the broker's log", files(TestKafka.log(directory)));
            assertKeyless(all, "what was printed", files(Launched.outputs()));
            List<SecretSearch.Hit> hits = new ArrayList<>();
            Set<String> topics = new TreeSet<>();
            eachRecord(kafka, topic -> true, record -> {
                topics.add(record.topic());
                hits.addAll(all.in(record.topic(), record.value() == null ? new byte[0] : record.value()));
                hits.addAll(all.in(record.topic(), record.key() == null ? new byte[0] : record.key()));
                record.headers().forEach(h -> hits.addAll(all.in(record.topic(), h.value())));
            });
            assertEquals(List.of(), hits, "every record of every topic");
            assertTrue(
                    topics.containsAll(List.of(Topics.MEDIA_SRTP, Topics.MEDIA_FRAMES, Topics.TRANSCRIPTS)),
                    "records were read: " + topics);
        }
    }

    private static void assertKeyless(SecretSearch search, String what, Path file) throws IOException {
        assertKeyless(search, what, List.of(file));
        Files.delete(file);
    }

    private static void assertKeyless(SecretSearch search, String what, List<Path> files) throws IOException {
        long bytes = 0;
        for (Path file : files) {
            bytes += Files.size(file);
            assertEquals(List.of(), search.in(file), what);
        }
        assertTrue(bytes > 0, what + " is there to be searched");
        System.out.printf("%s: %d files, %,d bytes, nothing found%n", what, files.size(), bytes);
    }

    /** The same search on the one process that must have them: or it would prove nothing elsewhere. */
    private static void assertFinds(SecretSearch search, Path dump) throws IOException {
        Map<String, Long> kinds = search.in(dump).stream()
                .map(SecretSearch.Hit::name)
                .distinct()
                .collect(Collectors.groupingBy(name -> name.split(":")[0], Collectors.counting()));
        System.out.println("the decrypt-worker: found " + kinds);
        assertTrue(kinds.containsKey("session"), "the worker has the session's keys");
        assertTrue(kinds.containsKey("media"), "the worker has the media in clear");
        Files.delete(dump);
    }

    /** The whole heap, with what is garbage and not yet collected. */
    private Path dump(long pid) throws IOException, InterruptedException {
        Path file = Files.createTempDirectory(directory, "heap").resolve(pid + ".hprof");
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process process = new ProcessBuilder(
                        jcmd.toString(), Long.toString(pid), "GC.heap_dump", "-all", file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        assertTrue(Files.size(file) > 1 << 20, said);
        return file;
    }

    private static List<Path> files(Path below) throws IOException {
        try (Stream<Path> files = Files.walk(below)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private void awaitFrames(TestKafka kafka) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        List<FrameRecord.Frames> frames = new ArrayList<>();
        while (frames.isEmpty()) {
            assertTrue(System.nanoTime() < deadline, "no frames within a minute");
            eachRecord(kafka, Topics.MEDIA_FRAMES::equals, record -> {
                if (FrameRecord.fromBytes(record.value()) instanceof FrameRecord.Frames some) {
                    frames.add(some);
                }
            });
        }
    }

    /** The keys under which the call's frames are sealed, by leave of its vault. */
    private Map<String, byte[]> dataKeys(TestKafka kafka, Path directory) {
        Map<String, byte[]> keys = new HashMap<>();
        try (Vault vault = Pkcs12Vault.open(directory)) {
            eachRecord(kafka, Topics.MEDIA_FRAMES::equals, record -> {
                if (FrameRecord.fromBytes(record.value()) instanceof FrameRecord.Frames frames) {
                    ByteBuffer sealed = ByteBuffer.wrap(frames.sealed().array()).position(1); // see Envelopes
                    KeyRef ref = new KeyRef(name(sealed), name(sealed), name(sealed));
                    byte[] wrapped = new byte[sealed.getShort() & 0xffff];
                    sealed.get(wrapped);
                    keys.computeIfAbsent(
                            "data key of " + ref.track(),
                            k -> vault.unwrap(ref, Octets.of(wrapped)).reveal().getEncoded());
                }
            });
        }
        assertFalse(keys.isEmpty(), "tracks have data keys");
        return keys;
    }

    private static String name(ByteBuffer in) {
        byte[] name = new byte[in.get() & 0xff];
        in.get(name);
        return new String(name, StandardCharsets.UTF_8);
    }

    /** Words in a row, of what was understood: single ones are in every program. */
    private static int addPhrases(SecretSearch search, JsonNode report) {
        int phrases = 0;
        for (JsonNode utterance : report.path("transcript")) {
            String[] words = utterance.path("text").asText().split(" ");
            for (int i = 0; i + WORDS_IN_A_ROW <= words.length; i++) {
                search.addText(
                        "phrase " + phrases++, String.join(" ", List.of(words).subList(i, i + WORDS_IN_A_ROW)));
            }
        }
        return phrases;
    }

    private void eachRecord(
            TestKafka kafka,
            java.util.function.Predicate<String> topics,
            Consumer<ConsumerRecord<byte[], byte[]>> each) {
        KafkaSettings admin = new KafkaSettings(
                kafka.bootstrap(), "", 1, 1, KafkaTls.client(TestKafka.certificates(directory), Role.ADMIN.label()));
        Map<String, Object> reader = admin.reader();
        reader.put("isolation.level", "read_uncommitted");
        try (Admin client = Admin.create(admin.common());
                KafkaConsumer<byte[], byte[]> consumer =
                        new KafkaConsumer<>(reader, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = client
                    .listTopics(new org.apache.kafka.clients.admin.ListTopicsOptions().listInternal(true))
                    .names()
                    .get(20, TimeUnit.SECONDS)
                    .stream()
                    .filter(topics)
                    .flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                consumer.poll(Duration.ofMillis(500)).forEach(each);
            }
        } catch (InterruptedException
                | java.util.concurrent.ExecutionException
                | java.util.concurrent.TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}

package hansard.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.runtime.KafkaSettings;
import hansard.runtime.StageContext;
import hansard.testkit.TestBroker;
import hansard.wire.AuditEvent;
import hansard.wire.TopicAdmin;
import hansard.wire.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerWorkerTest {
    @TempDir
    Path directory;

    @Test
    void restartNeitherLosesNorRepeats() throws Exception {
        Path file = directory.resolve("ledger/audit.jsonl");
        try (TestBroker broker = TestBroker.start(directory.resolve("broker"))) {
            TopicAdmin.ensure(broker.kafka());
            produce(broker.kafka(), 0, 50);
            run(broker.kafka(), file, 50);
            // as after a SIGKILL: the last line is half on the disk, and no commit was ever made
            cut(file, 20);
            forgetCommits(broker.kafka());

            produce(broker.kafka(), 50, 100);
            run(broker.kafka(), file, 100);
        }
        try (Ledger ledger = Ledger.open(file)) {
            assertTrue(ledger.verify().isIntact(), ledger.verify().problem());
            List<JsonNode> events = new ArrayList<>(new AuditReader(ledger).newest("t0", "", 1_000));
            events.addAll(new AuditReader(ledger).newest("t1", "", 1_000));
            Set<String> ids = new TreeSet<>();
            events.forEach(e -> ids.add(e.path("eventId").asText()));
            assertEquals(100, events.size());
            assertEquals(100, ids.size());
        }
    }

    private static void run(KafkaSettings kafka, Path file, long until) throws InterruptedException {
        Set<Throwable> faults = new HashSet<>();
        StageContext context = new StageContext(
                InstantSource.system(), new SimpleMeterRegistry(), (where, cause) -> faults.add(cause));
        try (Ledger ledger = Ledger.open(file);
                LedgerWorker worker = LedgerWorker.start(kafka, ledger, context)) {
            Eventually.see(() -> ledger.standing().length(), length -> length >= until);
        }
        assertEquals(Set.of(), faults);
    }

    private static void cut(Path file, int bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - bytes);
        }
    }

    private static void forgetCommits(KafkaSettings kafka) throws Exception {
        try (Admin admin = Admin.create(kafka.common())) {
            // a static member keeps its place for the session's length after it stopped
            admin.removeMembersFromConsumerGroup(
                            "hansard-retention-ledger", new RemoveMembersFromConsumerGroupOptions())
                    .all()
                    .get(20, TimeUnit.SECONDS);
            admin.deleteConsumerGroupOffsets(
                            "hansard-retention-ledger",
                            Set.of(
                                    new TopicPartition(Topics.AUDIT_EVENTS, 0),
                                    new TopicPartition(Topics.AUDIT_EVENTS, 1)))
                    .all()
                    .get(20, TimeUnit.SECONDS);
        }
    }

    private static void produce(KafkaSettings kafka, int from, int to) throws Exception {
        try (var producer = new KafkaProducer<>(kafka.producer(), new StringSerializer(), new ByteArraySerializer())) {
            for (int i = from; i < to; i++) {
                String tenant = "t" + i % 2;
                AuditEvent event = new AuditEvent("e" + i, tenant, i, "olivia", "search", "", "ok", Map.of());
                producer.send(new ProducerRecord<>(Topics.AUDIT_EVENTS, tenant, event.toBytes()))
                        .get(20, TimeUnit.SECONDS);
            }
        }
    }
}

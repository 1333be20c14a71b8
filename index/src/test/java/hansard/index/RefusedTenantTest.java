package hansard.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.access.Caller;
import hansard.access.Role;
import hansard.keys.DataKey;
import hansard.keys.Envelopes;
import hansard.keys.KeyRef;
import hansard.keys.LeaveNotice;
import hansard.keys.Pkcs12Vault;
import hansard.keys.Vault;
import hansard.testkit.TenantsOwnGroup;
import hansard.testkit.TestBroker;
import hansard.wire.CallEvent;
import hansard.wire.TopicAdmin;
import hansard.wire.Topics;
import hansard.wire.Utterance;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The journal with a real vault, whose worker is not in the key group of a tenant; all calls share a partition. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class RefusedTenantTest {
    private static final Caller THEIR_OFFICER =
            new Caller("bank", "berta", "Berta Officer", Set.of(Role.COMPLIANCE_OFFICER), List.of());

    @TempDir
    Path directory;

    private final List<Throwable> faults = new CopyOnWriteArrayList<>();

    @Test
    void refusedTenantHoldsUpNobodyElseAndLosesNothing() throws Exception {
        try (TestBroker broker = TestBroker.start(directory.resolve("broker"));
                Vault sealing = Pkcs12Vault.open(directory.resolve("vault"));
                KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                        broker.kafka().producer(), new StringSerializer(), new ByteArraySerializer())) {
            TopicAdmin.ensure(broker.kafka());
            TenantsOwnGroup group = new TenantsOwnGroup(directory.resolve("vault"), "bank");
            opened(producer, "bank", "theirs");
            opened(producer, Desk.TENANT, "ours");
            Envelopes seal = new Envelopes(sealing);
            try (Journal journal = new Journal(broker, group)) {
                said(producer, seal, sealing, "bank", "theirs", 1);
                said(producer, seal, sealing, Desk.TENANT, "ours", 1);
                said(producer, seal, sealing, "bank", "theirs", 2);
                said(producer, seal, sealing, Desk.TENANT, "ours", 2);
                journal.awaitFound(Desk.OFFICER, 2);
                journal.awaitProblem("bank");
                assertEquals(0, journal.found(THEIR_OFFICER));
            }
            try (Journal again = new Journal(broker, group)) {
                said(producer, seal, sealing, "bank", "theirs", 3);
                said(producer, seal, sealing, Desk.TENANT, "ours", 3);
                again.awaitFound(Desk.OFFICER, 3);
                again.awaitProblem("bank");
                assertEquals(0, again.found(THEIR_OFFICER));
                group.letTheWorkerIn();
                again.awaitFound(THEIR_OFFICER, 3);
                again.awaitProblem("");
                said(producer, seal, sealing, "bank", "theirs", 4);
                again.awaitFound(THEIR_OFFICER, 4);
                assertEquals(3, again.found(Desk.OFFICER));
            }
        }
        assertEquals(List.of(), faults);
    }

    private static void opened(KafkaProducer<String, byte[]> producer, String tenant, String call)
            throws ExecutionException, InterruptedException {
        byte[] event =
                new CallEvent.CallOpened("e-" + call, tenant, call, Desk.START, "", "trading", "", Map.of()).toBytes();
        producer.send(new ProducerRecord<>(Topics.CALLS, call, event)).get();
    }

    private static void said(
            KafkaProducer<String, byte[]> producer, Envelopes seal, Vault vault, String tenant, String call, int second)
            throws ExecutionException, InterruptedException {
        Utterance plain = Desk.utteranceOf(call, "p1", second, "sell the lot", false);
        DataKey key = vault.newDataKey(KeyRef.told(tenant, call, plain.streamId()));
        Utterance sealed = new Utterance(
                plain.utteranceId(),
                tenant,
                call,
                plain.streamId(),
                plain.generation(),
                plain.participantId(),
                plain.startMicros(),
                plain.endMicros(),
                plain.partial(),
                plain.model(),
                seal.seal(
                        key,
                        Topics.TRANSCRIPTS,
                        plain.utteranceId(),
                        plain.sealed().array()));
        producer.send(new ProducerRecord<>(Topics.TRANSCRIPTS, 0, call, sealed.toBytes()))
                .get();
    }

    /** The index as a service has it, without its HTTP. */
    private final class Journal implements AutoCloseable {
        private final LuceneIndex index = LuceneIndex.open(directory.resolve("index"));
        private final Recordings recordings = new Recordings(index);
        private final LeaveNotice leave = new LeaveNotice();
        private final Vault vault;
        private final JournalReader reader;

        Journal(TestBroker broker, TenantsOwnGroup group) {
            vault = group.config().open("index", InstantSource.system(), (tenant, actor, call, detail) -> {});
            Indexer indexer = new Indexer(
                    index,
                    new Envelopes(vault)::open,
                    new LiveFeed(),
                    "1",
                    () -> Desk.START,
                    new SimpleMeterRegistry());
            reader = new JournalReader(
                    broker.kafka(),
                    indexer,
                    r -> {},
                    Duration.ofMillis(100),
                    vault::requireLeave,
                    leave,
                    new SimpleMeterRegistry(),
                    (where, cause) -> faults.add(cause));
            reader.start();
        }

        long found(Caller caller) {
            return recordings
                    .search(caller, SearchRequest.from(Map.of("q", "sell")::get))
                    .total();
        }

        void awaitFound(Caller caller, long wanted) throws InterruptedException {
            while (found(caller) != wanted) { // the test's own timeout ends this
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }

        void awaitProblem(String tenant) throws InterruptedException {
            while (tenant.isEmpty() != leave.problem().isEmpty()) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
            assertTrue(leave.problem().contains(tenant), leave.problem());
            assertEquals("", reader.problem());
        }

        @Override
        public void close() {
            reader.close();
            vault.close();
            index.close();
        }
    }
}

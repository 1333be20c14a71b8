package hansard.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.keys.KeyRef;
import hansard.keys.LeaveNotice;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.testkit.TestBroker;
import hansard.wire.CallEvent;
import hansard.wire.Octets;
import hansard.wire.TopicAdmin;
import hansard.wire.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 90, unit = TimeUnit.SECONDS)
class JournalReaderTest {
    @TempDir
    Path directory;

    private final CountDownLatch refused = new CountDownLatch(1);
    private final List<Throwable> faults = new CopyOnWriteArrayList<>();
    private volatile boolean vaultAway = true;

    @Test
    void whileTheVaultIsAwayUtterancesWaitAndCallsAreReadOn() throws Exception {
        try (TestBroker broker = TestBroker.start(directory.resolve("broker"));
                LuceneIndex index = LuceneIndex.open(directory.resolve("index"))) {
            TopicAdmin.ensure(broker.kafka());
            Indexer indexer =
                    new Indexer(index, this::open, new LiveFeed(), "1", () -> Desk.START, new SimpleMeterRegistry());
            Recordings recordings = new Recordings(index);
            try (JournalReader reader = new JournalReader(
                            broker.kafka(),
                            indexer,
                            r -> {},
                            Duration.ofMillis(100),
                            tenant -> {},
                            new LeaveNotice(),
                            new SimpleMeterRegistry(),
                            (where, cause) -> faults.add(cause));
                    KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                            broker.kafka().producer(), new StringSerializer(), new ByteArraySerializer())) {
                reader.start();
                for (int second = 1; second <= 3; second++) {
                    byte[] said = Desk.utteranceOf("c1", "p1", second, "sell the lot", false)
                            .toBytes();
                    producer.send(new ProducerRecord<>(Topics.TRANSCRIPTS, "c1", said))
                            .get();
                }
                refused.await();
                producer.send(new ProducerRecord<>(Topics.CALLS, "c1", opened()))
                        .get();
                awaitTotal(() -> list(recordings), 1);
                assertTrue(reader.problem().contains("the vault is away"), reader.problem());
                assertEquals(0, search(recordings));
                vaultAway = false;
                awaitTotal(() -> search(recordings), 3);
                assertEquals("", reader.problem());
            }
        }
        assertEquals(List.of(), faults);
    }

    private static byte[] opened() {
        return new CallEvent.CallOpened("e", Desk.TENANT, "c1", Desk.START, "", "trading", "", Map.of()).toBytes();
    }

    private byte[] open(KeyRef expected, String purpose, String subject, Octets sealed) {
        if (vaultAway) {
            refused.countDown();
            throw new HansardException(ErrorCode.VAULT_UNAVAILABLE, "the vault is away");
        }
        return sealed.array();
    }

    private static long search(Recordings recordings) {
        return recordings
                .search(Desk.OFFICER, SearchRequest.from(Map.of("q", "sell")::get))
                .total();
    }

    private static long list(Recordings recordings) {
        return recordings
                .list(Desk.OFFICER, SearchRequest.from(Map.<String, String>of()::get))
                .total();
    }

    private interface Total {
        long now();
    }

    private static void awaitTotal(Total total, long wanted) throws InterruptedException {
        while (total.now() != wanted) { // the test's own timeout ends this
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}

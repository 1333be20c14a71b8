package hansard.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.broker.EmbeddedBroker;
import hansard.runtime.Faults;
import hansard.runtime.KafkaSettings;
import hansard.wire.TopicAdmin;
import hansard.wire.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MediaWriterTest {
    private static final int MAX_BYTES = 1 << 20;

    @TempDir
    Path directory;

    private final Faults faults = (where, cause) -> {};

    @Test
    void anOutageCostsOnlyWhatDoesNotFitTheBuffer() throws Exception {
        EmbeddedBroker broker = EmbeddedBroker.start(directory, 0, faults);
        KafkaSettings kafka = new KafkaSettings(broker.bootstrap(), "", 1, 1, Map.of());
        TopicAdmin.ensure(kafka);
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        StreamCounters counters = new StreamCounters();
        try (MediaWriter writer = new MediaWriter(kafka, MAX_BYTES, meters)) {
            writer.bundle("s", counters, new byte[10_000], 10);
            assertTrue(counters.awaitSettled(
                    System.nanoTime() + Duration.ofSeconds(30).toNanos()));
            assertEquals(10, counters.durable());
            assertEquals("", writer.problem());

            broker.close();
            for (int i = 0; i < 200; i++) {
                writer.bundle("s", counters, new byte[10_000], 10);
            }
            int fit = MAX_BYTES / 10_128;
            assertEquals(10L * (200 - fit), counters.notDurable());
            assertEquals(
                    counters.notDurable(),
                    meters.counter("hansard.ingest.not.durable").count());
            assertTrue(writer.problem().contains("buffer of 1048576 bytes is full"), writer.problem());
            var mark = writer.mark("s", counters, new byte[10]); // marks go in even so
            assertFalse(mark.isDone());

            int port = Integer.parseInt(
                    broker.bootstrap().substring(broker.bootstrap().lastIndexOf(':') + 1));
            broker = EmbeddedBroker.start(directory, port, faults);
            mark.get(60, TimeUnit.SECONDS);
            assertEquals(10L * (1 + fit), counters.durable());
            assertEquals("", writer.problem());
            writer.bundle("s", counters, new byte[10_000], 10);
            assertTrue(counters.awaitSettled(
                    System.nanoTime() + Duration.ofSeconds(30).toNanos()));
        }
        AtomicInteger records = new AtomicInteger();
        new TopicReplay(kafka).read(Topics.MEDIA_SRTP, 0, r -> records.incrementAndGet());
        assertEquals(1 + MAX_BYTES / 10_128 + 1 + 1, records.get());
        broker.close();
    }
}

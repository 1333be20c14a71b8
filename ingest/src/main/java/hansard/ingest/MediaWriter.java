package hansard.ingest;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.KafkaSettings;
import hansard.wire.Topics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes {@code media.srtp}. What waits for Kafka is bounded in bytes, not in time: an outage of any length costs nothing
 * until the buffer is full, and from then on what is newest, counted stream by stream.
 */
final class MediaWriter implements MediaSink, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(MediaWriter.class);
    private static final int RECORD_OVERHEAD_BYTES = 128; // key, headers and Kafka's own fields, at most
    private static final long SLOW_NANOS = Duration.ofSeconds(5).toNanos();
    private static final Duration START_WAIT = Duration.ofSeconds(30);
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(15);

    private final KafkaProducer<String, byte[]> producer;
    private final long maxBytes;
    private final AtomicLong waitingBytes = new AtomicLong();
    private final AtomicLong waitingSinceNanos = new AtomicLong();
    private final AtomicBoolean losing = new AtomicBoolean();
    private final AtomicLong lost = new AtomicLong();
    private final Counter records;
    private final Counter notDurable;
    private volatile @Nullable String refusal;

    MediaWriter(KafkaSettings kafka, long maxBytes, MeterRegistry meters) {
        this.maxBytes = maxBytes;
        this.records = meters.counter("hansard.ingest.records");
        this.notDurable = meters.counter("hansard.ingest.not.durable");
        meters.gauge("hansard.ingest.waiting.bytes", waitingBytes);
        this.producer =
                new KafkaProducer<>(properties(kafka, maxBytes), new StringSerializer(), new ByteArraySerializer());
        awaitMetadata();
    }

    /** Send must not wait for metadata, so it is there before the first: asking is what has it fetched. */
    private void awaitMetadata() {
        long deadline = System.nanoTime() + START_WAIT.toNanos();
        while (true) {
            try {
                if (!producer.partitionsFor(Topics.MEDIA_SRTP).isEmpty()) {
                    return;
                }
            } catch (org.apache.kafka.common.errors.TimeoutException e) {
                if (System.nanoTime() > deadline) {
                    producer.close(Duration.ZERO);
                    throw new HansardException(
                            ErrorCode.KAFKA_UNAVAILABLE, "Kafka does not tell about the topic " + Topics.MEDIA_SRTP, e);
                }
                LockSupport.parkNanos(10_000_000);
            }
        }
    }

    private static Map<String, Object> properties(KafkaSettings kafka, long maxBytes) {
        Map<String, Object> p = kafka.producer();
        p.put("batch.size", 256 << 10);
        p.put("linger.ms", 5);
        // the limit is ours, below; Kafka's is wide enough for half-filled batches, so that send never blocks on it
        p.put("buffer.memory", 2 * maxBytes + (16L << 20));
        p.put("delivery.timeout.ms", Integer.MAX_VALUE);
        p.put("request.timeout.ms", 10_000);
        p.put("metadata.max.idle.ms", Duration.ofDays(365).toMillis()); // a quiet night must not make send wait
        // by default a client that has lost every broker forgets the topics too, and then each send waits or fails
        p.put("metadata.recovery.strategy", "none");
        p.put("max.block.ms", 0); // the receiver waits for nobody
        return p;
    }

    @Override
    public void bundle(String streamId, StreamCounters counters, byte[] record, int datagrams) {
        if (waitingBytes.get() + record.length + RECORD_OVERHEAD_BYTES > maxBytes) {
            counters.notKept(datagrams);
            notDurable.increment(datagrams);
            lost.addAndGet(datagrams);
            if (losing.compareAndSet(false, true)) {
                log.warn(
                        "Kafka is away and {} bytes wait for it, as much as ingest.buffer.max-bytes allows: what arrives now"
                                + " is not kept. The health check and hansard.ingest.not.durable tell how much.",
                        maxBytes);
            }
            return;
        }
        CompletableFuture<Void> ignored = send(streamId, counters, record, datagrams);
    }

    @Override
    public CompletableFuture<Void> mark(String streamId, StreamCounters counters, byte[] record) {
        return send(streamId, counters, record, 0);
    }

    private CompletableFuture<Void> send(String streamId, StreamCounters counters, byte[] record, int datagrams) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        int cost = record.length + RECORD_OVERHEAD_BYTES;
        if (waitingBytes.getAndAdd(cost) == 0) {
            waitingSinceNanos.set(System.nanoTime());
        }
        counters.recordSent();
        try {
            var unused = producer.send(
                    new ProducerRecord<>(Topics.MEDIA_SRTP, streamId, record),
                    (metadata, failure) -> settled(streamId, counters, cost, datagrams, failure, done));
        } catch (KafkaException | IllegalStateException e) {
            settled(streamId, counters, cost, datagrams, e, done);
        }
        return done;
    }

    private void settled(
            String streamId,
            StreamCounters counters,
            int cost,
            int datagrams,
            @Nullable Exception failure,
            CompletableFuture<Void> done) {
        waitingBytes.addAndGet(-cost);
        waitingSinceNanos.set(System.nanoTime());
        counters.recordSettled(datagrams, failure == null);
        if (failure == null) {
            records.increment();
            refusal = null;
            if (losing.compareAndSet(true, false)) {
                log.warn("Kafka is back; {} datagrams were not kept while it was away", lost.getAndSet(0));
            }
            done.complete(null);
        } else {
            notDurable.increment(datagrams);
            if (refusal == null) {
                log.warn("Kafka refused a record of stream {}: {}", streamId, failure.toString());
            }
            refusal = failure.toString();
            done.completeExceptionally(failure);
        }
    }

    /** What is wrong, in a sentence, or an empty string. */
    String problem() {
        String refused = refusal;
        if (losing.get()) {
            return "Kafka is away and the buffer of " + maxBytes + " bytes is full: " + lost.get()
                    + " datagrams were not kept";
        }
        if (refused != null) {
            return "Kafka refused the last record: " + refused;
        }
        long waiting = waitingBytes.get();
        long silent = System.nanoTime() - waitingSinceNanos.get();
        if (waiting > 0 && silent > SLOW_NANOS) {
            return "Kafka has acknowledged nothing for "
                    + Duration.ofNanos(silent).toSeconds() + " s; " + waiting + " of " + maxBytes + " bytes wait";
        }
        return "";
    }

    @Override
    public void close() {
        producer.close(CLOSE_WAIT);
        if (waitingBytes.get() > 0) {
            log.warn("{} bytes of media were not durable when the ingest stopped: Kafka did not answer", waitingBytes);
        }
    }
}

package hansard.benchmarks;

import hansard.runtime.KafkaSettings;
import hansard.wire.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Looks each second, as an operator's monitoring would: records of media.srtp that wait, the worker's health, everybody's memory. */
final class Backlog implements AutoCloseable {
    private static final String GROUP = "hansard-decrypt-worker";

    private final Stages stages;
    private final URI health;
    private final Admin admin;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("backlog").factory());
    private final Map<String, Integer> mostMebibytes = new TreeMap<>();
    private final long startNanos = System.nanoTime();
    private long records;
    private long mostRecords;
    private double saidAfterSeconds = -1;
    private String problem = "";
    private String failure = "";

    Backlog(Stages stages, KafkaSettings kafka, URI worker) {
        this.stages = stages;
        this.health = worker.resolve("/health");
        this.admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()));
        var unused = watch.scheduleWithFixedDelay(this::look, 0, 1, TimeUnit.SECONDS);
    }

    private void look() {
        try {
            long waiting = waiting();
            Map<String, Integer> resident = stages.residentMebibytes();
            String said = said();
            synchronized (this) {
                records = waiting;
                mostRecords = Math.max(mostRecords, waiting);
                resident.forEach((name, mebibytes) -> mostMebibytes.merge(name, mebibytes, Math::max));
                if (!said.isEmpty() && problem.isEmpty()) {
                    problem = said;
                    saidAfterSeconds = (System.nanoTime() - startNanos) / 1e9;
                }
                notifyAll();
            }
        } catch (IOException | ExecutionException e) {
            synchronized (this) {
                failure = e.toString();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long waiting() throws InterruptedException, ExecutionException {
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(GROUP)
                .partitionsToOffsetAndMetadata()
                .get();
        Map<TopicPartition, OffsetSpec> partitions =
                admin.describeTopics(java.util.List.of(Topics.MEDIA_SRTP)).allTopicNames().get().values().stream()
                        .flatMap(topic ->
                                topic.partitions().stream().map(p -> new TopicPartition(topic.name(), p.partition())))
                        .collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest()));
        Map<TopicPartition, ListOffsetsResultInfo> ends =
                admin.listOffsets(partitions).all().get();
        return ends.entrySet().stream()
                .mapToLong(end -> end.getValue().offset()
                        - (committed.get(end.getKey()) == null
                                ? 0
                                : committed.get(end.getKey()).offset()))
                .sum();
    }

    /** What is wrong, in the worker's own words; empty when it says that it is well. */
    private String said() throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(health).timeout(Duration.ofSeconds(5)).build(),
                HttpResponse.BodyHandlers.ofString());
        return answer.statusCode() == 200 ? "" : answer.body();
    }

    /** Waits until no more than this many records wait. */
    synchronized void awaitAtMost(long wanted, Duration within) throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        records = Long.MAX_VALUE; // only what is seen from now on counts
        while (records > wanted) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(records + " records still wait after " + within + " " + failure);
            }
            wait(1_000);
        }
    }

    synchronized long mostRecords() {
        return mostRecords;
    }

    /** What the worker's health said first, and after how many seconds of watching. */
    synchronized String problem() {
        return problem;
    }

    synchronized double saidAfterSeconds() {
        return saidAfterSeconds;
    }

    synchronized Map<String, Integer> mostMebibytes() {
        return new TreeMap<>(mostMebibytes);
    }

    @Override
    public void close() {
        watch.shutdownNow();
        admin.close(Duration.ofSeconds(5));
        http.shutdownNow();
    }
}

package hansard.ingest;

import hansard.runtime.KafkaSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads a topic from a point in time to where it ends now. */
final class TopicReplay {
    private final KafkaSettings kafka;

    TopicReplay(KafkaSettings kafka) {
        this.kafka = kafka;
    }

    /**
     * @param fromMillis Kafka's time of the first record wanted, 0 for all
     * @param each gets the records in order within a partition
     */
    void read(String topic, long fromMillis, Consumer<ConsumerRecord<String, byte[]>> each) {
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(kafka.reader(), new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (PartitionInfo p : consumer.partitionsFor(topic)) {
                partitions.add(new TopicPartition(topic, p.partition()));
            }
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
            seek(consumer, partitions, fromMillis);
            ends.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
            while (!ends.isEmpty()) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    each.accept(record);
                }
                ends.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
            }
        }
    }

    private static void seek(KafkaConsumer<String, byte[]> consumer, List<TopicPartition> partitions, long fromMillis) {
        consumer.seekToBeginning(partitions);
        if (fromMillis > 0) {
            Map<TopicPartition, Long> times = new HashMap<>();
            partitions.forEach(p -> times.put(p, fromMillis));
            consumer.offsetsForTimes(times).forEach((partition, found) -> {
                OffsetAndTimestamp from = found;
                if (from == null) {
                    consumer.seekToEnd(List.of(partition)); // nothing that young
                } else {
                    consumer.seek(partition, from.offset());
                }
            });
        }
    }
}

package hansard.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hansard.wire.TopicAdmin;
import hansard.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestBrokerTest {
    @TempDir
    Path directory;

    @Test
    void brokerKeepsItsRecordsOverARestart() throws Exception {
        try (TestBroker broker = TestBroker.start(directory)) {
            TopicAdmin.ensure(broker.kafka());
            TopicAdmin.ensure(broker.kafka());
            try (var producer =
                    new KafkaProducer<>(broker.kafka().producer(), new StringSerializer(), new ByteArraySerializer())) {
                producer.send(new ProducerRecord<>(Topics.CALLS, 0, "k", "v".getBytes(StandardCharsets.UTF_8)))
                        .get();
            }
        }
        try (TestBroker broker = TestBroker.start(directory);
                var consumer = new KafkaConsumer<>(
                        broker.kafka().reader(), new StringDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(Topics.CALLS, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            assertEquals(1, consumer.poll(Duration.ofSeconds(20)).count());
        }
    }

    @Test
    void capturesAreRead() {
        for (String name : Captures.ALL) {
            var capture = Captures.load(name);
            long onWire = 0;
            for (var stream : capture.sidecar().get("streams")) {
                int port = stream.get("port").asInt();
                long here = capture.datagrams().stream()
                        .filter(d -> d.destinationPort() == port)
                        .count();
                if (stream.has("observed")) {
                    long observed = 0;
                    for (var o : stream.get("observed")) {
                        observed += o.get("packets").asLong();
                    }
                    assertEquals(observed, here, name + " port " + port);
                }
                onWire += here;
            }
            assertEquals(true, onWire > 0, name);
        }
    }
}

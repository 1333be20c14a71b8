package hansard.runtime;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/**
 * How to reach Kafka, and clients whose defaults lose nothing: producers wait for all replicas and are idempotent,
 * consumers read committed records and never commit on a timer.
 *
 * @param bootstrap host:port, comma separated
 * @param instance a name that survives restarts of this process, unique among the replicas of a stage; empty for none.
 *     With it a restarted process takes its partitions back at once instead of after the session timeout.
 * @param partitions partitions of a topic when this process creates it
 * @param replication replicas of a topic when this process creates it
 * @param extra client properties passed through ({@code kafka.client.*}), such as TLS. Among them may be passwords
 */
public record KafkaSettings(
        String bootstrap, String instance, int partitions, int replication, Map<String, String> extra) {
    /**
     * How long a client may take over its good-bye. By default a producer waits for as long as it has anything to deliver, so
     * that a process whose broker is gone would not stop; what is not delivered by then is read and made again.
     */
    public static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

    public KafkaSettings {
        extra = Map.copyOf(extra);
    }

    /**
     * Reads the settings of one stage.
     *
     * @param role whose certificate it presents, where {@code kafka.tls.directory} is set
     */
    public static KafkaSettings from(Settings s, String role) {
        Map<String, String> extra = new LinkedHashMap<>();
        String directory = s.string("kafka.tls.directory", "");
        if (!directory.isBlank()) {
            extra.putAll(KafkaTls.client(Path.of(directory), role));
        }
        extra.putAll(s.below("kafka.client"));
        return new KafkaSettings(
                s.string("kafka.bootstrap", "localhost:9092"),
                s.string("kafka.instance", ""),
                s.integer("kafka.partitions", 4, 1, 10_000),
                s.integer("kafka.replication", 1, 1, 32),
                extra);
    }

    /** Connection properties every client shares, admin clients included. */
    public Map<String, Object> common() {
        Map<String, Object> p = new LinkedHashMap<>();
        p.put("bootstrap.servers", bootstrap);
        p.putAll(extra);
        return p;
    }

    /** A producer that loses and repeats nothing within its own life. Byte array serializers are passed at construction. */
    public Map<String, Object> producer() {
        Map<String, Object> p = common();
        p.put("acks", "all");
        p.put("enable.idempotence", "true");
        p.put("compression.type", "none"); // everything of size is sealed, and sealed bytes do not compress
        p.put("max.request.size", 4 * 1024 * 1024);
        return p;
    }

    /** A consumer of a group that commits only when told to. */
    public Map<String, Object> consumer(String group) {
        Map<String, Object> p = common();
        p.put("group.id", group);
        if (!instance.isEmpty()) {
            p.put("group.instance.id", group + "-" + instance);
        }
        p.put("enable.auto.commit", "false");
        p.put("auto.offset.reset", "earliest");
        p.put("isolation.level", "read_committed");
        p.put("session.timeout.ms", 10_000);
        p.put("heartbeat.interval.ms", 2_000);
        p.put("max.partition.fetch.bytes", 4 * 1024 * 1024);
        return p;
    }

    /** A consumer outside any group, for replaying topics: assign partitions by hand. */
    public Map<String, Object> reader() {
        Map<String, Object> p = consumer("none");
        p.remove("group.id");
        p.remove("group.instance.id");
        return p;
    }

    /** A Streams application with exactly-once v2. */
    public Properties streams(String applicationId, Path stateDirectory) {
        Properties p = new Properties();
        p.putAll(common());
        p.put("application.id", applicationId);
        p.put("state.dir", stateDirectory.toString());
        p.put("processing.guarantee", "exactly_once_v2");
        p.put("commit.interval.ms", 100);
        p.put("num.standby.replicas", 0);
        p.put("replication.factor", replication);
        p.put("consumer.auto.offset.reset", "earliest");
        p.put("consumer.session.timeout.ms", 10_000);
        p.put("consumer.heartbeat.interval.ms", 2_000);
        p.put("producer.compression.type", "none");
        p.put("producer.max.request.size", 4 * 1024 * 1024);
        p.put("consumer.max.partition.fetch.bytes", 4 * 1024 * 1024);
        if (!instance.isEmpty()) {
            p.put("group.instance.id", applicationId + "-" + instance);
        }
        return p;
    }

    /** Names what is passed through, and not its values: they may be passwords. */
    @Override
    public String toString() {
        return "KafkaSettings[" + bootstrap + ", instance " + instance + ", " + extra.keySet() + "]";
    }
}

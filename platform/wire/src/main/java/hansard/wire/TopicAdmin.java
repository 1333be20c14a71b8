package hansard.wire;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.KafkaSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/** Makes the topics that are not there yet. Every stage calls it at start; what exists is left as it is. */
public final class TopicAdmin {
    private static final String FOREVER = "-1";

    private TopicAdmin() {}

    /** @throws HansardException KAFKA_UNAVAILABLE when no broker answers within half a minute */
    public static void ensure(KafkaSettings kafka) {
        try (Admin admin = Admin.create(kafka.common())) {
            Set<String> present = admin.listTopics().names().get(30, TimeUnit.SECONDS);
            List<NewTopic> missing = new ArrayList<>();
            for (String topic : Topics.ALL) {
                if (!present.contains(topic)) {
                    missing.add(new NewTopic(topic, kafka.partitions(), (short) kafka.replication())
                            .configs(configs(topic)));
                }
            }
            if (!missing.isEmpty()) {
                admin.createTopics(missing).all().get(30, TimeUnit.SECONDS);
            }
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) { // another stage was first
                throw unavailable(kafka, e);
            }
        } catch (TimeoutException e) {
            throw unavailable(kafka, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(kafka, e);
        }
    }

    private static HansardException unavailable(KafkaSettings kafka, Exception e) {
        return new HansardException(
                ErrorCode.KAFKA_UNAVAILABLE,
                "no Kafka answers at " + kafka.bootstrap() + ": start it, or set kafka.bootstrap",
                e);
    }

    private static Map<String, String> configs(String topic) {
        return switch (topic) {
            case Topics.SESSION_KEYS -> Map.of("cleanup.policy", "compact", "min.cleanable.dirty.ratio", "0.01");
            case Topics.MEDIA_SRTP, Topics.MEDIA_FRAMES, Topics.MEDIA_REJECTED ->
                Map.of("retention.ms", days(3), "max.message.bytes", "4194304");
            case Topics.MEDIA_SPEECH -> Map.of("retention.ms", days(1), "max.message.bytes", "4194304");
            default -> Map.of("retention.ms", FOREVER);
        };
    }

    private static String days(int days) {
        return Long.toString(Duration.ofDays(days).toMillis());
    }
}

package hansard.wire;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.KafkaSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * Makes the topics that are not there yet; what exists is left as it is. On a cluster without rights the first stage to start does
 * it, on a secured one whoever sets it up.
 */
public final class TopicAdmin {
    private static final String FOREVER = "-1";

    /** How long a stage may be away without losing media, and therefore how long each sealed key stays to be read. */
    private static final int MEDIA_DAYS = 3;

    /** Rights and topics take a moment from the controller to each broker. */
    private static final long RIGHTS_WAIT_NANOS = Duration.ofSeconds(10).toNanos();

    private static final long RETRY_MILLIS = 200;

    private TopicAdmin() {}

    /**
     * Makes every topic that is missing.
     *
     * @throws HansardException KAFKA_UNAVAILABLE when no broker answers within half a minute, or it refuses
     */
    public static void ensure(KafkaSettings kafka) {
        ensure(kafka, Set.copyOf(Topics.ALL));
    }

    /**
     * Makes every topic that is missing, if one is that the role needs. A role that may not make topics sees its own, and they are
     * there once the cluster is set up.
     *
     * @throws HansardException KAFKA_UNAVAILABLE when no broker answers within half a minute, or it refuses
     */
    public static void ensure(KafkaSettings kafka, Role role) {
        ensure(kafka, role.topics());
    }

    private static void ensure(KafkaSettings kafka, Set<String> needed) {
        try (Admin admin = Admin.create(kafka.common())) {
            long deadline = System.nanoTime() + RIGHTS_WAIT_NANOS;
            while (!made(admin, kafka, needed, System.nanoTime() > deadline)) {
                Thread.sleep(RETRY_MILLIS);
            }
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) { // another stage was first
                throw refused(kafka, e);
            }
        } catch (KafkaException e) { // no client can be made: a file is missing, or not what it should be
            throw new HansardException(
                    ErrorCode.BAD_CONFIGURATION,
                    "no client can be made for Kafka at " + kafka.bootstrap() + ": " + firstCause(e)
                            + ". Check kafka.tls.directory and kafka.client.",
                    e);
        } catch (TimeoutException e) {
            throw unavailable(kafka, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(kafka, e);
        }
    }

    /** @return false when we may neither see nor make them, which rights that were granted a moment ago may change */
    private static boolean made(Admin admin, KafkaSettings kafka, Set<String> needed, boolean last)
            throws ExecutionException, TimeoutException, InterruptedException {
        Set<String> present = admin.listTopics().names().get(30, TimeUnit.SECONDS);
        if (present.containsAll(needed)) {
            return true;
        }
        List<NewTopic> missing = new ArrayList<>();
        for (String topic : Topics.ALL) {
            if (!present.contains(topic)) {
                missing.add(
                        new NewTopic(topic, kafka.partitions(), (short) kafka.replication()).configs(configs(topic)));
            }
        }
        try {
            admin.createTopics(missing).all().get(30, TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException e) {
            if (last || !(e.getCause() instanceof AuthorizationException)) {
                throw e;
            }
            return false;
        }
    }

    /** Kafka wraps what is wrong with a file several times; the innermost names the file. */
    private static Throwable firstCause(Throwable failure) {
        Throwable first = failure;
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            first = cause;
        }
        return first;
    }

    private static HansardException refused(KafkaSettings kafka, ExecutionException e) {
        return switch (Objects.requireNonNullElse(e.getCause(), e)) {
            case AuthorizationException ignored ->
                new HansardException(
                        ErrorCode.KAFKA_UNAVAILABLE,
                        "Kafka at " + kafka.bootstrap()
                                + " lacks topics, or this certificate has no rights on them: run 'hansard secure-kafka'"
                                + " with the admin's certificate",
                        e);
            case AuthenticationException refusal ->
                new HansardException(
                        ErrorCode.KAFKA_UNAVAILABLE,
                        "Kafka at " + kafka.bootstrap() + " and this process do not accept each other: "
                                + refusal.getMessage() + ". Check kafka.tls.directory.",
                        e);
            default -> unavailable(kafka, e);
        };
    }

    private static HansardException unavailable(KafkaSettings kafka, Exception e) {
        return new HansardException(
                ErrorCode.KAFKA_UNAVAILABLE,
                "no Kafka answers at " + kafka.bootstrap() + ": start it, or set kafka.bootstrap",
                e);
    }

    private static Map<String, String> configs(String topic) {
        return switch (topic) {
            // each record adds a key: none may be compacted away before whoever needs it has had its time to read it
            case Topics.SESSION_KEYS ->
                Map.of(
                        "cleanup.policy", "compact",
                        "min.cleanable.dirty.ratio", "0.01",
                        "min.compaction.lag.ms", days(MEDIA_DAYS),
                        "max.compaction.lag.ms", days(MEDIA_DAYS + 1),
                        "segment.ms", days(1));
            case Topics.MEDIA_SRTP, Topics.MEDIA_FRAMES, Topics.MEDIA_REJECTED ->
                Map.of("retention.ms", days(MEDIA_DAYS), "max.message.bytes", "4194304");
            case Topics.RECORDING_ORDERS -> Map.of("retention.ms", days(MEDIA_DAYS));
            case Topics.MEDIA_SPEECH -> Map.of("retention.ms", days(1), "max.message.bytes", "4194304");
            default -> Map.of("retention.ms", FOREVER);
        };
    }

    private static String days(int days) {
        return Long.toString(Duration.ofDays(days).toMillis());
    }
}

package hansard.app;

import hansard.broker.Listener;
import hansard.keys.KafkaIdentities;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.KafkaSettings;
import hansard.runtime.KafkaTls;
import hansard.wire.RightsAdmin;
import hansard.wire.Role;
import hansard.wire.TopicAdmin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Who is who on Kafka, and what each may do there. */
final class SecuredKafka {
    /** For Kafka's own tools: {@code kafka-acls.sh --command-config}. */
    private static final String TOOLS = "admin.properties";

    private SecuredKafka() {}

    /**
     * Makes the certificates that are missing in a folder: the authority's, the broker's, the admin's and one for each stage's role.
     *
     * @param hosts names and addresses of the brokers, besides those of this machine
     * @return the names of those whose certificate is new
     */
    static List<String> identities(Path directory, List<String> hosts) {
        List<String> all = new ArrayList<>(List.of("localhost", "127.0.0.1"));
        all.addAll(hosts);
        List<String> made = KafkaIdentities.ensure(
                directory,
                Listener.BROKER,
                all,
                Arrays.stream(Role.values()).map(Role::label).toList());
        try {
            List<String> lines = new ArrayList<>();
            KafkaTls.client(directory.toAbsolutePath(), Role.ADMIN.label())
                    .forEach((key, value) -> lines.add(key + "=" + value));
            Files.write(directory.resolve(TOOLS), lines);
        } catch (IOException e) {
            throw new HansardException(ErrorCode.DATA_DIRECTORY, "cannot write " + directory.resolve(TOOLS), e);
        }
        return made;
    }

    /** Makes the topics and gives each role its rights, and none besides. */
    static RightsAdmin.Change setUp(String bootstrap, Path directory, int partitions, int replication) {
        KafkaSettings admin = new KafkaSettings(
                bootstrap, "", partitions, replication, KafkaTls.client(directory, Role.ADMIN.label()));
        TopicAdmin.ensure(admin);
        return RightsAdmin.apply(admin);
    }

    /** Settings under which every stage of this process finds its certificate. */
    static Map<String, String> settings(Path directory) {
        return Map.of("kafka.tls.directory", directory.toString());
    }
}

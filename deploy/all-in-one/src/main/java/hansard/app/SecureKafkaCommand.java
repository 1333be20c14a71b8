package hansard.app;

import hansard.wire.RightsAdmin;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Certificates for Kafka, and rights on it. */
@Command(
        name = "secure-kafka",
        mixinStandardHelpOptions = true,
        description = {
            "Makes an authority for Kafka and certificates for the broker, the admin and each stage, where they are missing or"
                    + " about to expire.",
            "With --bootstrap it also makes the topics and gives each role its rights, and takes from it all others. May be"
                    + " repeated: what is right stays as it is."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  hansard secure-kafka --directory kafka-tls --host kafka.example.org",
            "  hansard secure-kafka --directory kafka-tls --bootstrap kafka.example.org:9092 --partitions 12 --replication 3"
        })
final class SecureKafkaCommand implements Callable<Integer> {
    @Option(names = "--directory", paramLabel = "DIR", required = true, description = "Where the certificates are.")
    Path directory = Path.of("kafka-tls");

    @Option(names = "--host", paramLabel = "NAME", description = "A broker's name or address; may be repeated.")
    List<String> hosts = List.of();

    @Option(names = "--bootstrap", paramLabel = "HOST:PORT", description = "A running, secured Kafka to set up.")
    @Nullable
    String bootstrap;

    @Option(names = "--partitions", defaultValue = "4", description = "Of topics made now. Default: ${DEFAULT-VALUE}")
    int partitions;

    @Option(names = "--replication", defaultValue = "1", description = "Of topics made now. Default: ${DEFAULT-VALUE}")
    int replication;

    @Override
    public Integer call() {
        Terminal terminal = new Terminal(System.out);
        List<String> made = SecuredKafka.identities(directory, hosts);
        terminal.line(
                made.isEmpty()
                        ? "the certificates in " + directory + " are good"
                        : "made in " + directory + ": " + String.join(", ", made));
        String at = bootstrap;
        if (at != null) {
            RightsAdmin.Change change = SecuredKafka.setUp(at, directory, partitions, replication);
            terminal.line("rights at " + at + ": " + change.granted() + " granted, " + change.revoked() + " revoked");
        }
        return 0;
    }
}

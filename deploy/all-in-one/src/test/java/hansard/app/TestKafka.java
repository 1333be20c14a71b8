package hansard.app;

import hansard.broker.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A broker in a process of its own: Apache's image through Testcontainers where a container engine runs, the launcher's {@code
 * broker} command in a child process where none does.
 */
final class TestKafka implements AutoCloseable {
    private final String bootstrap;
    private final AutoCloseable running;

    private TestKafka(String bootstrap, AutoCloseable running) {
        this.bootstrap = bootstrap;
        this.running = running;
    }

    static TestKafka start(Path directory) throws IOException {
        if (engineRuns()) {
            KafkaContainer container = new KafkaContainer(DockerImageName.parse("apache/kafka:4.3.1"));
            container.start();
            System.out.println("the broker is a container, " + container.getDockerImageName());
            return new TestKafka(container.getBootstrapServers(), container::stop);
        }
        if (Boolean.getBoolean("hansard.requireEngine")) {
            throw new AssertionError("no container engine runs, and hansard.requireEngine says that one must");
        }
        System.out.println("no container engine runs: the broker is a child process");
        return startSecured(directory);
    }

    /** Whether it lets in the bearers of certificates only. */
    boolean secured() {
        return running instanceof Launched;
    }

    static Path certificates(Path directory) {
        return directory.resolve("kafka-tls");
    }

    /** Where a child process keeps its log. */
    static Path log(Path directory) {
        return directory.resolve("broker");
    }

    /** A child process for the bearers of certificates, which are in {@link #certificates}. It can be killed. */
    static TestKafka startSecured(Path directory) throws IOException {
        int port = EmbeddedBroker.freePort();
        Launched broker = Launched.start(
                        directory,
                        Map.of(),
                        "broker",
                        "--port",
                        Integer.toString(port),
                        "--data",
                        log(directory).toString(),
                        "--tls",
                        certificates(directory).toString(),
                        "--partitions",
                        "2")
                .awaitText("broker is ready");
        return new TestKafka("127.0.0.1:" + port, broker);
    }

    private static boolean engineRuns() {
        try {
            return DockerClientFactory.instance().isDockerAvailable();
        } catch (IllegalStateException e) { // how Testcontainers says that it found no engine
            return false;
        }
    }

    String bootstrap() {
        return bootstrap;
    }

    /** SIGKILL to a child process. */
    void kill() throws InterruptedException {
        if (!(running instanceof Launched broker)) {
            throw new AssertionError("a container is not ours to kill");
        }
        broker.kill();
    }

    /** Its process. */
    long pid() {
        if (!(running instanceof Launched broker)) {
            throw new AssertionError("a container is not a process of ours");
        }
        return broker.pid();
    }

    @Override
    public void close() throws Exception {
        running.close();
    }
}

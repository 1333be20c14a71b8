package hansard.broker;

import hansard.runtime.ErrorCode;
import hansard.runtime.Faults;
import hansard.runtime.HansardException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One KRaft node, broker and controller in one. */
public final class EmbeddedBroker implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedBroker.class);

    private static final int FIRST_OWN_PORT = 11_000;
    private static final int LAST_OWN_PORT = 19_999;
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private final KafkaRaftServer server;
    private final int port;

    private EmbeddedBroker(KafkaRaftServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /**
     * Starts without any protection, for whoever reaches the loopback address, on the data of an earlier run if there is any;
     * returns when it serves. Port 0 takes a free one.
     *
     * @throws HansardException PORT_IN_USE or DATA_DIRECTORY
     */
    public static EmbeddedBroker start(Path directory, int port, Faults faults) {
        return start(directory, Listener.plain(), port, faults);
    }

    /**
     * Starts for those who present a certificate of the authority in {@code listener.certificates()}, each with the rights that were
     * granted to it and no others.
     *
     * @throws HansardException PORT_IN_USE or DATA_DIRECTORY
     */
    public static EmbeddedBroker start(Path directory, Listener listener, int port, Faults faults) {
        int broker = port == 0 ? freePort() : requireFree(listener, port);
        // The controller is of this process only, so a port of its own need not last longer than the process.
        Map<String, String> config = config(directory, listener, broker, freePort());
        format(directory);
        AtomicBoolean running = new AtomicBoolean();
        // Kafka ends the JVM when it meets a fatal fault; that decision is the launcher's.
        Exit.Procedure fatal = (status, message) -> {
            if (running.getAndSet(false)) {
                faults.fatal(
                        "broker", new IllegalStateException("the broker ended with status " + status + ": " + message));
            }
        };
        Exit.setHaltProcedure(fatal);
        Exit.setExitProcedure(fatal);
        try {
            KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(config, false), Time.SYSTEM);
            running.set(true);
            server.startup();
            log.info("broker serves on port {}, data in {}", broker, directory);
            return new EmbeddedBroker(server, broker);
        } catch (RuntimeException e) {
            running.set(false);
            throw new HansardException(
                    ErrorCode.DATA_DIRECTORY, "the broker does not start on " + directory + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, String> config(Path directory, Listener listener, int broker, int controller) {
        Map<String, String> c = new LinkedHashMap<>(listener.settings(broker, controller));
        c.put("process.roles", "broker,controller");
        c.put("node.id", "1");
        c.put("controller.quorum.voters", "1@127.0.0.1:" + controller);
        c.put("log.dirs", directory.toString());
        c.put("auto.create.topics.enable", "false");
        c.put("offsets.topic.replication.factor", "1");
        c.put("offsets.topic.num.partitions", "4");
        c.put("transaction.state.log.replication.factor", "1");
        c.put("transaction.state.log.min.isr", "1");
        c.put("transaction.state.log.num.partitions", "4");
        c.put("share.coordinator.state.topic.replication.factor", "1");
        c.put("share.coordinator.state.topic.min.isr", "1");
        c.put("group.initial.rebalance.delay.ms", "0"); // members all start together with us
        c.put("group.min.session.timeout.ms", "2000");
        c.put("message.max.bytes", Integer.toString(4 * 1024 * 1024));
        // After SIGKILL the node waits for its own former session to end before it is let in again: keep that short.
        c.put("broker.session.timeout.ms", "2000");
        c.put("broker.heartbeat.interval.ms", "500");
        // A segment is preallocated in part and every topic has several: small segments keep the directory small.
        c.put("log.segment.bytes", Integer.toString(64 * 1024 * 1024));
        c.put("log.index.size.max.bytes", Integer.toString(1024 * 1024));
        c.put("log.cleaner.dedupe.buffer.size", Integer.toString(8 * 1024 * 1024));
        // An acknowledged record survives a kill of the process in the page cache; this bounds what a power cut takes.
        c.put("log.flush.interval.ms", "1000");
        c.put("num.network.threads", "2");
        c.put("num.io.threads", "4");
        c.put("background.threads", "2");
        return c;
    }

    private static void format(Path directory) {
        try {
            Files.createDirectories(directory);
            Path idFile = directory.resolve("cluster.id");
            if (!Files.exists(idFile)) {
                Files.writeString(idFile, Uuid.randomUuid().toString());
            }
            Formatter formatter = new Formatter()
                    .setPrintStream(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8))
                    .setClusterId(Files.readString(idFile).strip())
                    .setNodeId(1)
                    .addDirectory(directory.toString())
                    .setMetadataLogDirectory(directory.toString())
                    .setControllerListenerName("CONTROLLER")
                    .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                    .setIgnoreFormatted(true);
            formatter.run();
        } catch (IOException e) {
            throw new HansardException(
                    ErrorCode.DATA_DIRECTORY, "the broker cannot write to " + directory + ": " + e.getMessage(), e);
        } catch (Exception e) {
            throw new HansardException(
                    ErrorCode.DATA_DIRECTORY, directory + " is not a broker directory of ours: " + e.getMessage(), e);
        }
    }

    /**
     * A port of the loopback address that is free now, and that no outgoing connection will be given: below the range that
     * operating systems take those from. Not given twice to this process.
     */
    public static int freePort() {
        for (int tries = 0; tries < 1000; tries++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST_OWN_PORT, LAST_OWN_PORT);
            if (GIVEN.add(port) && isFree(port)) {
                return port;
            }
        }
        throw new HansardException(
                ErrorCode.PORT_IN_USE,
                "no free port on the loopback address between " + FIRST_OWN_PORT + " and " + LAST_OWN_PORT);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    private static int requireFree(Listener listener, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(listener.bind(), port));
            return port;
        } catch (BindException e) {
            throw new HansardException(
                    ErrorCode.PORT_IN_USE,
                    "the broker cannot listen on " + listener.bind() + ":" + port
                            + ": the port is taken. Stop the process that has it, or set"
                            + " broker.port to another (0 takes any free one).",
                    e);
        } catch (IOException e) {
            throw new HansardException(
                    ErrorCode.PORT_IN_USE, "the broker cannot listen on " + listener.bind() + ":" + port, e);
        }
    }

    /** {@code 127.0.0.1:PORT}. */
    public String bootstrap() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}

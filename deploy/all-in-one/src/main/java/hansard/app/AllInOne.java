package hansard.app;

import hansard.broker.EmbeddedBroker;
import hansard.broker.Listener;
import hansard.keys.VaultConfig;
import hansard.runtime.Faults;
import hansard.runtime.Settings;
import hansard.runtime.StageContext;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Broker and every stage in this process: the same stages as in a cluster, only the addresses differ. */
final class AllInOne implements AutoCloseable {
    /** Whether the journal's broker speaks with the bearers of certificates only. */
    static final String BROKER_TLS = "broker.tls";

    private final DataDirectory data;
    private final EmbeddedBroker broker;
    private final RunningStages running;
    private final RunningInstance instance;

    private AllInOne(DataDirectory data, EmbeddedBroker broker, RunningStages running, RunningInstance instance) {
        this.data = data;
        this.broker = broker;
        this.running = running;
        this.instance = instance;
    }

    /**
     * Starts the broker, then every stage; returns when all of it serves. When a part does not start, the others are stopped again.
     *
     * @param portsAsUsual true for the documented ports, false for free ones (several may run beside each other)
     * @param progress told what is being started
     */
    static AllInOne start(
            Settings settings, Path path, boolean portsAsUsual, Faults faults, Consumer<String> progress) {
        DataDirectory data = DataDirectory.lock(path.toAbsolutePath().normalize());
        try {
            return start(settings, data, portsAsUsual, faults, progress);
        } catch (RuntimeException e) {
            data.close();
            throw e;
        }
    }

    private static AllInOne start(
            Settings settings, DataDirectory data, boolean portsAsUsual, Faults faults, Consumer<String> progress) {
        DataDirectory.defaults(settings, data.path());
        int brokerPort = settings.integer("broker.port", 0, 0, 65_535);
        if (brokerPort == 0) {
            brokerPort = EmbeddedBroker.freePort();
        }
        boolean secured = settings.flag(BROKER_TLS, true);
        settings.putDefault("kafka.bootstrap", "127.0.0.1:" + brokerPort);
        if (secured) {
            SecuredKafka.settings(data.kafkaTls()).forEach(settings::putDefault);
        }
        settings.putDefault("kafka.instance", "all-in-one");
        settings.putDefault("kafka.partitions", "2");
        settings.putDefault("transcribe.model.path", ModelPath.bundled().toString());
        Map<Stage, String> urls = addresses(settings, portsAsUsual);
        settings.putDefault("console.ingest-url", urlOf(urls, Stage.INGEST));
        settings.putDefault("console.index-url", urlOf(urls, Stage.INDEX));
        settings.putDefault("console.retention-url", urlOf(urls, Stage.RETENTION));

        Map<Stage, Stage.Ready> ready = new LinkedHashMap<>();
        for (Stage stage : Stage.values()) {
            ready.put(stage, stage.read(settings));
        }
        settings.check();

        StageContext context =
                new StageContext(Clock.systemUTC(), new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), faults);
        progress.accept("broker");
        EmbeddedBroker broker = secured ? secured(data, brokerPort, faults) : open(data, brokerPort, faults);
        RunningStages running;
        try {
            if (secured) {
                SecuredKafka.setUp(
                        broker.bootstrap(),
                        data.kafkaTls(),
                        settings.integer("kafka.partitions", 2, 1, 10_000),
                        settings.integer("kafka.replication", 1, 1, 32));
            }
            // made before the ingest hands out its certificates
            VaultConfig.from(settings)
                    .open("all-in-one", context.clock(), (tenant, actor, call, why) -> {})
                    .close();
            running = RunningStages.start(ready, context, progress);
        } catch (RuntimeException e) {
            broker.close();
            throw e;
        }
        RunningInstance instance = new RunningInstance(
                ProcessHandle.current().pid(),
                urlOf(urls, Stage.CONSOLE),
                List.copyOf(urls.values()),
                data.access().resolve("local.token").toString());
        instance.write(data.path());
        return new AllInOne(data, broker, running, instance);
    }

    private static EmbeddedBroker open(DataDirectory data, int port, Faults faults) {
        return EmbeddedBroker.start(data.broker(), port, faults);
    }

    /** Only the stages of this process have certificates, so that no other user of the machine reaches the journal. */
    private static EmbeddedBroker secured(DataDirectory data, int port, Faults faults) {
        SecuredKafka.identities(data.kafkaTls(), List.of());
        return EmbeddedBroker.start(data.broker(), Listener.secured(data.kafkaTls()), port, faults);
    }

    private static String urlOf(Map<Stage, String> urls, Stage stage) {
        return java.util.Objects.requireNonNull(urls.get(stage));
    }

    /** Chooses the ports now, because the stages must know each other's before the first one starts. */
    private static Map<Stage, String> addresses(Settings settings, boolean portsAsUsual) {
        Map<Stage, String> urls = new LinkedHashMap<>();
        for (Stage stage : Stage.values()) {
            int usual = portsAsUsual ? stage.usualPort() : EmbeddedBroker.freePort();
            settings.putDefault(stage.portKey(), Integer.toString(usual));
            urls.put(stage, "http://127.0.0.1:" + settings.string(stage.portKey(), Integer.toString(usual)));
        }
        return urls;
    }

    RunningInstance instance() {
        return instance;
    }

    DataDirectory data() {
        return data;
    }

    /** The problems that stages report now, each with the stage's name; empty when all is well. */
    List<String> problems() {
        return running.problems();
    }

    /** Stops the stages, and when all have stopped, the broker. */
    @Override
    public void close() {
        instance.remove(data.path());
        running.close();
        broker.close();
        data.close();
    }
}
